import Foundation
import TestForms
import Testing

extension ForeignHosts {
    /// A client that nobody here wrote: pySerial with PyPI's xmodem (tools/xmodem_client.py only strings them together).
    @Suite(.serialized, .enabled(if: Program.hasPython, Program.noPython))
    struct ForeignFlasherTests {
        @Test(arguments: ["wire", "brisk", "fast"])
        func getsByteEqualResults(time: String) async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x55, count: 26096), to: "stub.bin")
            let result = try await Program.run([
                "run", "--time", time, "--power-after", "0.3", "--", Program.python,
                "\(Program.root)/tools/xmodem_client.py",
                "{port}", "65536", "--stub", folder["stub.bin"],
            ])
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(result.output.contains(#""passed": true"#))
        }

        /// The flasher that `docs/protocol.md` shows works as it stands there.
        @Test func theDocumentedFlasherWorks() async throws {
            let page = try String(contentsOfFile: "\(Program.root)/docs/protocol.md", encoding: .utf8)
            let code = try #require(
                page.components(separatedBy: "```python\n").last?.components(separatedBy: "```").first)
            let folder = try Folder()
            try folder.write(Array(code.utf8), to: "flasher.py")
            try folder.write([UInt8](repeating: 0x55, count: 7000), to: "stub.bin")
            let result = try await Program.run(
                [
                    "run", "--power-after", "0.5", "--trace", folder["t.pcap"], "--", "sh", "-c",
                    "cd \(folder.path) && \"$@\"", "sh",
                    Program.python,
                    "flasher.py", "{port}", "stub.bin",
                ])
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(result.output.contains("first-64k.bin is what the chip has"))
            #expect(try folder.read("first-64k.bin").count == 65_536)
            let linted = try await Program.run(["lint", "--strict", folder["t.pcap"]])
            #expect(linted.code == 0, "\(linted.output)")
        }
    }
}

extension QuietCommands {
    /// The same client where it has no patience, and ten of it at once.
    @Suite(.serialized, .enabled(if: Program.hasPython, Program.noPython))
    struct HastyFlasherTests {
        /// In the default time, as impatient as real flashers are (ECR6600 facts §11.2, §13.1, §13.7), with stubs of the
        /// sizes that there are (§4).
        @Test(arguments: [(26_096, []), (26_096, ["--paced"]), (6860, []), (10_636, [])])
        func hasNoPatience(stub: Int, options: [String]) async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x55, count: stub), to: "stub.bin")
            let result = try await Program.run(
                ["run", "--trace", folder["t.pcap"], "--", Program.python] + client(folder, 65_536) + ["--hasty"]
                    + options)
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(result.output.contains("\"uploaded\": {\"value\": \((stub + 1023) / 1024),"), "\(result.output)")
            let shown = try await Program.run(["show", "--timeline", "--json", folder["t.pcap"]])
            let phases = try JSONDecoder().decode(Phases.self, from: Data(shown.output.utf8)).phases
            #expect(phases.filter { $0.start < 0 || $0.duration < 0 }.isEmpty)
            // The pieces' answers included, the bytes take their time on the wire (§3).
            let upload = try #require(phases.first { $0.phase == "upload" })
            let needed = Double(stub) * 86_805
            #expect(abs(Double(upload.duration) - needed) < 30e6, "\(upload.duration) ns, not \(needed)")
            let lines = try await Program.run(["show", folder["t.pcap"]]).output
            #expect(lines.contains("the line went ahead by") == !options.contains("--paced"))
            #expect(!lines.contains(" +-"), "no time goes back")
        }

        private struct Phases: Decodable {
            struct Phase: Decodable {
                var phase: String
                var start: Int
                var duration: Int
            }
            var phases: [Phase]
        }

        private func client(_ folder: Folder, _ size: Int) -> [String] {
            [
                "\(Program.root)/tools/xmodem_client.py", "{port}", "\(size)", "--stub", folder["stub.bin"], "--job",
                "read",
            ]
        }

        /// §13.9: with many of them at once, each going to its rate 10 ms behind the command and back, ten times.
        @Test func manyAtOnce() async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x55, count: 26_096), to: "stub.bin")
            let command = (["$0", "run", "--timeout", "60", "--", Program.python] + client(folder, 1024))
                .joined(separator: " ")
            let result = try await Program.shell(
                "for i in 1 2 3 4 5 6 7 8 9 10; do \(command) --baud-rounds 10 & done; wait", within: 100)
            // Lines of several writers to one pipe may run together.
            let passed = result.output.ranges(of: #""passed": true"#)
            #expect(passed.count == 10, "\(result.output) \(result.error)")
        }
    }
}
