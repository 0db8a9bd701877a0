import Foundation
import Testing

extension CommandLineTests {
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
            #expect(result.output.contains("seed 17: failed: success is expected"), "\(result.output)")
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
            #expect(again.output.contains("seed 3: failed: success is expected"), "\(again.output)")
            let nothing = try await Program.run(["simulate", "good-bench", "--task", "info", "--shrink", "3"])
            #expect(nothing.code == 1)
            #expect(nothing.error.contains("nothing to shrink"))
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
