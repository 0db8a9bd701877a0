import Foundation
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension OfflineCommands {
    /// `simulate --trace`: where traces go, and what becomes of the results when they cannot.
    @Suite struct SimulateTraceTests {
        private static let short = ["simulate", "good-bench", "--task", "info", "--seeds", "0"]

        /// Nothing is a folder of that name, least of all the root of the file system.
        @Test func noNameIsNoFolder() async throws {
            let result = try await Program.run(Self.short + ["--trace", ""])
            #expect(result.code == 2, "\(result.error)")
            #expect(result.error.contains("--trace needs the name of a folder"))
            #expect(!FileManager.default.fileExists(atPath: "/good-bench-community-0.pcap"))
        }

        /// Before anything is run: a million runs would take hours.
        @Test(arguments: ["/dev/full", "/dev/null/traces"])
        func aFolderThatCannotBeHadIsToldFirst(folder: String) async throws {
            let result = try await Program.run(
                ["simulate", "good-bench", "--seeds", "0..<1000000", "--trace", folder], within: 30)
            #expect(result.code == 3, "\(result.error)")
            #expect(result.output.isEmpty)
            #expect(result.error.contains(folder == "/dev/full" ? "not a folder" : "/dev/null"), "\(result.error)")
        }

        /// A pipe under the trace's name: nothing waits for a reader, and what was found out is told all the same.
        @Test(arguments: [true, false])
        func whatCannotBeWrittenCostsNoResult(json: Bool) async throws {
            let folder = try Folder()
            #expect(mkfifo(folder["good-bench-community-0.pcap"], 0o600) == 0)
            let result = try await Program.run(
                Self.short + ["--trace", folder.path] + (json ? ["--json"] : []), within: 30)
            #expect(result.code == 3, "\(result.error)")
            #expect(result.error.contains("good-bench-community-0.pcap: this is not a regular file"), "\(result.error)")
            #expect(result.output.contains(json ? "\"successes\"" : "good-bench  community"), "\(result.output)")
        }

        /// Two files that give their scenario the same name, and one that has taken the name with a number.
        @Test func scenariosOfOneNameHaveTheirOwnTraces() async throws {
            let folder = try Folder()
            for (file, name) in [("a", "same"), ("b", "same"), ("c", "same-2")] {
                let text = "solderless: 1\nname: \(name)\nhost: {task: info}\n"
                try folder.write(Array(text.utf8), to: "\(file).yaml")
            }
            let result = try await Program.run(
                ["simulate", "--seeds", "0", "--trace", folder["traces"]]
                    + ["a", "b", "c"].map { folder["\($0).yaml"] })
            #expect(result.code == 0, "\(result.error)")
            let traces = try FileManager.default.contentsOfDirectory(atPath: folder["traces"]).sorted()
            #expect(traces == ["same-2-community-0.pcap", "same-3-community-0.pcap", "same-community-0.pcap"])
        }
    }
}
