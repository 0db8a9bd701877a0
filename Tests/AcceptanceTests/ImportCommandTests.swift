import Foundation
import TestForms
import Testing

extension OfflineCommands {
    /// `import` of recordings of other programs.
    @Suite struct ImportCommandTests {
        private let log = """
            > 2013/05/01 12:00:00.000123456  length=4 from=0 to=3
             63 6e 79 73
            < 2013/05/01 12:00:00.000223456  length=3 from=1 to=3
             4f 4b

            """

        @Test func helpListsAllKinds() async throws {
            let help = try await Program.run(["import", "--help"]).output
            for name in ["jsonl", "esptool", "socat", "saleae", "vcd", "sigrok", "stc", "rtac", "raw"] {
                #expect(help.contains("  \(name): "), "\(name)")
            }
        }

        /// What was found, assumed and lost is told; the trace is one that other commands read.
        @Test func whatWasFoundIsTold() async throws {
            let folder = try Folder()
            try folder.write(Array(log.utf8), to: "log")
            let result = try await Program.run(["import", folder["log"], "-o", folder["t.pcap"]])
            #expect(result.code == 0 && result.output.isEmpty, "\(result.error)")
            #expect(result.error.contains("socat, 4 bytes host to chip, 2 chip to host"))
            #expect(result.error.contains("assumed: the host is at the left address"))
            #expect(result.error.contains("lost: 0 bytes host to chip, 2 chip to host"))
            #expect(result.error.contains("line 3: says 3 bytes, and 2 follow"))
            let shown = try await Program.run(["show", folder["t.pcap"]])
            #expect(shown.code == 0 && shown.output.contains("sync"), "\(shown.output)")
            let again = try await Program.run(["import", folder["t.pcap"], "-o", folder["u.pcap"]])
            #expect(again.code == 3 && again.error.contains("is a trace already"), "\(again.error)")
        }

        /// What `show` draws as a waveform is a recording of wires.
        @Test func aWaveformOfOurs() async throws {
            let folder = try Folder()
            let trace = "\(Program.root)/traces/erase.pcap"
            let drawn = try await Program.shell("$0 show --vcd '\(trace)' > \(folder.path)/t.vcd")
            #expect(drawn.code == 0, "\(drawn.error)")
            let result = try await Program.run(
                ["import", folder["t.vcd"], "-o", folder["t.pcap"]])
            #expect(result.code == 0 && result.error.contains("\"chip_tx\" is what it receives"), "\(result.error)")
            let difference = try await Program.run(["diff", folder["t.pcap"], trace])
            #expect(difference.code == 0, "\(difference.output)")
        }

        @Test func theHostIsChosen() async throws {
            let folder = try Folder()
            try folder.write(Array(log.utf8), to: "log")
            let result = try await Program.run(
                ["import", folder["log"], "-o", folder["t.pcap"], "--host", "right", "--baud", "115200"])
            #expect(result.code == 0 && result.error.contains("socat, 2 bytes host to chip, 4 chip to host"))
            #expect(result.error.contains("1 rate set") && !result.error.contains("assumed"))
        }

        @Test func rawBytesThroughAPipe() async throws {
            let folder = try Folder()
            let result = try await Program.shell(
                "printf cnys | $0 import - --from raw --direction host-to-chip --baud 115200 -o \(folder.path)/t.pcap")
            #expect(result.code == 0 && result.error.contains("raw, 4 bytes host to chip"), "\(result.error)")
            #expect(result.error.contains("times are made up"))
        }

        @Test(
            arguments: [
                ([], "--from", "socket", 2, "did you mean \"socat\"?"),
                ([], "--baud", "0", 2, "a rate is at least 1"), ([], "--format", "9N1", 2, "written as 8N1"),
                ([], "--direction", "up", 2, "host-to-chip or chip-to-host"), ([], "--host", "middle", 2, "middle"),
                (["--host-wire", "A"], "--chip-wire", "A", 2, "name the same wire"),
                ([], "--direction", "host-to-chip", 2, "the kind socat, which has no use for --direction"),
                (["--channel", "1"], "--device", "1.5", 2, "has no use for --device and --channel"),
            ] as [([String], String, String, Int, String)])
        func wrongOptionsAreExplained(
            others: [String], option: String, value: String, code: Int, message: String
        ) async throws {
            let folder = try Folder()
            try folder.write(Array(log.utf8), to: "log")
            let result = try await Program.run(
                ["import", folder["log"], "-o", folder["t.pcap"]] + others + [option, value])
            #expect(result.code == code && result.error.contains(message), "\(result.code): \(result.error)")
        }
    }
}
