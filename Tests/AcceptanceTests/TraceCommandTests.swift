import Foundation
import TestForms
import Testing

extension TraceCommands {
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

        /// The bytes of a session as JSON lines are the session again, times and rates included.
        @Test func whatIsPrintedAsJSONLinesIsImported() async throws {
            let folder = try Folder()
            let trace = "\(traces)/write-64k.pcap"
            let result = try await Program.shell(
                "$0 show --jsonl \(trace) | $0 import - -o \(folder["t.pcap"]) && $0 diff --timing 0 \(trace) \(folder["t.pcap"])"
            )
            #expect(result.code == 0, "\(result.output) \(result.error)")
        }

        /// Phases and events have one clock: the trace begins before the first message of this one.
        @Test(arguments: ["--timeline", "--stats"]) func phasesCountAsEventsDo(view: String) async throws {
            let trace = "\(traces)/late-power-community-1.pcap"
            let request = try await Program.run(["show", trace, "--grep", "FLASH ID"]).output
            let phases = try await Program.run(["show", trace, view]).output
            let row = try #require(phases.split(separator: "\n").first { $0.hasPrefix("stub check") })
            let end = try #require(Double(request.split(separator: " ")[0]))
            let start = try #require(Double(row.split(separator: " ")[2]))
            // Five characters of 87 µs; a trace has the end of its records.
            #expect(start > 0.005 && start <= end && end - start < 0.001, "\(request)\(row)")
        }

        @Test func nothingIsAsAskedFor() async throws {
            let result = try await Program.run(["show", "\(traces)/efuse.pcap", "--grep", "no such words"])
            #expect(result.code == 0 && result.output.isEmpty)
            #expect(result.error.contains("none of its events is what"), "\(result.error)")
        }

