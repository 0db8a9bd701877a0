import Line
import Trace
import Wire
import Words

/// While a stub erases, programs or answers it does not read: its FIFO keeps 16 or 32 bytes, and 02 resets it after each
/// answer (ECR6600 facts §4.3, §10). A loader resets it after the answer to a header (§1.4).
struct AnswerNotAwaited: LintRule {
    static let summary = RuleSummary(
        "answer-not-awaited", .error, "Next message sent before the answer to the one before",
        remedy:
            "Wait for the whole answer before you send the next message; a write by XMODEM begins with C, after the "
            + "answer.")

    /// Nanoseconds in which no stub that has to do something answers, and after which a host may have waited in vain.
    private static let leastWait: Int64 = 20_000_000

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost, !known.hasHoles, !known.hasMadeUpTimes, let before = known.awaited ?? known.answered,
            // Whether a mask ROM answers pieces at all is not known (§9).
            before.what != .pieces
        else { return }
        let isOfTransfer: Bool
        switch message.event.kind {
        case .request: isOfTransfer = message.frame != nil
        case .xmodemBlock,
            .xmodemEOT where before.what != .end:
            isOfTransfer = true
        case .downloadHeader where before.what == .request: isOfTransfer = false
        case .payload where before.what == .header: isOfTransfer = true
        default: return
        }
        // Of what the host sends while it receives something, the part before that has a stamp of its own.
        if let answer = before.firstChipByte, answer <= message.event.start { return }
        let wait = message.wire.lowerBound.subtractingReportingOverflow(before.end).partialValue
        guard wait < Self.leastWait else { return }
        findings.add(
            known.place(of: message), level: isOfTransfer ? .error : .warning,
            "\(message.event.description) goes out \(wait <= 0 ? "right" : Format.duration(wait)) after "
                + "\(Self.words(before))")
    }

    private static func words(_ before: AwaitedAnswer) -> String {
        before.what == .ready
            ? "the answer to the write, before C" : "\(before.event.description), before the answer to that"
    }

    func unjudged(_ known: KnownSession) -> String? {
        known.whyNoTimes ?? (known.hasHoles ? "bytes are missing in the recording" : nil)
    }
}
