import Check
import Lint
import Words

/// A rule that sessions have broken, once for all of a report's runs.
struct BrokenRule {
    let rule: RuleSummary
    /// The highest of its findings.
    private(set) var level: FindingLevel
    /// How many runs have broken it.
    private(set) var runCount: Int
    /// Where it was broken first at that level: the run, the record of its trace, and what happened there.
    private(set) var first: String

    fileprivate init(_ rule: RuleSummary, _ finding: LintFinding, in entry: CheckReport.Entry) {
        self.rule = rule
        level = finding.level
        runCount = 1
        first = Self.place(finding, in: entry)
    }

    fileprivate mutating func note(_ finding: LintFinding, in entry: CheckReport.Entry) {
        runCount += 1
        guard finding.level > level else { return }
        level = finding.level
        first = Self.place(finding, in: entry)
    }

    private static func place(_ finding: LintFinding, in entry: CheckReport.Entry) -> String {
        "\(entry.result.run.label), \(entry.place(of: finding)): \(finding.text)"
    }
}

extension CheckReport {
    /// Rules that were broken by more than a remark, the worst first.
    var brokenRules: [BrokenRule] {
        var broken: [BrokenRule] = []
        // What a machine that was late has made of a session says nothing of the host.
        for entry in entries where entry.result.lateness <= CheckResult.mostLate {
            for (rule, finding) in entry.worstFindings {
                if let index = broken.firstIndex(where: { $0.rule == rule }) {
                    broken[index].note(finding, in: entry)
                } else {
                    broken.append(BrokenRule(rule, finding, in: entry))
                }
            }
        }
        return broken.enumerated().sorted {
            ($1.element.level, $0.offset) < ($0.element.level, $1.offset)
        }.map(\.element)
    }
}

extension CheckReport.Entry {
    /// Of each rule that this run has broken by more than a remark, the first of its worst findings.
    fileprivate var worstFindings: [(rule: RuleSummary, finding: LintFinding)] {
        (session?.lint?.found ?? []).compactMap { found in
            guard let level = found.kept.map(\.level).max(), level > .info,
                let finding = found.kept.first(where: { $0.level == level })
            else { return nil }
            return (found.rule, finding)
        }
    }

    /// What came of the first faults, a line each.
    private var recoveryLines: [String] {
        guard let session, let start = session.start else { return [] }
        return session.recoveries.prefix(3).map { $0.words(since: start) }
    }

    /// All that is to be said of the run, a line each, the worst first.
    var facts: [String] {
        result.verdicts.map { "\($0.kind.word): \($0.reason)" } + result.remarks + recoveryLines + ruleLines
    }

    /// When, and which record of the trace.
    fileprivate func place(of finding: LintFinding) -> String {
        "\(Format.seconds(finding.time - (session?.start ?? 0))) s (record \(finding.event))"
    }

    private var ruleLines: [String] {
        worstFindings.map { rule, finding in
            "\(finding.level.name) \(rule.id), \(place(of: finding)): \(finding.text)"
        }
    }
}
