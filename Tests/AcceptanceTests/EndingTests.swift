import Emulator
import Foundation
import Subprocess
import TestForms
import Testing

#if canImport(Glibc)
    import Glibc
#endif

extension BenchCommands {
    /// Signals at any moment of a write: what is left behind, and whether the flash file is whole.
    @Suite struct EndingTests {
        private static let signals = [SIGQUIT, SIGTERM, SIGHUP, SIGKILL]
        /// What is written, and where.
        private static let firmware = [UInt8](repeating: 0xA5, count: 200_000)
        private static let address = 0x7000

        /// One bench for all of them: after SIGKILL the next start finds what was left.
        @Test func atAnyMomentOfAWrite() async throws {
            let bench = try CtlBench()
            let before = SampleFlash.image(byteCount: 1 << 20, seed: 9)
            try bench.folder.write(Self.firmware, to: "firmware.bin")
            for round in 0..<byForm(short: 8, long: 200) {
                try bench.folder.write(before, to: "plug.bin")
                let signal = Self.signals[round % Self.signals.count]
                // From the first words to beyond the end: about twice the firmware's size crosses the line.
                let moment = round * 7919 % byForm(short: 8, long: 200) * 220_000 / byForm(short: 8, long: 200)
                let status = try await end(bench, by: signal, whenTraceHas: moment)
                if signal == SIGKILL {
                    #expect(status == .signaled(SIGKILL))
                    // It takes what is stale, and leaves nothing itself.
                    #expect(try await end(bench, by: SIGTERM, whenTraceHas: 0, writes: false) == .exited(0))
                } else {
                    #expect(status == .exited(0), "signal \(signal) after \(moment) bytes")
                }
                #expect(bench.names.isEmpty, "signal \(signal) after \(moment) bytes: link, socket")
                #expect(bench.processes().isEmpty)
                #expect(
                    try bench.folder.names() == ["firmware.bin", "plug.bin", "run", "t.pcap"],
                    "signal \(signal) after \(moment) bytes: locks, temporary files")
                let after = try bench.folder.read("plug.bin")
                #expect(after.count == before.count)
                #expect(Array(after[..<Self.address]) == Array(before[..<Self.address]))
                // The write erases whole sectors.
                let end = (Self.address + Self.firmware.count + 4095) / 4096 * 4096
                #expect(Array(after[end...]) == Array(before[end...]))
                let shown = try await bench.shell("$0 show --stats t.pcap")
                #expect(shown.code == 0, "\(shown.error)")
            }
        }

        /// Emulates until the trace has so many bytes, and sends the signal then.
        private func end(
            _ bench: CtlBench, by signal: Int32, whenTraceHas byteCount: Int, writes: Bool = true
        ) async throws -> TerminationStatus {
            let environment = "XDG_RUNTIME_DIR=\(bench.folder["run"])"
            let folder = bench.folder
            unlink(folder["t.pcap"])
            let arguments = [
                environment, Program.path, "emulate", "--time", "fast", "--flash", folder["plug.bin"], "--flash-id",
                "1440C8", "--trace", folder["t.pcap"], "--overwrite",
            ]
            let result = try await Subprocess.run(
                .name("env"), arguments: Arguments(arguments), input: .none, output: .sequence, error: .discarded
            ) { execution in
                var lines = execution.standardOutput.strings().makeAsyncIterator()
                let port = try await lines.next() ?? ""
                async let write: Program.Result? = writes ? flash(port, folder) : nil
                #expect(
                    try await eventually {
                        var status = stat()
                        return stat(folder["t.pcap"], &status) == 0 && status.st_size >= byteCount
                    }, "the trace never had \(byteCount) bytes")
                #expect(kill(execution.processIdentifier.value, signal) == 0)
                while try await lines.next() != nil {}
                _ = try await write
            }
            return result.terminationStatus
        }

        private func flash(_ port: String, _ folder: Folder) async throws -> Program.Result {
            try await Program.run([
                "flash", "write", folder["firmware.bin"], "--port",
                port.trimmingCharacters(in: .whitespacesAndNewlines),
                "--address", "0x7000", "--no-backup",
            ])
        }

        /// Signals that nobody thinks of end it in good order as well.
        @Test(arguments: ["USR1", "USR2", "ALRM", "XCPU", "PWR", "RTMIN"])
        func byRareSignals(signal: String) async throws {
            let bench = try CtlBench()
            let result = try await bench.shell(
                """
                timeout 20 $0 emulate --start off --flash plug.bin >out 2>log & job=$!
                until test -s out; do sleep 0.02; done
                kill -\(signal) $(pgrep -P $job solderless); wait $job; echo $?
                """)
            #expect(result.output == "0\n", "\(result.error)")
            #expect(bench.names.isEmpty)
            #expect(try bench.folder.names() == ["log", "out", "plug.bin", "run"])
        }

        /// `run` passes them on, ends when its command does, and leaves nothing.
        @Test(arguments: ["QUIT", "TERM", "HUP", "USR1"])
        func runEndsWithItsCommand(signal: String) async throws {
            let bench = try CtlBench()
            let result = try await bench.shell(
                """
                timeout 20 $0 run --flash plug.bin -- sh -c 'echo $$ >pid; exec sleep 1000' & job=$!
                until test -s pid; do sleep 0.02; done
                kill -\(signal) $(pgrep -P $job solderless); wait $job; echo $?; kill -0 $(cat pid) 2>&1 | grep -c such
                """)
            let codes = ["QUIT": 128 + SIGQUIT, "TERM": 128 + SIGTERM, "HUP": 128 + SIGHUP, "USR1": 128 + SIGUSR1]
            #expect(result.output == "\(codes[signal]!)\n1\n", "\(result.error)")
            #expect(bench.names.isEmpty)
            #expect(try bench.folder.names() == ["pid", "plug.bin", "run"])
        }
    }
}
