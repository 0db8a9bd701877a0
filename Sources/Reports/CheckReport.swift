package import Check
import Line
import Lint
import Scenarios
import Wire
package import Words

/// What is reported when a flasher has been checked.
package struct CheckReport: Sendable {
    /// A run, and what its trace tells; nil where the trace could not be read.
    package struct Entry: Sendable {
        package var result: CheckResult
        package var session: CheckedSession?

        package init(_ result: CheckResult, _ session: CheckedSession?) {
            self.result = result
            self.session = session
        }
    }

    /// The flasher's name, or its command.
    package var flasher: String
    /// nil where scenarios were named one by one.
    package var suite: String?
    package var programVersion: String
    /// In words.
    package var seeds: String
    package var jobs: Int
    /// On the wall's clock.
    package var wallTime: Duration
    package var entries: [Entry]
    package var comparison: CheckComparison?
    /// What was left out, in words.
    package var remarks: [String] = []

    package init(
        flasher: String, suite: String?, programVersion: String, seeds: String, jobs: Int, wallTime: Duration,
        entries: [Entry]
    ) {
        self.flasher = flasher
        self.suite = suite
        self.programVersion = programVersion
        self.seeds = seeds
        self.jobs = jobs
        self.wallTime = wallTime
        self.entries = entries
    }

    package var score: ScoreCard { ScoreCard(entries.map(\.result)) }
}

// MARK: For people

extension CheckReport {
    /// A line a run, the cause in words; below it what is to be repeated, and the score.
    package var text: String {
        var table = TextColumns(rightAligned: [4], indent: 0)
        table.add("scenario", "job", "seed", "verdict", "seconds", "")
        for entry in entries where entry.result.cut == nil {
            let result = entry.result
            let seconds = Format.seconds(result.duration.wholeNanoseconds).dropLast(5)
            table.add(
                result.run.scenario.name, result.run.task.commandName, "\(result.run.seed)", result.word,
                String(seconds), Self.cause(result))
        }
        var lines = (entries.contains { $0.result.cut == nil } ? table.lines : []) + cutTable
        let bad = entries.filter { $0.result.outcome != .passed && $0.result.outcome != .untested }
        if !bad.isEmpty { lines.append("") }
        for entry in bad {
            let result = entry.result
            lines.append("\(result.run.label): \(result.word)")
            lines += entry.facts.map { "  \($0)" }
            if !result.lastExchange.isEmpty { lines.append("  last exchange: \(result.lastExchange)") }
            if let last = Self.lastLine(result.output) { lines.append("  last line printed: \(last)") }
            lines.append("  seed \(result.run.seed); again: \(result.repeating)")
            for trace in result.cut?.traces ?? result.trace.map({ [$0] }) ?? [] {
                lines.append("  trace: solderless show \(shellWord(trace))")
            }
        }
        lines += ruleTable + cutSummary + [""] + score.lines
        if let comparison { lines += [""] + comparison.lines }
        lines += remarks.map { "note: \($0)" }
        return lines.map(printable).joined(separator: "\n") + "\n"
    }

    /// What the sessions have in common.
    private var ruleTable: [String] {
        let broken = brokenRules
        guard !broken.isEmpty else { return [] }
        var table = TextColumns(indent: 0)
        table.add("rule", "level", "runs", "first in")
        for broken in broken { table.add(broken.rule.id, broken.level.name, "\(broken.runCount)", broken.first) }
        return [""] + table.lines + [
            "What to do about them: solderless lint TRACE; traces of good runs are kept with --keep always."
        ]
    }

    private static func cause(_ result: CheckResult) -> String {
        result.verdicts.first?.reason ?? result.remarks.first ?? ""
    }

    private static func lastLine(_ output: String) -> String? {
        output.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }.map { String($0.prefix(mostOfALine)) }
    }

    /// In characters.
    private static let mostOfALine = 160
}

// MARK: For programs

