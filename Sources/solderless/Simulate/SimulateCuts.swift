import Check
import Emulator
import Line
import Scenarios
import Simulation

/// Cuts a run at its places, then the runs that come after, and gathers what came of it.
struct SimulateCuts {
    let campaign: CutCampaign
    let options: CutOptions
    /// Runs at once; nil for what the machine has.
    let jobs: Int?

    /// The flash as a cut has left it, which the command is given again for. Others may have left the same.
    private struct State: Sendable {
        var path: [Int]
        var flash: NORFlash?
    }

    /// - Throws: `Failure` for a scenario with a fault that cannot be made.
    func tally() async throws -> CutTally {
        var tally = CutTally()
        let start = try whole(State(path: [], flash: nil))
        tally.uncut = start.result
        var runs = [(State(path: [], flash: nil), start)]
        for depth in 1...options.depth {
            let cuts = try await outcomes(of: runs, isFirst: depth == 1)
            guard SimulationStop.signal == nil else { break }
            let fresh = tally.add(cuts)
            let states = fresh.map { State(path: $0.path, flash: $0.cut.flash) }
            if depth == options.depth {
                let again = try await ParallelRuns.results(of: states.count, jobs: jobs) { number in
                    try made { try campaign.outcome(from: fresh[number].cut.flash) }
                }
                for (result, cut) in zip(again, fresh) { tally.add(again: result, of: cut) }
            } else {
                let again = try await ParallelRuns.results(of: states.count, jobs: jobs) { try whole(states[$0]) }
                for (run, cut) in zip(again, fresh) { tally.add(again: run.result, of: cut) }
                runs = Array(zip(states, again))
            }
        }
        tally.isComplete = SimulationStop.signal == nil
        return tally
    }

    /// In the order of the runs, and of the places in each.
    private func outcomes(
        of runs: [(State, CutCampaign.Whole)], isFirst: Bool
    ) async throws -> [(path: [Int], cut: CutCampaign.Cut)] {
        let pieces = runs.indices.flatMap { index in
            batches(of: options.chosen(of: runs[index].1.places, isFirst: isFirst)).map { (index, $0) }
        }
        let states = runs.map(\.0)
        let progress = SimulationProgress(total: pieces.reduce(0) { $0 + $1.1.count })
        defer { progress.clear() }
        return try await ParallelRuns.results(of: pieces.count, jobs: jobs) { number in
            let (index, places) = pieces[number]
            let state = states[index]
            var cuts: [(path: [Int], cut: CutCampaign.Cut)] = []
            try made {
                try campaign.cut(at: places, from: state.flash, after: state.path) {
                    cuts.append((state.path + [$0.place.number], $0))
                    progress.advance()
                }
            }
            return cuts
        }.flatMap { $0 }
    }

    /// Each is run from the beginning up to its last place: few, and enough for every core.
    private func batches(of places: [CutPlace]) -> [ArraySlice<CutPlace>] {
        let size = max(64, places.count / 16)
        return stride(from: 0, to: places.count, by: size).map { places[$0..<min($0 + size, places.count)] }
    }

    private func whole(_ state: State) throws -> CutCampaign.Whole {
        try made { try campaign.whole(from: state.flash) }
    }

    private func made<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            throw Failure(.usage, "scenario \(campaign.trial.scenario.name): \(error)")
        }
    }
}
