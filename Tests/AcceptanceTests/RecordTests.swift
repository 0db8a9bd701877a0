import Capture
import Emulator
import Foundation
import Line
import Subprocess
import TestForms
import Testing
import Trace

#if canImport(Glibc)
    import Glibc
#endif

extension TraceCommands {
    /// `record` between a flasher and a port, with an emulated chip in the hardware's place.
    @Suite struct RecordTests {
        /// A chip, and a recorder in front of it, for as long as `body` takes.
        /// - Returns: what the recorder ended with.
        @discardableResult
        private func chain(
            _ folder: Folder, chip: [String] = [], record: [String] = [],
            _ body: @Sendable (String, pid_t) async throws -> Void
        ) async throws -> Int32 {
            let emulation =
                ["emulate", "--link", folder["chip"], "--trace", folder["chip.pcap"], "--start", "rom"] + chip
            return try await Program.withPort(emulation) { chip, _ -> Int32 in
                let ending = try await Program.withPort(
                    ["record", chip, "-o", folder["t.pcap"], "--link", folder["flasher"]] + record
                ) { port, process in
                    #expect(port == folder["flasher"])
                    try await body(port, process.value)
                }
                guard case .exited(let code) = ending.status else { return -1 }
                return code
            }.value
        }

        /// Byte for byte and baud for baud, with our own flasher.
        @Test func theTraceIsTheChipsOwn() async throws {
            let folder = try Folder()
            try folder.write(SampleFlash.image(byteCount: 1 << 20, seed: 9), to: "plug.bin")
            let code = try await chain(
                folder, chip: ["--flash-from", folder["plug.bin"], "--flash-id", "1440C8"]
            ) { port, _ in
                let read = try await Program.run([
                    "flash", "read", folder["out.bin"], "--length", "0x10000", "--port", port,
                ])
                #expect(read.code == 0, "\(read.error)")
            }
            #expect(code == 0)
            #expect(try folder.read("out.bin") == Array(try folder.read("plug.bin")[..<0x10000]))
            let diff = try await Program.run(["diff", folder["t.pcap"], folder["chip.pcap"]])
            #expect(diff.code == 0, "\(diff.output)")
            let session = try TraceReader(opening: folder["t.pcap"]).session()
            #expect(session?.clock == .host)
            #expect(session?["device"] == folder["chip"])
            let shown = try await Program.run(["show", folder["t.pcap"]])
            for wanted in [
                "host at 921600", "port     opened by the host", "port     closed by the host", "FLASH ID 1440C8",
            ] {
                #expect(shown.output.contains(wanted), "\(wanted)")
            }
            // And it plays the chip again.
            let replayed = try await Program.withPort(
                ["replay", folder["t.pcap"], "--link", folder["again"], "--speed", "max"], endsOfItself: true
            ) { port, _ in
                try await Program.run(["flash", "read", folder["again.bin"], "--length", "0x10000", "--port", port])
            }
            #expect(replayed.value.code == 0, "\(replayed.value.error)")
            #expect(replayed.status == .exited(0))
            #expect(try folder.read("again.bin") == (try folder.read("out.bin")))
        }

        /// A fault between a sound chip and a sound flasher: both see it, and get over it.
        @Test func aFaultIsPutBetween() async throws {
            let folder = try Folder()
            try folder.write((0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: "image.bin")
            let code = try await chain(
                folder, record: ["--fault", "drop: {direction: chip-to-host, at: {block-ack: 3}}"]
            ) { port, _ in
                let write = try await Program.run([
                    "flash", "write", folder["image.bin"], "--port", port, "--address", "0x20000", "--no-backup",
                ])
                #expect(write.code == 0, "\(write.error)")
            }
            #expect(code == 0)
            let (ours, theirs) = (
                try await Program.run(["show", folder["t.pcap"]]).output,
                try await Program.run(["show", folder["chip.pcap"]]).output
            )
            #expect(ours.contains("drop at block-ack 3, chip-to-host: loses characters"))
            #expect(ours.contains("differs"), "what the chip's end had is beside it")
            #expect(!theirs.contains("drop at"), "the chip knows of no fault")
            let sent = (blocks(folder["t.pcap"], 3), blocks(folder["chip.pcap"], 3))
            #expect(sent.0 >= 2 && sent.0 == sent.1, "the host sends it again: \(sent)")
            #expect(answers(folder["chip.pcap"]) - answers(folder["t.pcap"]) == 1)
        }

        /// How often the host sent block `number` of XMODEM-1K.
        private func blocks(_ path: String, _ number: UInt8) -> Int {
            let bytes = sent(path, .hostToChip)
            let head: [UInt8] = [0x02, number, ~number]
            return bytes.indices.count { bytes[$0...].starts(with: head) && bytes.count - $0 >= 1029 }
        }

        private func answers(_ path: String) -> Int { sent(path, .chipToHost).count }

        // MARK: What ends, and what goes on

        /// The adapter is pulled out and plugged in again: the flasher's port stays, and the recording says so.
        @Test func thePortComesAndGoes() async throws {
            let bench = try CtlBench()
            let (trace, port) = (bench.folder["t.pcap"], bench.folder["flasher"])
            try await bench.start()
            let (_, status) = try await Program.withPort(["record", bench.link, "-o", trace, "--link", port]) { _, _ in
                let host = try PlainHost(port)
                #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
                #expect(try await bench.ctl("stop").code == 0)
                #expect(try await eventually { texts(trace).contains { $0.contains("is gone") } })
                _ = host.ask([0x11, 0x22], for: 0)
                #expect(try await eventually { lost(trace) == 2 })
                try await bench.start()
                #expect(try await eventually { texts(trace).contains { $0.hasSuffix("is back") } })
                // Over the descriptor that it always had. The port is there before the chip listens.
                #expect(
                    try await eventually {
                        host.ask(PlainHost.sync, for: 1, within: .milliseconds(100)) == PlainHost.synced
                    })
            }
            #expect(status == .exited(0))
            #expect(access(port, F_OK) != 0, "the link goes with it")
            #expect(try await bench.ctl("stop").code == 0)
        }

