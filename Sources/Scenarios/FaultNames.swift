package import Simulation

extension Scenario {
    /// What reports call its faults, in the order in which a trial counts what they did: by name and aim, and with the
    /// numbers where another fault has the same.
    package var faultNames: [String] {
        let choices = FaultRegistry.inOrderOfFiring(faults)
        return choices.map { choice in
            let isAlone = choices.allSatisfy { $0.label != choice.label || $0 == choice }
            return isAlone ? choice.label : ScenarioFile.text(of: choice)
        }
    }
}
