/// What the rules make of one trace.
package struct LintReport: Sendable {
    /// Of each rule that was asked, in the order of the list.
    package let found: [RuleFindings]
    /// Rules that could not judge the trace, or a part of it.
    package let unjudged: [Unjudged]
    /// When the trace begins, in nanoseconds on its clock.
    package let firstTime: Int64

    package struct Unjudged: Hashable, Sendable {
        package let rule: RuleSummary
        /// A clause without a full stop.
        package let why: String
    }

    /// All that is kept, in the order of their times.
    package var findings: [(rule: RuleSummary, finding: LintFinding)] {
        found.flatMap { of in of.kept.map { (of.rule, $0) } }
            .sorted { ($0.1.time, $0.1.event, $0.0.id) < ($1.1.time, $1.1.event, $1.0.id) }
    }

    /// How many there are of a level, kept or not.
    package func count(of level: FindingLevel) -> Int {
        found.reduce(0) { $0 + $1.count(of: level) }
    }
}