        /// Bytes of the host that came while the port was gone.
        private func lost(_ path: String) -> Int {
            ((try? TraceReader(opening: path).events()) ?? []).reduce(0) { sum, event in
                guard case .lost(.hostToChip, let count, "the port is gone") = event.kind else { return sum }
                return sum + count
            }
        }

        /// A trace that may not grow, and one that cannot: the flasher notices nothing.
        @Test(
            arguments: [
                ("exec \"$0\" record chip --max-size 16KB", Int32(0), "full", "limit of 16 KB"),
                ("ulimit -f 32; exec \"$0\" record chip", 3, "failed", "File too large"),
            ] as [(String, Int32, String, String)])
        func theSessionGoesOnWithoutARecording(
            command: String, code: Int32, ending: String, remark: String
        ) async throws {
            let bench = try CtlBench()
            try await bench.start("--start stub --time brisk --link chip --flash-id 1440C8")
            let result = try await bench.shell(
                """
                (\(command) -o t.pcap --link flasher --json >report 2>errors) & recorder=$!
                until [ -e flasher ] || ! kill -0 $recorder; do :; done
                "$0" flash read out.bin --length 0x20000 --port flasher || echo failed
                kill -TERM $recorder
                wait $recorder
                echo "code $?"
                tail -n 1 report
                cat errors
                """)
            #expect(result.output.contains("code \(code)\n"), "\(result.output) \(result.error)")
            #expect(!result.output.contains("failed\n"), "\(result.error)")
            #expect(result.output.contains("\"traceEnding\":\"\(ending)\""), "\(result.output)")
            #expect(result.output.contains(remark) && result.output.contains("the session goes on without a recording"))
            #expect(try bench.folder.read("out.bin").count == 0x20000)
            let size = try bench.folder.read("t.pcap").count
            #expect(size > 8192 && size <= 16_384, "\(size)")
            let shown = try await bench.shell("$0 show t.pcap")
            #expect(shown.output.contains("FLASH ID 1440C8") && shown.code == 0, "\(shown.error)")
            _ = try await bench.shell("$0 ctl --port chip stop")
        }

        /// `kill -9`: what is older than a second is in the file, whether the line is busy or has fallen silent.
        @Test func aKillLosesLittle() async throws {
            let bench = try CtlBench()
            try await bench.start()
            let trace = bench.folder["t.pcap"]
            let (_, status) = try await Program.withPort(
                ["record", bench.link, "-o", trace, "--no-link"]
            ) { port, process in
                let host = try PlainHost(port)
                #expect(host.ask(PlainHost.sync, for: 1) == PlainHost.synced)
                let said = ContinuousClock.now
                while !sent(trace, .chipToHost).starts(with: PlainHost.synced) {
                    try #require(ContinuousClock.now - said < .seconds(1), "a second later it is in the file")
                    try await Task.sleep(for: .milliseconds(5))
                }
                #expect(kill(process.value, SIGKILL) == 0)
            }
            guard case .signaled(SIGKILL) = status else {
                Issue.record("it ended otherwise: \(status)")
                return
            }
            let shown = try await Program.run(["show", trace])
            #expect(shown.code == 0 && shown.output.contains("sync answer"), "\(shown.error)")
            #expect(try await bench.ctl("stop").code == 0)
        }

        // MARK: What it says

