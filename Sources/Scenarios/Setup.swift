package import Emulator
import Faults
package import Line

/// What stands on a bench, made of a scenario and a seed: the same in every command, so that what fails in one can be
/// looked at in another.
package struct Setup {
    /// With the overrides in their places.
    package let scenario: Scenario
    /// What decides everything that is left to chance.
    package let seed: UInt64
    /// With its own seed.
    package let chip: ChipSettings
    /// What lies between host and chip, with its seed and its faults.
    package let conditions: LineConditions
    package let flashFaults: FlashFaults
    /// For what the host does.
    package let jobSeed: UInt64
    private let flashSeed: UInt64

    /// - Throws: `FaultError`, for a fault that cannot be made.
    package init(
        _ scenario: Scenario, seed: UInt64, overrides: Overrides = Overrides()
    ) throws(FaultError) {
        var scenario = scenario
        overrides.apply(to: &scenario)
        self.scenario = scenario
        self.seed = seed
        var generator = SplitMix64(seed: seed)
        flashSeed = generator.next()
        let lineSeed = generator.next()
        var chip = scenario.chip
        chip.seed = generator.next()
        self.chip = chip
        jobSeed = generator.next()
        conditions = try scenario.conditions(seed: lineSeed)
        flashFaults = try FaultRegistry.flashFaults(scenario.faults)
    }

    /// The flash that it has unless it is given another: made up, and sound.
    package func sampleFlash() -> NORFlash {
        SampleFlash.flash(scenario.flashID, seed: flashSeed, uboot: chip.uboot ?? .v140)
    }
}
