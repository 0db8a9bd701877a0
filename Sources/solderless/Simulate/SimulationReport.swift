import Check
import Faults
import Flasher
import Line
import Scenarios
import Simulation
import Words

/// What simulations came to, for a person or for a program.
struct SimulationReport {
    private struct Entry {
        var batch: SimulatedBatch
        var tally: TrialTally
        var traces: [(seed: UInt64, path: String)]

        var title: String { "\(batch.name), \(batch.dialect?.rawValue ?? "")" }

        /// Runs whose verify is of something that is not in the flash.
        var mustFailCount: Int { batch.trials.count(where: \.comparesWithOther) }

        func trial(_ seed: UInt64) -> Trial? { batch.trials.first { $0.seed == seed } }
    }

    private let options: SimulateOptions
    private let seeds: Seeds
    /// More than there are when somebody stopped it.
    private let runsWanted: Int
    private var entries: [Entry] = []

    /// Kinds of unexpected runs that the text tells of, for each batch; the JSON has all.
    private static let toldLimit = 20
    /// Numbers in RDTool's complaint that the text tells of, for each batch; the JSON has all.
    private static let lengthLimit = 6

    init(options: SimulateOptions, seeds: Seeds, runsWanted: Int) {
        self.runsWanted = runsWanted
        self.options = options
        self.seeds = seeds
    }

    mutating func add(_ batch: SimulatedBatch, _ tally: TrialTally, traces: [(seed: UInt64, path: String)]) {
        entries.append(Entry(batch: batch, tally: tally, traces: traces))
    }

    var runs: Int { entries.reduce(0) { $0 + $1.tally.runs } }

    var isComplete: Bool { runs == runsWanted }

    /// Of what was run.
    var isAsExpected: Bool { entries.allSatisfy { $0.tally.unexpected.isEmpty } }

    // MARK: Text

    var text: String {
        var table = TextColumns(rightAligned: [2, 3, 4, 5, 6, 7, 8], indent: 0)
        table.add("scenario", "dialect", "runs", "good", "failed", "no end", "lies", "median", "95 %")
        for entry in entries {
            let tally = entry.tally
            table.add(
                entry.batch.name, entry.batch.dialect?.rawValue ?? "", "\(tally.runs)", "\(tally.successes)",
                "\(tally.failures)", "\(tally.outOfTime)", "\(tally.lies)", seconds(tally.duration(percentile: 50)),
                seconds(tally.duration(percentile: 95)))
        }
        var lines = table.lines
        for entry in entries { lines += remarks(entry) }
        for entry in entries { lines += unexpected(entry) }
        lines.append("seeds \(seeds.description)")
        return lines.joined(separator: "\n") + "\n"
    }

    private func remarks(_ entry: Entry) -> [String] {
        let tally = entry.tally
        var remarks = judgement(entry)
        let diagnoses = tally.diagnoses.sorted { $0.count > $1.count }
        if !diagnoses.isEmpty {
            let list = diagnoses.map { "\($0.causeClass.rawValue) \($0.count)" }.joined(separator: ", ")
            remarks.append("diagnosed: \(list)")
        }
        if !tally.receivedLengths.isEmpty {
            // The most frequent ones, the shortest first among those that are as frequent.
            let lengths = tally.receivedLengths.sorted { ($1.count, $0.length) < ($0.count, $1.length) }
            let list = lengths.prefix(Self.lengthLimit).map { "\($0.length) (\($0.count)×)" }.joined(separator: ", ")
            let rest = lengths.count - Self.lengthLimit
            remarks.append("recv length is: \(list)\(rest > 0 ? ", and \(rest) others" : "")")
        }
        let idle = FaultChoice.counted(tally.firings.filter { $0.count == 0 }.map(\.fault))
        let missed = tally.missedSwitches.map { "\($0.label) (\($0.count) of \(tally.runs))" }
        if !missed.isEmpty { remarks.append("never happened: \(missed.joined(separator: ", "))") }
        if !idle.isEmpty { remarks.append("never fired: \(idle.joined(separator: ", "))") }
        return remarks.isEmpty ? [] : ["", entry.title] + remarks.map { "  \($0)" }
    }

    /// What the runs were held against, where it is not what the scenario says of its own job; and why the first one
    /// failed of those that were free to fail.
    private func judgement(_ entry: Entry) -> [String] {
        var remarks: [String] = []
        if let trial = entry.batch.trials.first, !trial.isJudged {
            let job = trial.scenario.host.task.rawValue + (trial.backsUp ? ", without a back-up before it" : "")
            remarks.append("not judged: the expectation applies to the scenario's own job only (\(job))")
        }
        let others = entry.mustFailCount
        if others > 0 { remarks.append("\(others) of \(entry.tally.runs) compare with one wrong bit and must fail") }
        if let result = entry.tally.firstTolerated, let failure = result.failure {
            remarks.append("first failure: seed \(result.seed): \(failure.phase.rawValue): \(failure.what)")
        }
        return remarks
    }

