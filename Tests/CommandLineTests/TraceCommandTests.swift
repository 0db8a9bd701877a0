import Foundation
import TestForms
import Testing

extension CommandLineTests {
    /// `import`, `show`, `diff`, `replay` as commands.
    @Suite struct TraceCommandTests {
        private let golden = "\(Program.root)/Tests/Golden"
        private let traces = "\(Program.root)/traces"

        /// The command that `traces/README.md` gives makes the traces that lie there.
        @Test(arguments: ["efuse", "erase", "write-64k"])
        func importMakesTheTracesInTheRepository(name: String) async throws {
            let folder = try Folder()
            let result = try await Program.run(["import", "\(golden)/\(name).jsonl", "-o", folder["t.pcap"]])
            #expect(result.code == 0, "\(result.error)")
            #expect(
                try await Program.run(["diff", folder["t.pcap"], "\(traces)/\(name).pcap", "--timing", "0"]).code == 0)
            #expect(
                try await Program.run(["import", "\(golden)/\(name).jsonl", "-o", folder["t.pcap"]]).code == 3,
                "no overwriting")
        }

        @Test func diffExplains() async throws {
            let result = try await Program.run([
                "diff", "\(traces)/write-64k.pcap", "\(traces)/write-64k-one-bit-corrupt.pcap",
            ])
            #expect(result.code == 1)
            #expect(!result.output.isEmpty)
        }

        @Test func aRecordedSessionReplays() async throws {
            let folder = try Folder()
            let flash = ["flash", "read", folder["first.bin"], "--length", "0x3000", "--port"]
            let recorded = try await Program.run(
                ["run", "--time", "brisk", "--trace", folder["t.pcap"], "--", Program.path] + flash + ["{port}"])
            #expect(recorded.code == 0, "\(recorded.error)")
            let (_, status) = try await Program.withPort(
                ["replay", folder["t.pcap"], "--link", folder["chip"]], endsOfItself: true
            ) {
                port, _ in
                let again = try await Program.run([
                    "flash", "read", folder["second.bin"], "--length", "0x3000", "--port", port,
                ])
                #expect(again.code == 0, "\(again.error)")
            }
            #expect("\(status)" == "exited(0)")
            #expect(try folder.read("first.bin") == folder.read("second.bin"))
        }

        @Test func anotherHostDiverges() async throws {
            let (_, status) = try await Program.withPort(
                [
                    "replay", "\(traces)/read-64k.pcap", "--link", "\(try Folder().path)-chip",
                ], endsOfItself: true
            ) { port, _ in
                let other = try await Program.run(["flash", "info", "--port", port, "--sync-for", "1"])
                #expect(other.code != 0)
            }
            #expect("\(status)" == "exited(1)")
        }

        /// Truncated and random files: a clear error or as much as there is, never a crash.
        @Test(arguments: [0, 1, 23, 24, 25, 100, 5000])
        func truncatedTraces(count: Int) async throws {
            let folder = try Folder()
            let whole = try Array(Data(contentsOf: URL(fileURLWithPath: "\(traces)/efuse.pcap")))
            try folder.write(Array(whole.prefix(count)), to: "t.pcap")
            let result = try await Program.run(["show", folder["t.pcap"]])
            #expect(result.code == (count < 24 ? 3 : 0), "\(result.error)")
        }

        @Test(arguments: 0..<8)
        func randomFiles(seed: Int) async throws {
            let folder = try Folder()
            var state = UInt64(seed &* 7919 &+ 1)
            let bytes = (0..<4096).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            try folder.write(seed % 2 == 0 ? bytes : [0xA1, 0xB2, 0x3C, 0x4D] + bytes, to: "t.pcap")
            #expect(try await Program.run(["show", folder["t.pcap"]]).code == 3)
            try folder.write(Array("oneb".utf8) + bytes, to: "i.bin")
            let written = try await Program.run([
                "run", "--time", "fast", "--", Program.path, "flash", "write", folder["i.bin"], "--port", "{port}",
            ])
            #expect(written.code == 3, "\(written.error)")
            #expect(written.error.contains("offset"))
        }
    }
}
