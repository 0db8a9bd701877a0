import Capture
import Emulator
import Foundation
import Line
import Subprocess
import TestForms
import Testing
import Trace
import Wire

#if canImport(Glibc)
    import Glibc
#endif

extension BenchCommands {
    /// `kill -9` in the middle of a write: no earlier data is lost, and everything opens.
    @Suite struct KilledTests {
        @Test func flashAndTraceSurvive() async throws {
            let folder = try Folder()
            let before = SampleFlash.image(byteCount: 1 << 20, seed: 9)
            try folder.write(before, to: "plug.bin")
            try folder.write([UInt8](repeating: 0xA5, count: 200_000), to: "image.bin")
            let arguments = [
                "emulate", "--link", folder["chip"], "--flash", folder["plug.bin"], "--flash-id", "1440C8", "--trace",
                folder["plug.pcap"],
            ]
            let (_, status) = try await Program.withPort(arguments) { port, process in
                async let write = Program.run([
                    "flash", "write", folder["image.bin"], "--port", port, "--address", "0x7000", "--no-backup",
                ])
                try await untilBlocksAreWritten(folder["plug.pcap"])
                #expect(kill(process.value, SIGKILL) == 0)
                let result = try await write
                #expect(result.code != 0, "the flasher must not call it done")
                #expect(!result.output.contains("done"))
            }
            guard case .signaled(SIGKILL) = status else {
                Issue.record("it ended otherwise: \(status)")
                return
            }
            // The flash is as it was last saved: whole, and outside of what was written unchanged.
            let after = try folder.read("plug.bin")
            #expect(after.count == before.count)
            #expect(Array(after[..<0x7000]) == Array(before[..<0x7000]))
            let shown = try await Program.run(["show", folder["plug.pcap"]])
            #expect(shown.code == 0, "\(shown.error)")
            #expect(shown.output.contains("XMODEM write 0x7000"))
            #expect(shown.error.contains("; the last message: "), "it says where it ends")
        }

        /// Waits for the event: a trace that holds some blocks.
        private func untilBlocksAreWritten(_ path: String) async throws {
            let limit = ContinuousClock.now + .seconds(30)
            while ContinuousClock.now < limit {
                var blocks = 0
                _ = try TraceReader(opening: path).forEach { event in
                    if case .data(.hostToChip, let bytes) = event.kind, bytes.first == XMODEM.stx { blocks += 1 }
                }
                if blocks >= 10 { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            Issue.record("no blocks within 30 s")
        }
    }
}
