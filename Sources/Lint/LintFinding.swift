package import Line

/// One place where a rule fires.
package struct LintFinding: Hashable, Sendable {
    package var level: FindingLevel
    /// Which of the trace's events shows it, counted from 1: in traces that Solderless wrote, the record of the pcap file.
    package var event: Int
    /// Nanoseconds on the trace's clock.
    package var time: Int64
    /// Whose bytes it is about; nil for what was done to the port.
    package var direction: Direction?
    /// Where in that direction they begin.
    package var offset: Int?
    /// What happened: a clause without a full stop.
    package var text: String
}

/// What one rule has found, in bounded memory.
package struct RuleFindings: Sendable {
    package let rule: RuleSummary
    /// The first ones, and the first of a higher level than theirs.
    package private(set) var kept: [LintFinding] = []
    /// How many there are of each level, by its number.
    private var counts = [Int](repeating: 0, count: FindingLevel.allCases.count)

    /// How many are kept of each level.
    package static let mostKept = 8

    init(_ rule: RuleSummary) {
        self.rule = rule
    }

    /// All of them.
    package var count: Int { counts.reduce(0, +) }

    package func count(of level: FindingLevel) -> Int { counts[level.rawValue] }

    /// Adds one. - Parameters:
    ///   - level: the rule's where it is not said.
    ///   - text: built only if it is kept.
    mutating func add(_ place: Place, level: FindingLevel? = nil, _ text: @autoclosure () -> String) {
        let level = min(level ?? rule.level, rule.level)
        counts[level.rawValue] += 1
        guard counts[level.rawValue] <= Self.mostKept else { return }
        kept.append(
            LintFinding(
                level: level, event: place.event, time: place.time, direction: place.direction, offset: place.offset,
                text: text()))
    }
}

/// Where in a trace something is.
struct Place: Sendable {
    var event: Int
    var time: Int64
    var direction: Direction?
    var offset: Int?
}
