import Line
import Trace
import Wire
import Words

/// After a reset uboot listens within a second, for 100 ms (ECR6600 facts §1.3), and the ROM before it is no better known.
struct SlowAfterReset: LintRule {
    static let summary = RuleSummary(
        "slow-after-reset", .warning, "Window missed: the host reset the chip and sent its first sync word too late",
        remedy: "Send sync words while RESET_B is still low, and go on without a sleep when it goes high.")

    /// When the host let go of RESET_B, while it has sent no word since; nil otherwise.
    private var released: Int64?
    /// When the host's lines moved: what an emulated chip says of its reset line at once is their doing.
    private var linesMovedAt: Int64?

    /// Nanoseconds between a move of the lines and what the chip says of it.
    private static let atOnce: Int64 = 1_000_000
    /// Nanoseconds within which a host must have begun (§1.3).
    private static let window: Int64 = 1_000_000_000
    /// A search that begins later has nothing to do with the reset.
    private static let longestSleep: Int64 = 5_000_000_000

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost else { return }
        defer { released = nil }
        // An emulated chip says itself when its window is over.
        guard message.event.kind == .syncWord, let released, !known.hasChip else { return }
        let wait = message.wire.lowerBound.subtractingReportingOverflow(released).partialValue
        guard wait > Self.window, wait < Self.longestSleep else { return }
        findings.add(
            known.place(of: message), level: .info,
            "the first sync word comes \(Format.duration(wait)) after RTS was released: if RTS is wired to RESET_B, uboot's "
                + "window is over")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .controlLines(let lines):
            linesMovedAt = known.now
            let wasAsserted = known.lines?.contains(.requestToSend) == true
            // A chip that is emulated says itself whether the line does anything.
            if !known.hasChip { released = wasAsserted && !lines.contains(.requestToSend) ? known.now : nil }
        case .note(ChipReason.resetHigh):
            let since = linesMovedAt.map { known.now.subtractingReportingOverflow($0).partialValue }
            released = since.map { (0...Self.atOnce).contains($0) } == true ? known.now : nil
        case .loader(let name):
            guard HeardLoader(named: name) == .other, let since = released else { return }
            released = nil
            let wait = known.now.subtractingReportingOverflow(since).partialValue
            findings.add(
                known.place,
                "the host reset the chip and sent no sync word for \(Format.duration(wait)): now \(printable(name)) runs"
            )
        case .power, .session, .portOpened, .portClosed: released = nil
        default: break
        }
    }

    func unjudged(_ known: KnownSession) -> String? { known.whyNoLines }
}

extension KnownSession {
    /// Why nothing can be said of control lines; nil where the trace has them.
    var whyNoLines: String? { hasLines ? nil : "the trace has no control lines" }
}
