import Emulator
import Flasher
import Line
import Scenarios
import Testing

@testable import Simulation

/// A scenario and a seed are one bench in every command.
@Suite struct SetupTests {
    /// What a trial stands on is what `emulate` has: one flash, one noise, one chip.
    @Test func aTrialStandsOnTheSetup() throws {
        var scenario = TrialTests.bench(task: .backup)
        scenario.ground = .floating(FloatingGround())
        let setup = try Setup(scenario, seed: 7)
        let bench = try TrialBench(Trial(scenario, seed: 7, dialect: .community))
        #expect(bench.before == setup.sampleFlash().contents)
        #expect(bench.chip.settings == setup.chip)
        #expect(bench.conditions.seed == setup.conditions.seed)
        #expect(try Setup(scenario, seed: 8).conditions.seed != setup.conditions.seed)
    }
}
