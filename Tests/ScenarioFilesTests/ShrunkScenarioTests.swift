import Faults
import Flasher
import Scenarios
import Simulation
import Testing

@testable import ScenarioFiles

/// What shrinking prints ends as the run did that it came of.
@Suite struct ShrunkScenarioTests {
    /// A scenario, and what the command line says of the host besides.
    private static func trial(_ change: (inout Trial) -> Void) throws -> Trial {
        var trial = Trial(try Catalogue.scenario("good-bench"), seed: 2, dialect: .vendor)
        change(&trial)
        return trial
    }

    private static func trials() throws -> [Trial] {
        [
            // A host that gives up before the power comes.
            try trial { $0.syncWindow = .milliseconds(100) },
            // An erase longer than anybody waits, in another job than the scenario's own, with and without a back-up.
            try trial {
                $0.task = .write
                $0.scenario.faults = [FaultChoice("slow-erase", values: ["times": 900])]
            },
            try trial {
                $0.task = .erase
                $0.backsUp = true
                $0.scenario.faults = [FaultChoice("slow-erase", values: ["times": 900])]
            },
            // Contents that are not in the flash.
            try trial {
                $0.task = .verify
                $0.seed = 3
            },
            // Word after word so far apart that the window is missed.
            try trial {
                $0.syncInterval = .seconds(8)
                $0.syncWindow = .seconds(10)
            },
        ]
    }

    @Test func theFileFailsAgain() throws {
        for (index, trial) in try Self.trials().enumerated() {
            let before = try trial.run()
            var shrinker = try Shrinker(trial)
            #expect(shrinker.isWorthIt, "\(index)")
            shrinker.shrink()
            let text = ScenarioFile.text(of: shrinker.trial.scenario)
            let scenario = try ScenarioFile.scenario(parsing: Array(text.utf8), file: "small.yaml")
            // The words that the command still has to say: seed and dialect, and what no key stands for.
            var again = Trial(scenario, seed: trial.seed, dialect: trial.dialect)
            again.backsUp = trial.backsUp
            again.syncInterval = trial.syncInterval
            let after = try again.run()
            #expect(Shrinker.Signature(after) == Shrinker.Signature(before), "\(index): \(text)")
        }
    }

    /// What goes from the command line into the scenario changes nothing of the run.
    @Test func theScenarioSaysTheSameOfTheHost() throws {
        for trial in try Self.trials() {
            let said = trial.saidByItsScenario
            #expect(said.task == said.scenario.host.task)
            #expect(said.syncWindow == nil)
            #expect(try said.run() == trial.run())
        }
    }
}
