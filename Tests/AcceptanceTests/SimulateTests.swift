import Foundation
import TestForms
import Testing

extension OfflineCommands {
    /// `simulate`, as a user runs it.
    @Suite struct SimulateTests {
        private static let short = ["simulate", "good-bench", "--task", "info", "--seeds", "0..<6", "--dialect", "all"]

        @Test func aGoodBenchIsGood() async throws {
            let result = try await Program.run(Self.short)
            #expect(result.code == 0, "\(result.output) \(result.error)")
            let rows = result.output.split(separator: "\n").filter { $0.hasPrefix("good-bench ") }
            #expect(rows.count == 3)
            #expect(rows.allSatisfy { $0.split(separator: " ")[2...6] == ["6", "6", "0", "0", "0"] }, "\(rows)")
            #expect(result.output.contains("seeds 0...5"))
            #expect(result.error.isEmpty)
        }

        /// The same bytes, however many run at once.
        @Test(arguments: [["--json"], []] as [[String]])
        func jobsChangeNothing(format: [String]) async throws {
            let one = try await Program.run(Self.short + format + ["--jobs", "1"])
            let many = try await Program.run(Self.short + format + ["--jobs", "5"])
            #expect(one.code == 0 && many.code == 0)
            #expect(one.output == many.output)
        }

        /// More runs than anybody waits for: what is done when the signal comes is told, and that it is not all.
        @Test(arguments: [("TERM", 143), ("INT", 130)] as [(String, Int32)])
        func whatIsDoneIsToldWhenItIsStopped(signal: String, code: Int32) async throws {
            // The folder is made once the program listens to signals.
            let folder = try Folder()
            let result = try await Program.shell(
                """
                "$0" simulate good-bench --task info --seeds 1...100000 --trace '\(folder["t"])' --json & child=$!
                while kill -0 $child && [ ! -d '\(folder["t"])' ]; do :; done
                kill -\(signal) $child; wait $child
                """)
            #expect(result.code == code, "\(result.error)")
            #expect(result.error.contains("of 100000 runs; the report is of these"), "\(result.error)")
            #expect(result.output.contains("\"complete\":false"), "\(result.output.prefix(200))")
        }

        /// Nothing gets through a host that asks for a second only, where power comes later: told with its seed, the
        /// command that repeats it, and its trace.
        @Test func anUnexpectedRunIsTold() async throws {
            let folder = try Folder()
            let result = try await Program.run([
                "simulate", "late-power", "--sync-for", "0.1", "--seeds", "17", "--dialect", "vendor", "--trace",
                folder["traces"],
            ])
            #expect(result.code == 1)
            #expect(result.output.contains("seed 17: failed: success was expected"), "\(result.output)")
            #expect(
                result.output.contains("again: solderless simulate late-power --seeds 17 --dialect vendor"),
                "\(result.output)")
            let shown = try await Program.run(["show", folder["traces/late-power-vendor-17.pcap"]])
            #expect(shown.code == 0)
            #expect(shown.output.contains("sync word"))
        }

        /// A host that gives up before the power comes: nothing but the late power is left of it.
        @Test func shrinksToWhatMatters() async throws {
            let result = try await Program.run([
                "simulate", "late-power", "--sync-for", "0.1", "--shrink", "3", "--dialect", "vendor",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.contains("  apply: first-host-byte + 500 ms\n"), "\(result.output)")
            // What is printed is a scenario that fails in the same way.
            let folder = try Folder()
            try folder.write(Array(result.output.utf8), to: "small.yaml")
            let again = try await Program.run([
                "simulate", folder["small.yaml"], "--sync-for", "0.1", "--seeds", "3", "--dialect", "vendor",
            ])
            #expect(again.code == 1, "\(again.error)")
            #expect(again.output.contains("seed 3: failed: success was expected"), "\(again.output)")
        }

        @Test(arguments: [
            ("5...1", "the smaller number comes first: 1...5"), ("7..<3", "the smaller number comes first: 3..<7"),
            ("5..<5", "this range is empty; write 5"),
            ("1...1000001", "these are 1000001 seeds; at most 1000000 are allowed"),
            ("0...18446744073709551615", "these are 18446744073709551615 seeds; at most 1000000 are allowed"),
            ("0..<1000002", "these are 1000002 seeds; at most 1000000 are allowed"), ("17,3,17", "17 is listed twice"),
            ("18446744073709551616", "18446744073709551616 is too large; the largest seed is 18446744073709551615"),
            ("1...2,5...9", "\"2,5...9\" is not a seed; write 17"), ("1,,2", "\"\" is not a seed"),
            ("-1", "\"-1\" is not a seed"),
        ])
        func wrongSeedsAreToldWhy(seeds: String, reason: String) async throws {
            let result = try await Program.run(["simulate", "good-bench", "--seeds=\(seeds)"])
            #expect(result.code == 2)
            #expect(result.error.contains(reason), "\(result.error)")
        }

        @Test func theHelpNamesTheMostSeeds() async throws {
            let words = try await Program.run(["simulate", "--help"]).output.split(whereSeparator: \.isWhitespace)
            let help = words.joined(separator: " ")
            #expect(help.contains("At most 1000000. (default: 0...99)"), "\(help)")
        }

        /// The same fault many times is named once, others that have the same name with what tells them apart.
        @Test func whatNeverFiredIsNamedOnce() async throws {
            let faults = [
                "open-wire", "open-wire", "open-wire", "unplugged: {after: 50 min}", "unplugged: {after: 51 min}",
                "delay: {at: {block: 9}}", "delay: {at: {block: 9}, by: 1 s}",
            ]
            let result = try await Program.run(
                ["simulate", "good-bench", "--task", "info", "--seeds", "0"] + faults.flatMap { ["--fault", $0] })
            let line =
                "  never fired: open-wire (2 times), unplugged: {after: 50 min}, unplugged: {after: 51 min}, "
                + "delay: {at: {block: 9}}, delay: {at: {block: 9}, by: 1 s}\n"
            #expect(result.output.contains(line), "\(result.output)")
        }

        @Test func aPulledPlugIsNotToldToHaveDoneNothing() async throws {
            let result = try await Program.run([
                "simulate", "good-bench", "--seeds", "0", "--fault", "unplugged: {after: 0 s}",
            ])
            #expect(result.code == 1)
            #expect(!result.output.contains("never fired"), "\(result.output)")
        }

        @Test(arguments: [
            ["simulate"], ["simulate", "no-such-scenario"], ["simulate", "good-bench", "--seeds", "5..<5"],
            ["simulate", "good-bench", "--seeds", "1,,2"], ["simulate", "good-bench", "--seeds", "-1"],
            ["simulate", "good-bench", "--dialect", "klingon"], ["simulate", "good-bench", "--jobs", "0"],
            ["simulate", "good-bench", "--shrink", "1", "--dialect", "all"],
            ["simulate", "good-bench", "--shrink", "1", "--json"], ["simulate", "good-bench", "--sync-for", "0"],
        ])
        func wrongUsage(arguments: [String]) async throws {
            let result = try await Program.run(arguments)
            #expect(result.code == 2, "\(result.output) \(result.error)")
            #expect(!result.error.isEmpty)
            #expect(result.output.isEmpty)
        }
    }
}