extension CheckReport {
    /// `docs/json.md` describes it.
    package var json: JSONValue {
        let score = score
        return .report([
            .init("flasher", .string(flasher)), .init("suite", optional(suite)),
            .init("version", .string(programVersion)), .init("seeds", .string(seeds)),
            .init("jobs", .integer(Int64(jobs))), .init("wallNanoseconds", .integer(wallTime.wholeNanoseconds)),
            .init(
                "score",
                .object([
                    .init("points", .integer(Int64(score.points))), .init("of", .integer(Int64(score.of))),
                    .init("failures", .integer(Int64(score.failures))),
                    .init("missed", .integer(Int64(score.missed))),
                    .init("inconclusive", .integer(Int64(score.inconclusive))),
                    .init("untested", .integer(Int64(score.untested))),
                    .init("survives", strings(score.survived)), .init("doesNot", strings(score.lost)),
                ])),
            .init("runs", .array(entries.map { json($0) })),
            .init("comparison", comparison.map(json) ?? .null), .init("remarks", strings(remarks)),
        ])
    }

    private func json(_ entry: Entry) -> JSONValue {
        let result = entry.result
        return .object([
            .init("scenario", .string(result.run.scenario.name)), .init("task", .string(result.run.task.commandName)),
            .init("seed", .string(String(result.run.seed))), .init("outcome", .string(result.outcome.rawValue)),
            .init(
                "verdicts",
                .array(
                    result.verdicts.map {
                        .object([
                            .init("verdict", .string($0.kind.rawValue)), .init("word", .string($0.kind.word)),
                            .init("reason", .string($0.reason)),
                        ])
                    })),
            .init("claim", .string(result.claim.rawValue)), .init("ending", .string(result.ending)),
            .init("lineNanoseconds", .integer(result.duration.wholeNanoseconds)),
            .init("remarks", strings(result.remarks)),
            .init("recoveries", .array(entry.session?.recoveries.map(\.json) ?? [])),
            .init("findings", entry.session?.lint?.findingsJSON ?? .array([])),
            .init(
                "faults",
                .array(
                    result.firings.map {
                        .object([.init("fault", .string($0.fault)), .init("count", .integer(Int64($0.count)))])
                    })),
            .init("lateNanoseconds", .integer(result.lateness.wholeNanoseconds)),
            .init("attempt", .integer(Int64(result.attempt))), .init("lastExchange", .string(result.lastExchange)),
            .init("command", strings(result.command)), .init("output", .string(result.output)),
            .init("trace", optional(result.trace)), .init("repeat", .string(result.repeating)),
            .init("cut", cutJSON(result)),
        ])
    }

    private func json(_ comparison: CheckComparison) -> JSONValue {
        .object([
            .init("regressions", strings(comparison.regressions)),
            .init("improvements", strings(comparison.improvements)),
            .init("added", .integer(Int64(comparison.added))), .init("missing", .integer(Int64(comparison.missing))),
        ])
    }

    private func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
    private func strings(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}

extension CheckComparison.Entry {
    /// The runs of an earlier report; nil for what is none.
    package static func list(of report: JSONValue) -> [CheckComparison.Entry]? {
        guard report["schema"]?.integer == JSONValue.schema, let runs = report["runs"]?.array else { return nil }
        var entries: [CheckComparison.Entry] = []
        for run in runs {
            guard let scenario = run["scenario"]?.string, let task = run["task"]?.string,
                let seed = run["seed"]?.string,
                let outcome = run["outcome"]?.string.flatMap(CheckResult.Outcome.init)
            else { return nil }
            let cut = run["cut"]?["at"]?.string.map { CutCase.key($0, run["cut"]?["way"]?.string) }
            let verdict = run["verdicts"]?.array?.first?["verdict"]?.string.flatMap(Verdict.Kind.init)
            var entry = Self(scenario: scenario, task: task, seed: seed, cut: cut, outcome: outcome, verdict: verdict)
            entry.isFailure = run["claim"]?.string == Claims.Ending.failure.rawValue
            entries.append(entry)
        }
        return entries
    }
}