        @Test func viewsForOtherPrograms() async throws {
            let folder = try Folder()
            let trace = "\(traces)/efuse.pcap"
            let table = try await Program.run(["show", "--csv", "--kind", "sync-word", trace])
            #expect(table.output.split(whereSeparator: \.isNewline).count == 2, "\(table.output)")
            let waveform = try await Program.run(["show", "--vcd", "\(traces)/sync-no-answer.pcap"])
            #expect(waveform.output.hasPrefix("$version solderless $end\n$timescale 1 ns $end\n"))
            for options in [["--perfetto", folder["p.json"]], ["--overwrite", "--perfetto", folder["p.json"]]] {
                #expect(try await Program.run(["show"] + options + [trace]).code == 0)
                #expect(throws: Never.self) {
                    try JSONSerialization.jsonObject(with: Data(folder.read("p.json")))
                }
            }
            #expect(try await Program.run(["show", "--perfetto", folder["p.json"], trace]).code == 3, "no overwriting")
            #expect(try folder.names() == ["p.json"])
        }

        @Test(arguments: [
            (["--csv", "--vcd"], "--csv and --vcd are two views"),
            (["--stats", "--timeline"], "includes the timeline"),
            (["--vcd", "--end", "chip"], "--vcd is about the host's end"), (["--csv", "--json"], "--csv has a format"),
            (["--jsonl", "--kind", "sync-word"], "choose among events"),
            (["--overwrite"], "for the file of --html or --perfetto"),
            (["--stats", "--hex"], "leave out --stats"), (["--follow", "--csv"], "leave out all other views"),
        ])
        func oneViewAtATime(options: [String], message: String) async throws {
            let result = try await Program.run(["show", "\(traces)/efuse.pcap"] + options)
            #expect(result.code == 2)
            #expect(result.error.contains(message), "\(result.error)")
        }

        /// What is no session in JSON lines is named for what it is.
        @Test func whatCannotBeImportedIsNamed() async throws {
            func little(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
            let folder = try Folder()
            let head = little(0xA1B2_C3D4) + [2, 0, 4, 0] + little(0) + little(0) + little(65_535)
            for (content, message) in [
                ([], "holds no session"), (Array("\n  \n".utf8), "holds no session"),
                (head + little(249), "there is no USB traffic in it"),
                (head + little(220), "there is no USB traffic in it"),
                (head + little(250), "holds no session"), (Array("what?".utf8), "is no recording that is known"),
                (head + little(1), "link type 1"),
            ] as [([UInt8], String)] {
                try folder.write(content, to: "f")
                let result = try await Program.run(["import", folder["f"], "-o", folder["t.pcap"]])
                #expect(result.code == 3 && result.error.contains(message), "\(result.error)")
                #expect(!FileManager.default.fileExists(atPath: folder["t.pcap"]))
            }
        }

        /// The end of a pipe is the end, and what is read of one is not read twice.
        @Test func pipesAreReadOnce() async throws {
            let folder = try Folder()
            let followed = try await Program.shell(
                "cd \(folder.path); mkfifo p; cat '\(traces)/efuse.pcap' > p & $0 show --follow \(folder.path)/p; rm \(folder.path)/p"
            )
            #expect(followed.output.contains("EFUSE dump"), "\(followed.error)")
            let imported = try await Program.shell(
                "cd \(folder.path); mkfifo q; cat '\(golden)/efuse.jsonl' > q & $0 import \(folder.path)/q -o \(folder.path)/t.pcap; "
                    + "$0 diff \(folder.path)/t.pcap '\(traces)/efuse.pcap'; rm \(folder.path)/q")
            #expect(imported.output.contains("agree"), "\(imported.error)")
        }

        /// A trace that is still being written: what is there is shown, then what comes, and the end is that of the file.
        @Test func aTraceThatGrows() async throws {
            let folder = try Folder()
            let whole = try await Program.run(["show", "\(traces)/write-64k.pcap"]).output
            let shown = try await Program.shell(
                """
                cd \(folder.path); head -c 5000 '\(traces)/write-64k.pcap' > t.pcap
                $0 show --follow t.pcap > shown & follower=$!
                while [ ! -s shown ]; do sleep 0.05; done
                tail -c +5001 '\(traces)/write-64k.pcap' >> t.pcap
                while ! grep -q 'SHA256' shown; do sleep 0.05; done
                sleep 0.5; rm t.pcap; wait $follower; echo $?
                """)
            #expect(shown.output == "0\n", "\(shown.error)")
            let followed = String(decoding: try folder.read("shown"), as: UTF8.self)
            #expect(followed.split(separator: "\n").last == whole.split(separator: "\n").last)
        }

        /// A trace that comes through a pipe, and a reader that has seen enough.
        @Test func pipes() async throws {
            let whole = try await Program.run(["show", "\(traces)/write-64k.pcap"]).output
            let piped = try await Program.shell("cat '\(traces)/write-64k.pcap' | $0 show -")
            #expect(piped.output == whole, "\(piped.error)")
            // More than a pipe holds: its reader is gone before the end.
            let dump = try await Program.run(["show", "--hex", "\(traces)/write-64k.pcap"]).output
            let packed = try await Program.shell("gzip -c '\(traces)/write-64k.pcap' | $0 show --hex - | head -n 3")
            #expect(packed.output == dump.split(separator: "\n").prefix(3).joined(separator: "\n") + "\n")
            #expect(packed.code == 0 && packed.error.isEmpty, "\(packed.error)")
        }

        @Test func eventsAreChosen() async throws {
            let trace = "\(traces)/write-64k.pcap"
            let acks = try await Program.run(["show", trace, "--kind", "xmodem-block"])
            #expect(acks.output.split(separator: "\n").count == 64)
            #expect(try await Program.run(["show", trace, "--grep", "flash id"]).output.contains("FLASH ID 1560EB"))
            #expect(try await Program.run(["show", trace, "--stats", "--kind", "request"]).code == 2)
        }

        /// A damaged trace gives everything before the damage, in each view.
        @Test(arguments: [[], ["--json"], ["--timeline"], ["--stats"]])
        func whatComesBeforeADamageIsShown(view: [String]) async throws {
            let folder = try Folder()
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(traces)/write-64k.pcap")))
            // Somewhere in the middle: a record's length, and what comes before it.
            bytes.replaceSubrange(40_000..<40_064, with: [UInt8](repeating: 0xFF, count: 64))
            try folder.write(bytes, to: "t.pcap")
            let whole = try await Program.run(["show", "\(traces)/write-64k.pcap"] + view)
            let shown = try await Program.run(["show", folder["t.pcap"]] + view)
            if shown.code == 3 { #expect(shown.error.contains("damaged at byte")) }
            #expect(!shown.output.isEmpty)
            #expect(shown.output.hasPrefix(whole.output.prefix(60)) || view == ["--stats"])
        }

        /// The two were recorded of one job: in B one block arrived damaged, and was sent again.
        @Test func diffExplains() async throws {
            let pair = ["\(traces)/write-64k.pcap", "\(traces)/write-64k-one-bit-corrupt.pcap"]
            let result = try await Program.run(["diff"] + pair)
            #expect(result.code == 1)
            let lines = result.output.split(separator: "\n")
            #expect(lines.first == "- A: \(pair[0])" && lines.dropFirst().first == "+ B: \(pair[1])")
            let more = lines.dropFirst(2).filter { $0.hasPrefix("+") }
            #expect(more.count == 2, "\(result.output)")
            #expect(more.first?.hasSuffix("← chip   NAK") == true && more.last?.hasSuffix("again") == true)
            #expect(lines.last?.hasSuffix(" agree, 2 only in B") == true)
            #expect(!result.output.contains("\u{1B}"), "no colours in a pipe")
            let mirrored = try await Program.run(["diff"] + pair.reversed())
            #expect(mirrored.code == 1 && mirrored.output.hasSuffix(" agree, 2 only in A\n"), "\(mirrored.output)")
        }

        /// What the host did to its port is compared, unless only the data matter.
        @Test func diffOfDataAlone() async throws {
            let folder = try Folder()
            try folder.write(
                Array(
                    """
                    {"t": 0, "dir": "host-to-chip", "baud": 115200, "hex": "636e7973"}
                    {"t": 0.001, "dir": "chip-to-host", "hex": "01"}

                    """.utf8), to: "a.jsonl")
            try folder.write(
                Array(
                    """
                    {"t": 0, "dir": "host-to-chip", "baud": 9600, "hex": "636e7973"}
                    {"t": 0.001, "dir": "chip-to-host", "hex": "01"}

                    """.utf8), to: "b.jsonl")
            for name in ["a", "b"] {
                let made = try await Program.run(["import", folder["\(name).jsonl"], "-o", folder["\(name).pcap"]])
                #expect(made.code == 0, "\(made.error)")
            }
            let whole = try await Program.run(["diff", folder["a.pcap"], folder["b.pcap"]])
            #expect(whole.code == 1 && whole.output.contains("host at 9600"), "\(whole.output)")
            let data = try await Program.run(["diff", "--data-only", folder["a.pcap"], folder["b.pcap"]])
            #expect(data.code == 0 && data.output.hasSuffix(" agree: 2 steps\n"), "\(data.output)")
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
                    "replay", "\(traces)/read-64k.pcap", "--no-trace", "--link", "\(try Folder().path)-chip",
                ], endsOfItself: true
            ) { port, _ in
                let other = try await Program.run(["flash", "info", "--port", port, "--sync-for", "1"])
                #expect(other.code != 0)
            }
            #expect("\(status)" == "exited(1)")
        }

        /// As Wireshark's serial adapter (extcap) writes it: every record is a CAPTURE_COMPLETE, and no direction is known.
        /// The bytes are shown; nothing can be played, and nothing agrees.
        @Test func aCaptureWithoutDirections() async throws {
            let folder = try Folder()
            func little(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
            var file = little(0xA1B2_C3D4) + [2, 0, 4, 0] + little(0) + little(0) + little(65_535) + little(250)
            for (microseconds, data) in [(0, Array("cnys".utf8)), (1200, [1])] as [(UInt32, [UInt8])] {
                let length = UInt32(12 + data.count)
                file += little(1_700_000_000) + little(microseconds) + little(length) + little(length)
                file += little(0) + little(microseconds) + [6, 0, 0, 0] + data
            }
            try folder.write(file, to: "t.pcap")
            let shown = try await Program.run(["show", folder["t.pcap"]])
            #expect(shown.code == 0)
            #expect(shown.output.contains("4 bytes of unknown direction: 63 6E 79 73"), "\(shown.output)")
            #expect(shown.output.contains("1 byte of unknown direction: 01"), "\(shown.output)")
            let replay = try await Program.run(["replay", folder["t.pcap"], "--link", folder["chip"]], within: 20)
            #expect(replay.code == 3)
            #expect(replay.error.contains("nothing to play"), "\(replay.error)")
            let diff = try await Program.run(["diff", folder["t.pcap"], folder["t.pcap"]])
            #expect(diff.code == 1)
            #expect(diff.output.contains("nothing to compare"), "\(diff.output)")
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
