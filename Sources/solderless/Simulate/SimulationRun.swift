import Flasher
import Scenarios
import Simulation
import Synchronization

/// Trials that are counted together: one scenario in one dialect.
struct SimulatedBatch {
    /// As the command line has it.
    var name: String
    /// What its traces' names begin with: of no other scenario in the same call.
    var traceName: String
    /// Of seeds that grow.
    var trials: [Trial]

    var dialect: Dialect? { trials.first?.dialect }
}

/// Runs batches on several cores. What comes of it does not depend on how many.
struct SimulationRun {
    let batches: [SimulatedBatch]
    /// Runs at once; nil for what the machine has.
    let jobs: Int?

    var trialCount: Int { batches.reduce(0) { $0 + $1.trials.count } }

    /// A tally for each batch. When somebody stops it, of each batch the trials that were run.
    /// - Throws: `Failure` for a scenario with a fault that cannot be made.
    func tallies() async throws -> [(batch: SimulatedBatch, tally: TrialTally)] {
        let progress = SimulationProgress(total: trialCount)
        defer { progress.clear() }
        var tallies: [(batch: SimulatedBatch, tally: TrialTally)] = []
        for var batch in batches where SimulationStop.signal == nil {
            var tally = TrialTally()
            let results = try await results(of: batch.trials, progress)
            for result in results { tally.add(result) }
            if results.count < batch.trials.count {
                let seeds = Set(results.map(\.seed))
                batch.trials.removeAll { !seeds.contains($0.seed) }
            }
            if !results.isEmpty { tallies.append((batch, tally)) }
        }
        return tallies
    }

    /// In the order of the trials.
    private func results(of trials: [Trial], _ progress: SimulationProgress) async throws -> [TrialResult] {
        try await ParallelRuns.results(of: trials.count, jobs: jobs) { index in
            let result = try Self.result(of: trials[index])
            progress.advance()
            return result
        }
    }

    private static func result(of trial: Trial) throws -> TrialResult {
        do {
            return try trial.run()
        } catch {
            throw Failure(.usage, "scenario \(trial.scenario.name): \(error)")
        }
    }
}

/// How far a simulation is: a line on a terminal, nothing elsewhere.
final class SimulationProgress: Sendable {
    private let total: Int
    private let state = Mutex((done: 0, drawnAt: ContinuousClock.now))

    init(total: Int) {
        self.total = total
    }

    func advance() {
        guard Console.isTerminal else { return }
        let done: Int? = state.withLock { state in
            state.done += 1
            guard ContinuousClock.now - state.drawnAt > .milliseconds(100) else { return nil }
            state.drawnAt = .now
            return state.done
        }
        if let done { Console.write("\r\u{1B}[K  \(done) of \(total) runs", to: 2) }
    }

    func clear() {
        if Console.isTerminal { Console.write("\r\u{1B}[K", to: 2) }
    }
}