        /// The session as it happens, in the words of `show`; and a report.
        @Test func theSessionIsTold() async throws {
            let bench = try CtlBench()
            try await bench.start("--start rom --time brisk --link chip")
            let result = try await bench.shell(
                """
                "$0" record chip -o t.pcap --link flasher -v --json >report 2>told & recorder=$!
                until [ -e flasher ]; do :; done
                "$0" flash info --port flasher
                kill -INT $recorder
                wait $recorder
                echo "code $?"
                cat told
                tail -n 1 report
                """)
            #expect(result.output.contains("code 0\n"), "\(result.output)")
            let told = result.output.split(separator: "\n")
            for wanted in ["→ chip  sync word", "← chip  sync answer", "← chip  FLASH ID 1540C8 (2 MB)"] {
                #expect(told.contains { $0.hasSuffix(wanted) }, "\(wanted) in \(result.output)")
            }
            #expect(told.contains { $0.hasPrefix("port: /dev/pts/") && $0.contains("(flasher); records chip") })
            #expect(told.contains { $0.hasPrefix("recorded: ") && $0.hasSuffix(" bytes to the host, 1 session") })
            #expect(told.last?.contains("\"sessions\":1,") == true, "\(told.last ?? "")")
            _ = try await bench.shell("$0 ctl --port chip stop")
        }

        /// Refused before anything is opened or written, by name.
        @Test(arguments: [
            (["--fault", "worn-sector: {address: 0x1000}"], "worn-sector is a fault of the flash"),
            (["--fault", "wrong-crystal"], "wrong-crystal is a fault of the chip's clock"),
            (["--scenario", "missing-ground"], "the scenario missing-ground has no common ground"),
            (["--scenario", "adapter-1v8"], "the scenario adapter-1v8 is about an adapter at 1800 mV"),
            (["--scenario", "brown-out-in-erase"], "the scenario brown-out-in-erase cuts the power"),
            (["--scenario", "late-power"], "the scenario late-power has no fault of the wires or of the protocol"),
            (["--max-size", "12"], "--max-size takes at least 16 KB"),
            (["--max-size", "lots"], "--max-size takes a whole number of"),
            (["--quiet", "--verbose"], "--quiet contradicts --verbose"),
        ])
        func isRefused(options: [String], complaint: String) async throws {
            let folder = try Folder()
            let result = try await Program.run(["record", "/dev/ptmx", "-o", folder["t.pcap"], "--no-link"] + options)
            #expect(result.code == 2)
            #expect(result.error.contains(complaint), "\(result.error)")
            #expect(try folder.names() == [])
        }

        @Test func nothingIsOverwritten() async throws {
            let bench = try CtlBench()
            try await bench.start("--start rom --time brisk --link chip")
            try bench.folder.write([1], to: "t.pcap")
            let refused = try await bench.shell("$0 record chip -o t.pcap --no-link")
            #expect(refused.code == 3 && refused.error.contains("--overwrite"), "\(refused.error)")
            #expect(try bench.folder.read("t.pcap") == [1])
            // A port that is not there leaves no trace behind.
            let missing = try await bench.shell("$0 record /dev/nothing -o u.pcap --no-link")
            #expect(missing.code == 3 && missing.error.contains("/dev/nothing: there is no such port"))
            #expect(access(bench.folder["u.pcap"], F_OK) != 0)
            _ = try await bench.shell("$0 ctl --port chip stop")
        }

        private func texts(_ path: String) -> [String] {
            ((try? TraceReader(opening: path).events()) ?? []).compactMap { event in
                if case .note(let text) = event.kind { text } else { nil }
            }
        }

        private func sent(_ path: String, _ direction: Direction) -> [UInt8] {
            ((try? TraceReader(opening: path).events()) ?? []).flatMap { event -> [UInt8] in
                if case .data(direction, let bytes) = event.kind { bytes } else { [] }
            }
        }
    }
}

extension QuietCommands {
    /// The same with a client that nobody here wrote.
    @Suite(.serialized, .enabled(if: Program.hasPython, Program.noPython))
    struct ForeignRecordTests {
        @Test func theTraceIsTheChipsOwn() async throws {
            let folder = try Folder()
            try folder.write(Program.smallStub, to: "stub.bin")
            let emulation = [
                "emulate", "--link", folder["chip"], "--trace", folder["chip.pcap"], "--start", "rom",
            ]
            _ = try await Program.withPort(emulation) { chip, _ in
                _ = try await Program.withPort(
                    ["record", chip, "-o", folder["t.pcap"], "--link", folder["flasher"]]
                ) { port, _ in
                    let client = try await Program.shell(
                        "\(Program.python) \(Program.root)/tools/xmodem_client.py \(port) 16384 --stub "
                            + "\(folder["stub.bin"])")
                    #expect(client.code == 0 && client.output.contains(#""passed": true"#), "\(client.output)")
                }
            }
            let diff = try await Program.run(["diff", folder["t.pcap"], folder["chip.pcap"]])
            #expect(diff.code == 0, "\(diff.output)")
        }
    }
}
