import Line
import Trace
import Wire
import Words

/// RTS holds RESET_B low on many boards (ECR6600 facts §1.1): what is sent meanwhile is lost, and a chip that is reset
/// after its answer to the sync word knows nothing of it.
struct ResetInSession: LintRule {
    static let summary = RuleSummary(
        "reset-in-session", .error, "DTR or RTS moved so that they reset the chip while the host talks to it",
        remedy: "Assert RTS, release it, and then look for the loader; leave DTR and RTS alone until the work is done.")

    /// When the host's lines moved.
    private var linesMovedAt: Int64?
    /// Since when they hold the chip in reset; nil while they do not.
    private var heldSince: Int64?
    /// Whether a loader or a stub had answered when the chip was reset, and nothing was sent since.
    private var wasReset = false

    private static let atOnce: Int64 = 1_000_000

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost, heldSince != nil || wasReset else { return }
        switch message.event.kind {
        case .downloadHeader, .payload, .xmodemBlock, .request:
            if let heldSince, message.wire.lowerBound > heldSince {
                findings.add(
                    known.place(of: message),
                    "\(message.event.description) goes out while the host's own lines hold the chip in reset")
            } else if wasReset, message.request == nil || message.frame != nil {
                findings.add(
                    known.place(of: message),
                    "\(message.event.description) goes to a chip that the host's lines have reset: it must be "
                        + "synchronised anew")
            }
        // Sync words may go out while the chip is held, and begin anew after a reset.
        default: break
        }
        wasReset = false
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .controlLines: linesMovedAt = known.now
        case .note(ChipReason.resetLow):
            let since = linesMovedAt.map { known.now.subtractingReportingOverflow($0).partialValue }
            let isOfLines = since.map { (0...Self.atOnce).contains($0) } == true
            heldSince = isOfLines ? known.now : nil
            wasReset = isOfLines && (known.loader == .boot || known.loader.isStub)
        case .note(ChipReason.resetHigh): heldSince = nil
        case .power, .session: (heldSince, wasReset) = (nil, false)
        default: break
        }
    }

    func unjudged(_ known: KnownSession) -> String? {
        known.whyNoLines ?? (known.hasEmulatedSession ? nil : "only an emulated chip says what the lines do to it")
    }
}
