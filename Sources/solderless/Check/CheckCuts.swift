import Check
import Emulator
import Foundation
import Reports
import Scenarios
import Synchronization
import Wire
import Words

/// Records what a flasher does where nothing is wrong, cuts that at its places, and gathers what came of it.
struct CheckCuts {
    let bench: CheckBench
    let options: CheckCutOptions
    let jobs: Int
    /// What is done, uncut.
    let runs: [CheckCase]

    /// In the order of the places; when somebody stops it, those that are done, and how many more there are.
    func entries() async throws -> (entries: [CheckReport.Entry], missing: Int, remarks: [String]) {
        if case .points(let points) = options.cut {
            let cut = CutCase(at: points, pullsPlug: options.plug, tears: options.torn)
            return try await perform(runs.map { $0.cut(by: cut) }, after: [], [])
        }
        var (entries, cases, remarks): ([CheckReport.Entry], [CheckCase], [String]) = ([], [], [])
        for run in runs where SimulationStop.signal == nil {
            let (entry, places) = try await record(run)
            entries.append(entry)
            guard entry.result.outcome == .passed, entry.result.claim == .success else {
                remarks.append("\(run.label) does not end well without a cut: nothing of it was cut")
                continue
            }
            cases += try chosen(of: places, run)
        }
        return try await perform(cases, after: entries, remarks)
    }

    /// Uncut; what the bench was too late for is recorded again.
    private func record(_ run: CheckCase) async throws -> (CheckReport.Entry, [CutPlace]) {
        for attempt in 1...CheckRunner.mostAttempts {
            let recorded = try await bench.record(run, attempt: attempt)
            guard recorded.entry.result.isInconclusive, attempt < CheckRunner.mostAttempts else { return recorded }
        }
        preconditionFailure("the last attempt returns")
    }

    private func chosen(of places: [CutPlace], _ run: CheckCase) throws -> [CheckCase] {
        if case .number(let number) = options.cut {
            guard number <= places.count else {
                throw Failure(.usage, "\(run.label) has no cut \(number): it has \(plural(places.count, "place"))")
            }
            return options.cutCase(at: places[number - 1]).map { [run.cut(by: $0)] } ?? []
        }
        return options.chosen(of: places, isFirst: true).compactMap { options.cutCase(at: $0).map(run.cut) }
    }

    private func perform(
        _ cases: [CheckCase], after entries: [CheckReport.Entry], _ remarks: [String]
    ) async throws -> (entries: [CheckReport.Entry], missing: Int, remarks: [String]) {
        var entries = entries
        let first = try await CheckRunner(bench, cases, jobs: jobs).entries()
        entries += first
        var missing = cases.count - first.count
        guard options.depth == 2, SimulationStop.signal == nil else { return (entries, missing, remarks) }
        let again = secondCuts(after: first)
        let second = try await CheckRunner(bench, again, jobs: jobs).entries()
        entries += second
        missing += again.count - second.count
        return (entries, missing, remarks)
    }

    /// Of the command given again: for each flash that first cuts have left the first of these.
    private func secondCuts(after first: [CheckReport.Entry]) -> [CheckCase] {
        var seen: Set<String> = []
        var cases: [CheckCase] = []
        for result in first.map(\.result) {
            guard let cut = result.run.cut, let again = bench.givenAgain.value(of: result.run) else { continue }
            guard seen.insert("\(result.run.task) \(result.run.seed) \(again.state)").inserted else { continue }
            cases += options.chosen(of: again.places, isFirst: false).compactMap {
                options.cutCase(at: $0, after: cut.points).map(result.run.cut)
            }
        }
        return cases
    }
}

extension CheckCase {
    /// The same, cut.
    fileprivate func cut(by cut: CutCase) -> CheckCase {
        var run = self
        run.cut = cut
        return run
    }
}

/// What is known of the command given again after a cut, for a second one.
final class RunsGivenAgain: Sendable {
    struct Run {
        /// A name for the flash's contents that it began with.
        var state: String
        var places: [CutPlace]
    }

    private let runs = Mutex<[CheckCase: Run]>([:])

    func value(of run: CheckCase) -> Run? { runs.withLock { $0[run] } }
    func note(_ value: Run, of run: CheckCase) { runs.withLock { $0[run] = value } }
}
