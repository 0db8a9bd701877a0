import Scenarios
import Simulation

extension SimulatedBatch {
    /// Faults that did nothing in any run, each named once: with its numbers where its name and aim alone would be those
    /// of another, and with how many there are of those that nothing tells apart.
    func neverFired(_ tally: TrialTally) -> [String] {
        let choices = FaultRegistry.inOrderOfFiring(trials.first?.scenario.faults ?? [])
        var idle: [(choice: FaultChoice, count: Int)] = []
        for (choice, firing) in zip(choices, tally.firings) where firing.count == 0 {
            if let index = idle.firstIndex(where: { $0.choice == choice }) {
                idle[index].count += 1
            } else {
                idle.append((choice, 1))
            }
        }
        return idle.map { choice, count in
            let isAlone = choices.allSatisfy { $0.label != choice.label || $0 == choice }
            let name = isAlone ? choice.label : ScenarioFile.text(of: choice)
            return count == 1 ? name : "\(name) (\(count) times)"
        }
    }
}