    private func unexpected(_ entry: Entry) -> [String] {
        let results = entry.tally.unexpected
        guard !results.isEmpty else { return [] }
        var lines = ["", Console.paint("\(entry.title): \(results.count) unexpected", .red)]
        let groups = Self.grouped(results)
        for group in groups.prefix(Self.toldLimit) {
            lines.append("  \(Self.seeds(of: group)): \(group[0].verdicts.map(\.description).joined(separator: "; "))")
            let first = group[0].seed
            if let path = entry.traces.first(where: { $0.seed == first })?.path { lines.append("    trace: \(path)") }
            if let trial = entry.trial(first) {
                lines.append("    again: \(options.command(repeating: trial, of: entry.batch.name))")
            }
        }
        if groups.count > Self.toldLimit {
            lines.append("  and \(groups.count - Self.toldLimit) more kinds; --json lists all")
        }
        return lines
    }

    /// Runs of which the same is said, those of the smallest seeds first.
    private static func grouped(_ results: [TrialResult]) -> [[TrialResult]] {
        var groups: [[TrialResult]] = []
        for result in results {
            if let index = groups.firstIndex(where: { $0[0].verdicts == result.verdicts }) {
                groups[index].append(result)
            } else {
                groups.append([result])
            }
        }
        return groups
    }

    private static func seeds(of group: [TrialResult]) -> String {
        let first = group.prefix(5).map { "\($0.seed)" }.joined(separator: ", ")
        let more = group.count > 5 ? " and \(group.count - 5) more" : ""
        return (group.count == 1 ? "seed " : "seeds ") + first + more
    }

    /// With three decimals, by hand: the same on any machine.
    private func seconds(_ duration: Duration?) -> String {
        guard let duration else { return "" }
        let milliseconds = duration.wholeNanoseconds / 1_000_000
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction) s"
    }

    // MARK: JSON

    var json: JSONValue {
        .report([
            .init("seeds", .string(seeds.description)),
            .init("asExpected", .bool(isAsExpected)), .init("batches", .array(entries.map(json))),
            .init("complete", .bool(isComplete)),
        ])
    }

    private func json(_ entry: Entry) -> JSONValue {
        let tally = entry.tally
        func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }
        func time(_ percent: Int) -> JSONValue {
            tally.duration(percentile: percent).map { .integer($0.wholeNanoseconds) } ?? .null
        }
        // With their types: to find them in one expression takes the compiler six seconds.
        let diagnoses = tally.diagnoses.map { JSONValue.Member($0.causeClass.rawValue, count($0.count)) }
        let lengths = tally.receivedLengths.map { JSONValue.Member("\($0.length)", count($0.count)) }
        let faults = tally.firings.map { firing in
            JSONValue.object([.init("name", .string(firing.fault)), .init("firings", count(firing.count))])
        }
        let failure: JSONValue? = tally.firstTolerated.map { json($0, entry) }
        let members: [JSONValue.Member] = [
            .init("scenario", .string(entry.batch.name)),
            .init("dialect", .string(entry.batch.dialect?.rawValue ?? "")),
            .init("task", .string(entry.batch.trials.first?.task.rawValue ?? "")),
            .init("judged", .bool(entry.batch.trials.first?.isJudged ?? true)),
            .init("mustFail", count(entry.mustFailCount)),
            .init("runs", count(tally.runs)), .init("successes", count(tally.successes)),
            .init("failures", count(tally.failures)), .init("outOfTime", count(tally.outOfTime)),
            .init("lies", count(tally.lies)), .init("medianNanoseconds", time(50)),
            .init("percentile95Nanoseconds", time(95)),
            .init("diagnoses", .object(diagnoses)), .init("receivedLengths", .object(lengths)),
            .init("faults", .array(faults)), .init("digest", .string(tally.digest)),
            .init("firstFailure", failure ?? .null),
            .init("unexpected", .array(tally.unexpected.map { json($0, entry) })),
        ]
        return .object(members)
    }

    private func json(_ result: TrialResult, _ entry: Entry) -> JSONValue {
        let text = { (value: String?) in value.map { JSONValue.string($0) } ?? .null }
        return .object([
            .init("seed", .string("\(result.seed)")), .init("ending", .string(result.ending.rawValue)),
            .init("nanoseconds", .integer(result.duration.wholeNanoseconds)),
            .init(
                "verdicts",
                .array(
                    result.verdicts.map {
                        .object([.init("kind", .string($0.kind.rawValue)), .init("reason", .string($0.reason))])
                    })),
            .init("diagnosis", text(result.causeClass?.rawValue)), .init("failure", text(result.failure?.what)),
            .init("digest", .string(result.digest)),
            .init(
                "command", text(entry.trial(result.seed).map { options.command(repeating: $0, of: entry.batch.name) })),
            .init("trace", text(entry.traces.first { $0.seed == result.seed }?.path)),
        ])
    }
}
