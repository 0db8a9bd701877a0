import Check
import Emulator
import Flasher
import Line
import Scenarios
import Simulation
import Wire
import Words

/// One cut of a run, or one after another: what happened, with traces to look at.
struct SimulateOneCut {
    let campaign: CutCampaign
    /// Numbers of the cuts.
    let path: [Int]
    /// The scenario as the command line has it.
    let name: String
    /// Where traces go; nil for none.
    let folder: String?

    /// - Throws: `Failure`: `.usage` for a cut that there is not, `.failed` when something was wrong.
    func run() throws {
        var traces = try folder.map { try SimulationTraces(folder: $0) }
        var flash: NORFlash?
        var isGood = true
        for (depth, number) in path.enumerated() {
            let earlier = Array(path[..<depth])
            let places = try campaign.whole(from: flash).places
            guard number <= places.count else {
                throw Failure(
                    .usage, "there is no cut \(text(earlier + [number])): this run has \(plural(places.count, "place"))"
                )
            }
            let place = places[number - 1]
            var found: CutCampaign.Cut?
            try campaign.cut(at: [place], from: flash, after: earlier) { found = $0 }
            guard let cut = found else { throw Failure(.usage, "the host has ended before cut \(number)") }
            Console.print("cut \(text(earlier + [number])) at \(place.moment), \(place.words)")
            tell(cut.result, "the host")
            Console.print("  the flash holds \(words(cut.held))")
            isGood = isGood && cut.result.verdicts.isEmpty
            traces?.write(
                try campaign.events(ofCutAt: place, from: flash, after: earlier), of: campaign.trial,
                named: "\(campaign.trial.scenario.name)-cut-\(text(earlier + [number]))")
            flash = cut.flash
        }
        let again = try campaign.whole(from: flash)
        Console.print("the command given again")
        tell(again.result, "the host")
        isGood = isGood && again.result.verdicts.isEmpty
        traces?.write(
            again.events, of: campaign.trial, named: "\(campaign.trial.scenario.name)-cut-\(text(path))-again")
        if let failure = traces?.failure { throw failure }
        guard isGood else {
            throw Failure(.failed, "cut \(text(path)) of \(name), seed \(campaign.trial.seed): see above")
        }
    }

    private func tell(_ result: TrialResult, _ who: String) {
        let ending =
            switch result.ending {
            case .success: "\(who) reports success"
            case .failure: "\(who) reports failure\(result.failure.map { ": \($0.phase.rawValue): \($0.what)" } ?? "")"
            default: "\(who) does not come to an end"
            }
        Console.print("  \(ending)")
        for verdict in result.verdicts { Console.print("  \(verdict)") }
    }

    private func words(_ held: CutCampaign.Held) -> String {
        switch held {
        case .old: "what it held"
        case .new: "what was to be written"
        case .neither: "neither what it held nor what was to be written"
        }
    }

    private func text(_ path: [Int]) -> String { path.map(String.init).joined(separator: ".") }
}
