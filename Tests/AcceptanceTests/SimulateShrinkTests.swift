import TestForms
import Testing

extension OfflineCommands {
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
            #expect(seeds.error.contains("leave out --seeds"))
        }
    }
}
