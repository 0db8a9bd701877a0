import Emulator
import Foundation
import TestForms
import Testing
import Words

extension RunCommands {
    /// What `run` says when its command has ended.
    @Suite struct RunReportTests {
        private static let run = "$0 run --time fast --flash-id 1440C8"
        /// A sync word and its answer, and then a command that fails (ECR6600 facts §1.4).
        private static let failure = """
            sh -c 'exec 3<>"$SOLDERLESS_PORT"; stty raw -echo 115200 <&3; printf cnys >&3; head -c 1 <&3 >/dev/null; exit 7'
            """

        @Test func aFailedCommandHasTwoLines() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell("\(Self.run) -- \(Self.failure)")
            #expect(result.code == 7)
            let lines = result.error.split(separator: "\n").filter { $0.hasPrefix("solderless run: ") }
            try #require(lines.count == 2, "\(result.error)")
            let first = try Regex(
                #"solderless run: last exchange: → chip sync word .*\([0-9.]+ s\), ← chip .*\([0-9.]+ s\); chip: power on, "#
                    + "mask ROM, UART boot runs")
            #expect(try first.wholeMatch(in: lines[0]) != nil, "\(lines[0])")
            #expect(lines[1].contains("run it again with --trace FILE, or always with --trace-on-failure FILE"))
            let good = try await bench.shell("\(Self.run) -- true")
            #expect(good.code == 0 && good.error.isEmpty, "\(good)")
        }

        /// The trace is there only then, and the command that is advised works from anywhere.
        @Test func aTraceOfAFailure() async throws {
            let bench = try CtlBench()
            let good = try await bench.shell("\(Self.run) --trace-on-failure 'a trace.pcap' -- true")
            #expect(good.code == 0, "\(good.error)")
            #expect(try bench.folder.names() == ["run"])
            let bad = try await bench.shell("\(Self.run) --trace-on-failure 'a trace.pcap' -- \(Self.failure)")
            #expect(bad.code == 7)
            let mark = "all of it: solderless "
            let advice = try #require(bad.error.split(separator: "\n").first { $0.contains(mark) })
            let command = advice[advice.range(of: mark)!.upperBound...]
            let shown = try await Program.shell("cd / && $0 \(command)")
            #expect(shown.code == 0 && shown.output.contains("sync word"), "\(shown)")
            #expect(try bench.folder.names() == ["a trace.pcap", "run"])
            let again = try await bench.shell("\(Self.run) --trace-on-failure 'a trace.pcap' -- true")
            #expect(again.code == 125 && again.error.contains("add --overwrite"), "\(again)")
            let replaced = try await bench.shell(
                "\(Self.run) --overwrite --trace-on-failure 'a trace.pcap' -- \(Self.failure)")
            #expect(replaced.code == 7, "\(replaced.error)")
        }

