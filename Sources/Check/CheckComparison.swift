import Scenarios
import Wire
import Words

/// What became of each run against an earlier report of the same flasher.
package struct CheckComparison: Hashable, Sendable {
    /// What is compared of a run.
    package struct Entry: Hashable, Sendable {
        package var scenario: String
        package var task: String
        package var seed: String
        /// Where it was cut, and how; nil for nowhere.
        package var cut: String?
        package var outcome: CheckResult.Outcome
        /// The worst; nil for none.
        package var verdict: Verdict.Kind?
        /// Whether the program said that it had failed.
        package var isFailure = false

        package init(
            scenario: String, task: String, seed: String, cut: String? = nil, outcome: CheckResult.Outcome,
            verdict: Verdict.Kind?
        ) {
            self.cut = cut
            self.scenario = scenario
            self.task = task
            self.seed = seed
            self.outcome = outcome
            self.verdict = verdict
        }

        package init(_ result: CheckResult) {
            self.init(
                scenario: result.run.scenario.name, task: result.run.task.commandName, seed: String(result.run.seed),
                cut: result.run.cut.map { CutCase.key($0.path, $0.way.rawValue) }, outcome: result.outcome,
                verdict: result.verdicts.first?.kind)
            isFailure = result.claim == .failure
        }

        /// What it is compared by.
        fileprivate var key: [String] { [scenario, task, seed, cut ?? ""] }
        fileprivate var label: String {
            "\(scenario) \(task)" + (seed == "1" ? "" : " seed \(seed)") + (cut.map { " cut at \($0)" } ?? "")
        }
        /// The less, the worse; nothing is known of what is inconclusive.
        fileprivate var rank: Int? {
            switch outcome {
            case .inconclusive, .untested: nil
            case .passed: Verdict.Kind.allCases.count
            case .failed, .missed: verdict?.rank ?? 0
            }
        }
        fileprivate var word: String {
            switch outcome {
            case .inconclusive: "inconclusive"
            case .untested: "not tested"
            case .passed: verdict?.word ?? CheckResult.word(ofPassed: isFailure ? .failure : .success)
            // Without a verdict that is known here: another version's report.
            case .failed, .missed: verdict?.word ?? outcome.rawValue
            }
        }
    }

    package private(set) var regressions: [String] = []
    package private(set) var improvements: [String] = []
    /// Runs that only one of the two has.
    package private(set) var added = 0
    package private(set) var missing = 0

    package init(_ now: [Entry], with before: [Entry]) {
        let old = Dictionary(before.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in now {
            guard let earlier = old[entry.key] else {
                added += 1
                // Nobody has accepted that yet.
                if entry.outcome == .failed { regressions.append("\(entry.label): new, and \(entry.word)") }
                continue
            }
            guard let rank = entry.rank, let earlierRank = earlier.rank, rank != earlierRank else { continue }
            let line = "\(entry.label): \(earlier.word), now \(entry.word)"
            if rank < earlierRank { regressions.append(line) } else { improvements.append(line) }
        }
        let keys = Set(now.map(\.key))
        missing = before.count { !keys.contains($0.key) }
    }

    /// For people.
    package var lines: [String] {
        var lines = regressions.map { "worse: \($0)" } + improvements.map { "better: \($0)" }
        if added > 0 { lines.append("\(plural(added, "run")) not in the earlier report") }
        if missing > 0 { lines.append("\(plural(missing, "run")) only in the earlier report") }
        return lines.isEmpty ? ["as in the earlier report"] : lines
    }
}
