import Foundation
import Line
import TestForms
import Testing
import Trace
import Words

/// Debian's Mono, where it is wanted and installed.
enum Mono {
    private static let isWanted = ProcessInfo.processInfo.environment["SOLDERLESS_CLIENT_TESTS"] == "1"
    static let isThere =
        isWanted && ["mono", "mcs"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
    static let isNotThere: Comment = "`make test-clients` installs Mono and runs this"
}

extension RunCommands {
    /// A program under Mono 6.8, which cannot open a bare pseudo-terminal (ECR6600 facts §13.6).
    @Suite(
        .serialized, .enabled(if: Mono.isThere, Mono.isNotThere),
        .enabled(if: LinesBench.hasPreload, LinesBench.noPreload))
    struct MonoTests {
        private func program(_ bench: LinesBench) async throws -> [String] {
            let built = try await Program.shell(
                "mcs -out:'\(bench["lines.exe"])' '\(Program.root)/Tests/Clients/Lines.cs'")
            try #require(built.code == 0, "\(built.output) \(built.error)")
            return ["mono", bench["lines.exe"], "{port}"]
        }

        @Test func resetsAnEvaluationBoard() async throws {
            let bench = try LinesBench()
            let result = try await Program.run(
                ["run", "--board", "evk", "--time", "brisk", "--trace", bench["t.pcap"], "--"] + program(bench) + [
                    "1000"
                ])
            #expect(result.code == 0, "\(result.output) \(result.error)")
            let actions = try bench.events().hostActions
            let fast = try #require(actions.firstIndex(of: "2000000 baud"))
            let slow = try #require(actions.lastIndex(of: "115200 baud"))
            var pulses: [String] = []
            for _ in 0..<1000 { pulses += ["DTR", "DTR RTS", "1 bytes", "DTR", "none"] }
            #expect(actions[(fast + 1)..<slow].filter { $0 != "input" } == pulses)
            let before = actions[..<fast].filter { $0 == "RTS" || $0 == "none" || $0.hasSuffix("bytes") }
            #expect(before == ["RTS", "none", "4 bytes", "RTS", "4 bytes", "none", "4 bytes"], "\(actions[..<fast])")
        }

        @Test func cannotOpenABarePort() async throws {
            let bench = try LinesBench()
            let result = try await Program.run(["run", "--no-lines", "--"] + program(bench) + ["1"])
            #expect(result.code != 0 && result.error.contains("Inappropriate ioctl"), "\(result.error)")
        }
    }
}

extension ForeignHosts {
    /// A flasher under Mono (`Tests/Clients/Flasher.cs`), called as `emulator/flashers/mono.yaml` has it.
    @Suite(
        .serialized, .enabled(if: Mono.isThere, Mono.isNotThere),
        .enabled(if: LinesBench.hasPreload, LinesBench.noPreload))
    struct MonoFlasherTests {
        @Test func aFlasherUnderMonoIsJudged() async throws {
            let folder = try CheckFolder()
            let program = folder.folder["flasher.exe"]
            let built = try await Program.shell("mcs -out:'\(program)' '\(Program.root)/Tests/Clients/Flasher.cs'")
            try #require(built.code == 0, "\(built.output) \(built.error)")
            let result = try await folder.check("--suite smoke --flasher mono --set program=\(program) --json")
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
            let runs = report["runs"]?.array ?? []
            #expect(result.code == 0, "\(result)")
            CheckFolder.expectAllRight(runs)
            // A data frame's answer was lost, and what came of it is right all the same.
            let lost = runs.first { $0["scenario"]?.string == "lost-ack" && $0["task"]?.string == "write" }
            #expect(lost?["faults"]?.array?.contains { $0["count"]?.integer == 1 } == true, "\(result.output)")
            #expect(try folder.leftovers == [])
        }
    }
}
