import Trace

/// A mistake of a flasher that a trace can prove: a machine that is fed the session.
///
/// A rule finds something only where the trace proves it, and says why it cannot judge where the trace lacks what it
/// needs. Its memory is bounded, whatever the trace.
protocol LintRule: Sendable {
    static var summary: RuleSummary { get }

    init()

    /// A message is complete. - Parameter known: what was known before it.
    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings)
    /// Bytes have come, before the messages that they complete.
    mutating func take(_ run: DataRun, _ known: KnownSession, _ findings: inout RuleFindings)
    /// Anything else. - Parameter known: what was known before it.
    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings)
    /// The trace is over.
    mutating func finish(_ known: KnownSession, _ findings: inout RuleFindings)
    /// Why the whole trace, or a part of it, could not be judged: a clause without a full stop; nil where it could.
    func unjudged(_ known: KnownSession) -> String?
}

extension LintRule {
    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {}
    mutating func take(_ run: DataRun, _ known: KnownSession, _ findings: inout RuleFindings) {}
    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {}
    mutating func finish(_ known: KnownSession, _ findings: inout RuleFindings) {}
    func unjudged(_ known: KnownSession) -> String? { nil }
}
