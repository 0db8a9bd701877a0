import Check
import Simulation

/// What cuts came to.
struct CutTally {
    /// One cut, or the second of two.
    struct Entry: Sendable {
        /// Numbers of the cuts, the last of which this is.
        var path: [Int]
        var place: CutPlace
        var result: TrialResult
        var held: CutCampaign.Held
        /// By its name in `again`.
        var state: String
    }

    /// The command given again, for a flash that one cut or several have left.
    struct Again: Sendable {
        /// The first cut that has left it.
        var path: [Int]
        var result: TrialResult
    }

    /// The run that nothing cuts.
    var uncut: TrialResult?
    private(set) var entries: [Entry] = []
    private(set) var again: [String: Again] = [:]
    /// False when somebody stopped it.
    var isComplete = true

    /// Notes cuts. - Returns: those that left a flash that none before them has left.
    mutating func add(_ cuts: [(path: [Int], cut: CutCampaign.Cut)]) -> [(
        path: [Int], cut: CutCampaign.Cut
    )] {
        var fresh: [(path: [Int], cut: CutCampaign.Cut)] = []
        var seen = Set(again.keys)
        for (path, cut) in cuts {
            entries.append(
                Entry(path: path, place: cut.place, result: cut.result, held: cut.held, state: cut.state))
            if seen.insert(cut.state).inserted { fresh.append((path, cut)) }
        }
        return fresh
    }

    mutating func add(again result: TrialResult, of cut: (path: [Int], cut: CutCampaign.Cut)) {
        again[cut.cut.state] = Again(path: cut.path, result: result)
    }

    /// Whether nothing was wrong with any run, the uncut one included.
    var isAsExpected: Bool {
        (uncut?.verdicts.isEmpty ?? true) && entries.allSatisfy { $0.result.verdicts.isEmpty }
            && again.values.allSatisfy { $0.result.verdicts.isEmpty }
    }
}
