import Check
import Reports
import Synchronization

/// Runs everything, several at once, and what was inconclusive once more by itself.
struct CheckRunner {
    private let bench: CheckBench
    private let runs: [CheckCase]
    private let jobs: Int
    /// Whether a person on a terminal sees each run's end.
    private let showsProgress: Bool

    /// So often a run is tried in all.
    static let mostAttempts = 3

    init(_ bench: CheckBench, _ runs: [CheckCase], jobs: Int, showsProgress: Bool = true) {
        self.bench = bench
        self.runs = runs
        self.jobs = jobs
        self.showsProgress = showsProgress
    }

    /// In the order of the runs; when somebody stops it, those that are done.
    func entries() async throws -> [CheckReport.Entry] {
        let stopping = Task {
            while SimulationStop.signal == nil { try await Task.sleep(for: .milliseconds(100)) }
        }
        defer { stopping.cancel() }
        var entries = try await sideBySide(stopping)
        for attempt in 2...Self.mostAttempts {
            for (index, entry) in entries.sorted(by: { $0.key < $1.key }) where entry.result.isInconclusive {
                guard SimulationStop.signal == nil else { break }
                guard let again = try await one(index, attempt, stopping) else { break }
                entries[index] = again
            }
        }
        return entries.sorted { $0.key < $1.key }.map(\.value)
    }

    private func sideBySide(_ stopping: Task<Void, any Error>) async throws -> [Int: CheckReport.Entry] {
        let (runs, counter, finished) = (runs, Counter(), Counter())
        return try await withThrowingTaskGroup(of: [Int: CheckReport.Entry].self) { group in
            for _ in 0..<min(jobs, runs.count) {
                group.addTask {
                    var share: [Int: CheckReport.Entry] = [:]
                    while SimulationStop.signal == nil {
                        let index = counter.next()
                        guard index < runs.count else { break }
                        guard let entry = try await self.one(index, 1, stopping) else { break }
                        share[index] = entry
                        tell(entry, done: finished.next() + 1)
                    }
                    return share
                }
            }
            return try await group.reduce(into: [:]) { $0.merge($1) { $1 } }
        }
    }

    /// - Returns: nil when somebody stopped it.
    private func one(_ index: Int, _ attempt: Int, _ stopping: Task<Void, any Error>) async throws
        -> CheckReport.Entry?
    {
        let work = Task { try await bench.run(runs[index], attempt: attempt) }
        let watch = Task {
            _ = try? await stopping.value
            work.cancel()
        }
        defer { watch.cancel() }
        do {
            let entry = try await withTaskCancellationHandler {
                try await work.value
            } onCancel: {
                work.cancel()
            }
            // The same ^C has ended the program as well: nothing is to be said of that.
            return SimulationStop.signal == nil ? entry : nil
        } catch  where SimulationStop.signal != nil {
            return nil
        }
    }

    private func tell(_ entry: CheckReport.Entry, done: Int) {
        guard showsProgress, Console.isTerminal else { return }
        Console.error("  \(done) of \(runs.count)  \(entry.result.run.label): \(entry.result.word)")
    }
}

private final class Counter: Sendable {
    private let value = Atomic(0)

    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
}
