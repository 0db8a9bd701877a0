package import Check
import Emulator
import Faults
package import Flasher
package import Line
import Scenarios

/// Looks for the smallest scenario in which a trial still ends as it did: the same ending, the same verdicts, the same
/// diagnosis.
///
/// What is tried, in this order: without a whole fault; with a perfect adapter, ground and supply; with a random
/// fault's effects as a list, and then with fewer of them; with numbers at their standards, or nearer to them.
package struct Shrinker {
    /// What makes two trials end in the same way.
    package struct Signature: Hashable, Sendable {
        package var ending: Claims.Ending
        package var verdicts: [Verdict.Kind]
        package var causeClass: CauseClass?

        package init(_ result: TrialResult) {
            ending = result.ending
            verdicts = result.verdicts.map(\.kind)
            causeClass = result.causeClass
        }
    }

    /// The trial with the smallest scenario so far.
    package private(set) var trial: Trial
    /// What came of it.
    package private(set) var result: TrialResult
    /// Trials run to find it.
    package private(set) var trialCount = 1

    /// The most trials: then the best scenario so far is the result.
    package static let trialLimit = 1000

    /// A longer list of a random fault's effects is not looked at: each run would take its time with it.
    private static let editLimit = 1000

    private let signature: Signature

    /// What the trial says of the host goes into the scenario, as far as a scenario can say it.
    ///
    /// - Throws: `FaultError`, when the scenario has a fault that cannot be made.
    package init(_ trial: Trial) throws(FaultError) {
        self.trial = trial.saidByItsScenario
        result = try self.trial.run()
        signature = Signature(result)
    }

    /// Whether there is anything to look for: a trial that ends well and as expected needs no explanation.
    package var isWorthIt: Bool { result.ending != .success || !result.verdicts.isEmpty }

    /// Makes it as small as it gets.
    package mutating func shrink() {
        dropFaults()
        simplifyBench()
        spellOutRandomFaults()
        dropFaults()
        calmNumbers()
    }

    /// Takes a scenario if the trial still ends in the same way in it. - Returns: whether it does.
    private mutating func take(_ scenario: Scenario) -> Bool {
        guard scenario != trial.scenario else { return true }
        guard trialCount < Self.trialLimit else { return false }
        trialCount += 1
        var candidate = trial
        candidate.scenario = scenario
        // A fault that cannot be made, a number that does not go with another: then it is not smaller either.
        guard let result = try? candidate.run(), Signature(result) == signature else { return false }
        trial = candidate
        self.result = result
        return true
    }

    private mutating func take(_ change: (inout Scenario) -> Void) {
        var scenario = trial.scenario
        change(&scenario)
        _ = take(scenario)
    }

    // MARK: What can be left out

    private mutating func dropFaults() {
        let whole = trial.scenario.faults
        _ = DeltaDebugging.smallest(whole) { faults in
            var scenario = trial.scenario
            scenario.faults = faults
            return take(scenario)
        }
    }

    private mutating func simplifyBench() {
        take { $0.adapter = nil }
        take { $0.ground = .joined }
        take { $0.rail = ClampRail() }
        take { $0.power = .on }
        take { $0.chip.powerRamp = .zero }
        take { $0.chip.fifoDepth = 32 }
        take { $0.host.workingBaud = nil }
        take { $0.host.syncWindow = nil }
        dropSwitches()
    }

    /// Without single switches of the supply, as long as it is on in the end: a chip without power is no smaller case
    /// of anything.
    private mutating func dropSwitches() {
        for index in trial.scenario.power.switches.indices.reversed() {
            var scenario = trial.scenario
            scenario.power.switches.remove(at: index)
            if scenario.power.switches.last?.isOn == true { _ = take(scenario) }
        }
    }

    // MARK: Random faults

    /// Faults that leave to chance what they do.
    private static let random = [LooseWire.summary.name]

    /// Puts a list of what it did in the place of each fault that leaves it to chance.
    private mutating func spellOutRandomFaults() {
        for index in trial.scenario.faults.indices.reversed()
        where Self.random.contains(trial.scenario.faults[index].name) {
            let label = FaultChoice.labels(trial.scenario.faults)[index]
            guard let events = try? trial.runTraced().events else { continue }
            let edits = LineEdits(of: events, by: label).faults
            guard edits.count <= Self.editLimit else { continue }
            var scenario = trial.scenario
            scenario.faults.replaceSubrange(index...index, with: edits)
            _ = take(scenario)
        }
    }

    // MARK: Numbers

    /// Each number at its standard, or as near to it as it may be. Where single characters are named, no place is
    /// calmer than another.
    private mutating func calmNumbers() {
        for index in trial.scenario.faults.indices {
            let name = trial.scenario.faults[index].name
            guard let summary = FaultRegistry.summaries.first(where: { $0.name == name }) else { continue }
            for parameter in summary.parameters where !Self.places.contains(parameter.name) {
                calm(parameter, ofFault: index)
            }
        }
    }

    private static let places = ["from", "at"]

    private mutating func calm(_ parameter: FaultParameter, ofFault index: Int) {
        guard let value = trial.scenario.faults[index].values[parameter.name] else { return }
        take { $0.faults[index].values[parameter.name] = nil }
        guard trial.scenario.faults[index].values[parameter.name] != nil else { return }
        // By halves from where it is known to fail.
        var failing = value
        var ending = parameter.standard
        while failing.distance(to: ending).magnitude > 1 {
            let middle = failing + failing.distance(to: ending) / 2
            take { $0.faults[index].values[parameter.name] = middle }
            if trial.scenario.faults[index].values[parameter.name] == middle {
                failing = middle
            } else {
                ending = middle
            }
        }
    }
}
