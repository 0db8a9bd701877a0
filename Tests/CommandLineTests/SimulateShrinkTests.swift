import Flasher
import Scenarios
import Simulation
import Testing

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

extension CommandLineTests {
    /// `simulate --shrink`: the command at the head of what it prints does it again.
    @Suite struct SimulateShrinkTests {
        @Test(arguments: [
            ["late-power", "--sync-for", "0.1", "--dialect", "vendor", "--shrink", "3"],
            [
                "good-bench", "--task", "write", "--dialect", "rdtool", "--fault", "slow-erase: {times: 900}",
                "--shrink",
                "0",
            ],
            [
                "good-bench", "--task", "erase", "--backup", "--sync-every", "20", "--fault",
                "slow-erase: {times: 900}",
                "--shrink", "0",
            ],
        ])
        func theCommandAtItsHeadRepeatsIt(arguments: [String]) async throws {
            let shrunk = try await Program.run(["simulate"] + arguments)
            #expect(shrunk.code == 0, "\(shrunk.error)")
            let folder = try Folder()
            try folder.write(Array(shrunk.output.utf8), to: "small.yaml")
            let command = try #require(
                shrunk.output.split(separator: "\n").first { $0.hasPrefix("#   solderless simulate small.yaml ") })
            let again = try await Program.shell(
                "cd '\(folder.path)' && \"$0\" \(command.dropFirst("#   solderless ".count))")
            let row = try #require(again.output.split(separator: "\n").first { $0.hasPrefix("small.yaml") })
            // Runs, good, failed.
            #expect(row.split(separator: " ")[2...4] == ["1", "0", "1"], "\(again.output) \(again.error)")
            #expect(!again.output.contains("never fired"), "\(again.output)")
            let isTold = shrunk.output.contains("#   failed: ")
            #expect(again.code == (isTold ? 1 : 0), "\(again.output)")
        }

        @Test func whatEndsWellIsNoWrongUsage() async throws {
            let result = try await Program.run(["simulate", "good-bench", "--task", "info", "--shrink", "3"])
            #expect(result.code == 1)
            #expect(result.error.contains("nothing to shrink"))
            let seeds = try await Program.run(["simulate", "good-bench", "--shrink", "3", "--seeds", "0...5"])
            #expect(seeds.code == 2)
            #expect(seeds.error.contains("no --seeds"))
        }
    }
}
