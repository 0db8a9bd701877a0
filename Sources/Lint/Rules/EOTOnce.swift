import Line
import Trace
import Wire
import Words

/// A stub stays in its receiver until it has read an EOT and said ACK: one that got lost leaves it there (ECR6600 facts
/// §10).
struct EOTOnce: LintRule {
    static let summary = RuleSummary(
        "eot-not-repeated", .error, "EOT without an ACK, and not repeated",
        remedy: "Send EOT again, ten times or so, until the ACK comes; only then send the next command.")

    /// The EOT that has no ACK.
    private var unanswered: LintedMessage?

    /// Nanoseconds after which the end of a trace is no longer the end of the recording in the middle of a wait.
    private static let longEnough: Int64 = 1_000_000_000

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost else {
            if message.event.kind == .xmodemACK || message.event.kind == .xmodemCancel { unanswered = nil }
            if message.event.kind == .syncAnswer { unanswered = nil }
            return
        }
        switch message.event.kind {
        case .xmodemEOT:
            // The second one is what the rule asks for.
            unanswered = unanswered == nil && known.awaited?.what != .end ? message : nil
        case .request: report(before: message.event.description, known, &findings)
        case .xmodemBlock, .xmodemCancel, .syncWord: unanswered = nil
        default: break
        }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .portClosed: report(before: "the port is closed", known, &findings)
        case .power, .session, .portOpened: unanswered = nil
        case .lost(_, _, let reason) where LossCause(reason: reason) == .hole: unanswered = nil
        default: break
        }
    }

    mutating func finish(_ known: KnownSession, _ findings: inout RuleFindings) {
        guard let unanswered,
            known.now.subtractingReportingOverflow(unanswered.wire.upperBound).partialValue >= Self.longEnough,
            !known.isUnplugged
        else { return }
        report(before: "the trace ends", known, &findings)
    }

    private mutating func report(before what: String, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard let message = unanswered else { return }
        unanswered = nil
        findings.add(
            Place(
                event: known.eventNumber, time: message.event.end, direction: .hostToChip, offset: message.event.offset),
            "EOT was sent once and not answered with ACK before \(what)")
    }
}
