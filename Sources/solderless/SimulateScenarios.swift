import Emulator
import Line
import Simulation

/// The scenarios that `simulate` knows by name.
enum SimulateScenarios {
    static let all: [Scenario] = [goodBench, latePower, looseWire]

    private static let goodBench = Scenario(name: "good-bench")

    private static let latePower: Scenario = {
        var scenario = Scenario(name: "late-power")
        scenario.power = .afterFirstCharacter(.milliseconds(500))
        return scenario
    }()

    private static let looseWire: Scenario = {
        var scenario = Scenario(name: "loose-rx")
        scenario.faults = [FaultChoice("loose-wire", direction: .chipToHost)]
        scenario.expectation.ending = .either
        return scenario
    }()
}
