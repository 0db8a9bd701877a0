import Trace
import Wire
import Words

/// A stub repeats its EOT up to ten times, until an ACK comes (ECR6600 facts §10, §13.4): a command before that is taken for
/// wrong ACKs.
struct EOTNotAcknowledged: LintRule {
    static let summary = RuleSummary(
        "eot-not-acknowledged", .error, "Command sent while the stub waits for the ACK of its EOT",
        remedy: "Answer EOT with ACK, each time it comes, and send the next command when it has not come for 300 ms.")

    /// An EOT of the chip that has no ACK.
    private var isDue = false

    init() {}

    mutating func take(_ message: Message, _ known: KnownSession, _ findings: inout RuleFindings) {
        if message.isOfHost {
            if message.request != nil, isDue {
                findings.add(
                    known.place(of: message),
                    "\(message.event.description) goes out while the stub's EOT has no ACK: the stub takes it for wrong ACKs"
                )
            }
            switch message.event.kind {
            case .noise, .cutOff: break
            default: isDue = false
            }
        } else {
            isDue = message.event.kind == .xmodemEOT
        }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .session, .portOpened: isDue = false
        case .lost(_, _, let reason) where LossCause(reason: reason) == .hole: isDue = false
        default: break
        }
    }
}
