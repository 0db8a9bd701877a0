import Foundation
import TestForms
import Testing

extension TraceCommands {
    /// `export`, and what other commands make of its captures.
    @Suite struct ExportCommandTests {
        private let trace = "\(Program.root)/traces/erase.pcap"

        @Test func helpListsAllKinds() async throws {
            let help = try await Program.run(["export", "--help"]).output
            for word in ["usbpcap:", "usbmon:", "ch340:", "cp210x:", "ftdi:", "pl2303:", "cdc-acm:"] {
                #expect(help.contains("  \(word) "), "\(word)")
            }
        }

        @Test func whatWasWrittenAndWhatWasNotIsTold() async throws {
            let folder = try Folder()
            let trace = "\(Program.root)/traces/late-power-community-1.pcap"
            let result = try await Program.run(["export", trace, "--as", "usbpcap:ch340", "-o", folder["u.pcap"]])
            #expect(result.code == 0 && result.output.isEmpty, "\(result.error)")
            #expect(result.error.contains("wrote \(folder["u.pcap"]): usbpcap:ch340, "))
            #expect(result.error.contains("left out, for no USB capture has them: 1 × session description, "))
            #expect(result.error.contains("× power change"))
            #expect(result.error.contains("rate 115200: a CH340 makes 115385 of it"))
            #expect(try folder.names() == ["u.pcap"])
        }

        @Test func aReportForAProgram() async throws {
            let folder = try Folder()
            let result = try await Program.run(
                ["export", trace, "--as", "usbmon:cp210x", "-o", folder["u.pcap"], "--json"])
            #expect(result.code == 0 && result.error.isEmpty)
            #expect(result.output.contains(#""kind":"usbmon:cp210x""#), "\(result.output)")
        }

        /// It is a capture that the other way round becomes the same session; also through pipes. (An FTDI's packets
        /// tell of control lines besides, where the trace has none.)
        @Test func itComesBack() async throws {
            let folder = try Folder()
            let result = try await Program.shell(
                """
                cd \(folder.path) && gzip -c '\(trace)' | $0 export - --as usbmon:cp210x -o u.pcap 2>/dev/null \
                && $0 import u.pcap -o t.pcap && $0 diff t.pcap '\(trace)'
                """)
            #expect(result.code == 0, "\(result.output)\(result.error)")
        }

        @Test(arguments: [
            ("usbpcap:ch430", "did you mean \"usbpcap:ch340\"?"), ("usbmon:ftd", "did you mean \"usbmon:ftdi\"?"),
            ("pcapng", "it is one of usbpcap:ch340, "), ("", "it is one of usbpcap:ch340, "),
        ])
        func anUnknownKind(kind: String, advice: String) async throws {
            let folder = try Folder()
            let result = try await Program.run(["export", trace, "--as", kind, "-o", folder["u.pcap"]])
            #expect(result.code == 2 && result.error.contains(advice), "\(result.code): \(result.error)")
            #expect(try folder.names().isEmpty)
        }

        @Test func aFileThatIsThereIsKept() async throws {
            let folder = try Folder()
            try folder.write([1, 2, 3], to: "u.pcap")
            let words = ["export", trace, "--as", "usbpcap:pl2303", "-o", folder["u.pcap"]]
            let refused = try await Program.run(words)
            #expect(refused.code == 3 && refused.error.contains("exists already"), "\(refused.error)")
            #expect(refused.error.contains("--overwrite"))
            #expect(try folder.read("u.pcap") == [1, 2, 3])
            let replaced = try await Program.run(words + ["--overwrite"])
            #expect(replaced.code == 0)
            #expect(try folder.read("u.pcap").count > 1000)
        }

        /// A trace that is damaged, is none, or is not there leaves nothing.
        @Test func aBadTraceLeavesNothing() async throws {
            let folder = try Folder()
            var damaged = try Folder.contents(of: trace)
            // The second record says that it has 4 GB.
            let second = 24 + 16 + Int(damaged[32]) + Int(damaged[33]) << 8
            damaged.replaceSubrange(second + 8..<second + 12, with: [0xFF, 0xFF, 0xFF, 0xFF])
            try folder.write(damaged, to: "damaged")
            try folder.write(Array("no capture".utf8), to: "text")
            for (name, message) in [
                ("damaged", "damaged at byte"), ("text", "is no capture file"), ("missing", "No such file"),
            ] {
                let result = try await Program.run(
                    ["export", folder[name], "--as", "usbpcap:ch340", "-o", folder["u.pcap"]])
                #expect(result.code == 3 && result.error.contains(message), "\(result.code): \(result.error)")
            }
            #expect(try folder.names() == ["damaged", "text"])
        }

        /// What is there of a trace whose writer died is written, and where it ends is said.
        @Test func aTraceThatBreaksOff() async throws {
            let folder = try Folder()
            try folder.write(Array(try Folder.contents(of: trace).dropLast(3)), to: "cut")
            let result = try await Program.run(
                ["export", folder["cut"], "--as", "usbpcap:cdc-acm", "-o", folder["u.pcap"]])
            #expect(result.code == 0 && result.error.contains("ends in the middle of a record"), "\(result.error)")
        }

        /// The flasher here has the same session with the chip of an imported USB capture as with that of the trace.
        @Test(arguments: ["usbpcap:ch340", "usbmon:ftdi", "usbpcap:cp210x", "usbmon:pl2303", "usbpcap:cdc-acm"])
        func aReplayOfAnImportedCapture(kind: String) async throws {
            let folder = try Folder()
            try folder.write((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: "part.bin")
            let job = ["write", folder["part.bin"], "--address", "0x8000", "--yes", "--no-backup"]
            let then = try await Program.run(
                ["run", "--no-link", "--start", "rom", "--time", "brisk", "--trace", folder["then.pcap"], "--"]
                    + [Program.path, "flash"] + job + ["--port", "{port}"])
            #expect(then.code == 0, "\(then.output)\(then.error)")
            let back = try await Program.shell(
                """
                cd \(folder.path) && $0 export then.pcap --as \(kind) -o usb.pcap && $0 import usb.pcap -o usb-then.pcap
                """)
            #expect(back.code == 0, "\(back.error)")
            for trace in ["then.pcap", "usb-then.pcap"] {
                let link = folder["chip-\(trace)"]
                let (now, status) = try await Program.withPort(
                    ["replay", folder[trace], "--link", link], endsOfItself: true
                ) { _, _ in
                    try await Program.run(["flash"] + job + ["--port", link])
                }
                #expect("\(status)" == "exited(0)" && now.code == 0, "\(trace): \(now.output)\(now.error)")
            }
        }
    }
}
