import Trace
import Wire
import Words

/// A stub repeats its EOT up to ten times, until an ACK comes (ECR6600 facts §10, §13.4): a command before that is taken for
/// wrong ACKs.
struct EOTNotAcknowledged: LintRule {
    static let summary = RuleSummary(
        "eot-not-acknowledged", .error, "Command sent while the stub waits for the ACK of its EOT",
        remedy: "Answer EOT with ACK, each time it comes, and send the next command when it has not come for 300 ms.")

    /// When the stub's last EOT had crossed, while it has no ACK; nil otherwise.
    private var eotEnd: Int64?
    /// When the ACK of an EOT had crossed, while the host has sent nothing else.
    private var ackEnd: Int64?

    /// Nanoseconds for which the stub waits for an ACK: then EOT comes again, or, after the tenth, it reads commands (§10).
    private static let wait: Int64 = 300_000_000
    /// Nanoseconds in which an EOT may still arrive that went out before the stub had the ACK: an FT232R hands it over 16 ms
    /// late (§13.8), and the stub repeats it no sooner than after 300 ms.
    private static let crossing: Int64 = 20_000_000

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost else { return takeFromChip(message) }
        if message.request != nil, let eotEnd, !known.hasMadeUpTimes,
            message.wire.lowerBound.subtractingReportingOverflow(eotEnd).partialValue < Self.wait
        {
            findings.add(
                known.place(of: message),
                "\(message.event.description) goes out while the stub's EOT has no ACK: the stub takes it for wrong ACKs"
            )
        }
        switch message.event.kind {
        case .noise, .cutOff: break
        case .xmodemACK: (ackEnd, eotEnd) = (eotEnd == nil ? nil : message.wire.upperBound, nil)
        default: (ackEnd, eotEnd) = (nil, nil)
        }
    }

    private mutating func takeFromChip(_ message: LintedMessage) {
        guard message.event.kind == .xmodemEOT else {
            eotEnd = nil
            return
        }
        if let ackEnd, message.wire.lowerBound.subtractingReportingOverflow(ackEnd).partialValue < Self.crossing {
            return
        }
        eotEnd = message.wire.upperBound
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .session, .portOpened: (ackEnd, eotEnd) = (nil, nil)
        case .lost(_, _, let reason) where LossCause(reason: reason) == .hole: (ackEnd, eotEnd) = (nil, nil)
        default: break
        }
    }

    func unjudged(_ known: KnownSession) -> String? { known.whyNoTimes }
}