        @Test func theFlashIsCompared() async throws {
            let bench = try CtlBench()
            var plug = SampleFlash.image(byteCount: 1 << 20, seed: 5)
            try bench.folder.write(plug, to: "plug.bin")
            try bench.folder.write(Array(plug[0x8000..<0x9000]), to: "part")
            plug[0x8010] ^= 0xFF
            plug[0x8020] ^= 0xFF
            try bench.folder.write(Array(plug[0x8000..<0x9000]), to: "other")
            let run = "\(Self.run) --flash-from plug.bin"
            #expect(
                try await bench.shell("\(run) --expect-flash plug.bin --expect-flash part@0x8000 -- true").code == 0)
            let bad = try await bench.shell("\(run) --expect-flash other@0x8000 -- true")
            #expect(bad.code == 1)
            let (expected, found) = (plug[0x8010], plug[0x8010] ^ 0xFF)
            #expect(
                bad.error.contains(
                    "error: the flash differs from other in 2 of 4096 bytes, first at 0x8010, where the file has "
                        + "\(hex(expected)) and the flash \(hex(found))\n"), "\(bad.error)")
            #expect(try await bench.shell("\(run) --expect-flash other@0x8000 -- sh -c 'exit 9'").code == 9)
            let misfit = try await bench.shell("\(run) --expect-flash part@0xFF800 -- true")
            #expect(misfit.code == 125 && misfit.error.contains("part does not fit"), "\(misfit)")
            #expect(try await bench.shell("\(run) --expect-flash nosuch -- true").code == 125)
        }

        private func hex(_ byte: UInt8) -> String {
            (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }

        /// The report is all there is on standard output, and every key of it is in docs/json.md, and no other.
        @Test func theReportIsDocumented() async throws {
            let bench = try CtlBench()
            try bench.folder.write([0x5A], to: "wrong")
            let result = try await bench.shell(
                """
                $0 run --time brisk --flash-id 1440C8 --json --seed 3 --scenario lost-ack --trace t.pcap --expect-flash wrong -- \
                sh -c 'echo from the command; \(Self.failure.replacing("'", with: "'\\''"))'
                """)
            #expect(result.code == 7)
            #expect(result.error.contains("from the command"), "\(result.error)")
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
            #expect(report["outcome"]?.string == "failed")
            #expect(report["exitCode"]?.integer == 7 && report["commandExitCode"]?.integer == 7)
            #expect(report["bytes"]?["hostToChip"]?.integer == 4)
            #expect(report["seed"]?.string == "3" && report["scenario"]?.string == "lost-ack")
            #expect(report["faults"]?.array?.first?["count"]?.integer == 0)
            #expect(report["trace"]?.string == bench.folder["t.pcap"])
            #expect(report["expectedFlash"]?.array?.first?["differingCount"]?.integer == 1)
            let page = try String(contentsOfFile: "\(Program.root)/docs/json.md", encoding: .utf8)
            #expect(JSONKeys.of(report) == JSONKeys.documented(in: page, under: "## run"))
        }

        @Test(arguments: [
            ("true", "passed", 0), ("no-such-program", "not-started", 127), ("sh -c 'kill -9 $$'", "failed", 137),
            ("sleep 1000", "timed-out", 124),
        ])
        func outcomes(command: String, outcome: String, code: Int) async throws {
            let bench = try CtlBench()
            let result = try await bench.shell("\(Self.run) --json --timeout 1 -- \(command)")
            let report = try JSONReader.value(of: result.output.trimmingCharacters(in: .newlines))
            #expect(report["outcome"]?.string == outcome)
            #expect(Int(result.code) == code && report["exitCode"]?.integer == Int64(code))
            let isExit = outcome == "passed"
            #expect(report["commandExitCode"]?.integer == (isExit ? 0 : nil))
            #expect(report["commandSignal"]?.integer == (outcome == "failed" ? 9 : outcome == "timed-out" ? 15 : nil))
        }

        /// A trace never takes the place of what is read, and an expectation is one.
        @Test func filesAreKeptApart() async throws {
            let bench = try CtlBench()
            try bench.folder.write([UInt8](repeating: 0xFF, count: 0x1000), to: "erased@0x1F0000.bin")
            try bench.folder.write([], to: "empty.bin")
            _ = try await bench.shell("mkfifo pipe")
            for (options, message) in [
                ("--flash plug.bin --trace-on-failure plug.bin --overwrite", "name the same file, plug.bin"),
                ("--flash-from b.bin --trace-on-failure ./b.bin", "name the same file, b.bin"),
                ("--expect-flash e.bin --trace e.bin", "name the same file, e.bin"),
                ("--expect-flash empty.bin", "empty.bin is empty: there is nothing to compare"),
                ("--trace-on-failure pipe --overwrite", "is no file"),
            ] {
                let result = try await bench.shell("$0 run \(options) -- false")
                #expect(result.code == 125 && result.error.contains(message), "\(options): \(result.error)")
            }
            let named = try await bench.shell("$0 run --time fast --expect-flash erased@0x1F0000.bin --json -- true")
            let report = try JSONReader.value(of: named.output.trimmingCharacters(in: .newlines))
            #expect(report["expectedFlash"]?.array?.first?["address"]?.integer == 0x1F0000, "\(named.error)")
        }

        /// A time limit is no user, and says so itself.
        @Test func aTimeLimitIsNoUser() async throws {
            let bench = try CtlBench()
            let result = try await bench.shell(
                "$0 run --start off --timeout 1 -- $0 flash info --port {port} --sync-for 60")
            #expect(result.code == 124)
            #expect(result.error.contains("solderless run: timed out after 1.0 s"), "\(result.error)")
            #expect(!(result.error + result.output).contains("stopped by the user"), "\(result)")
            #expect((result.error + result.output).contains("stopped by SIGTERM"), "\(result)")
        }

        /// What a host must know is said without -v: lost bytes, and which stub runs in place of an unknown one.
        @Test func choicesAreSaid() async throws {
            let bench = try CtlBench()
            try bench.folder.write([UInt8](repeating: 0x5A, count: 5000), to: "stub.bin")
            let result = try await bench.shell(
                "$0 run --time brisk -- $0 flash info --stub stub.bin --port {port}; $0 run --time brisk -- $0 flash info --port {port}; "
                    + "$0 run --start uboot --uboot 1.3.4 --power-after 0 -- sh -c 'exec 3<>\"$SOLDERLESS_PORT\"; stty raw -echo 115200 <&3; printf cnyscnyscnys >&3; "
                    + "head -c 1 <&3 >/dev/null'")
            #expect(result.error.contains("not a known stub; stub community runs instead"), "\(result.error)")
            #expect(!result.error.contains("placeholder"), "what is recognised is no choice")
            #expect(result.error.contains("receive FIFO reset behind the answer to the sync word"), "\(result.error)")
        }
    }
}
