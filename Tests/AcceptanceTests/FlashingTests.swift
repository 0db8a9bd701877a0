import Emulator
import Foundation
import Images
import TestForms
import Testing

extension FlashCommands {
    /// The flasher of this project against the emulator of this project, as two processes over a pseudo-terminal.
    @Suite struct FlashingTests {
        @Test(arguments: ["wire", "brisk", "fast"])
        func writesAnAllInOneImageAfterABackup(time: String) async throws {
            let folder = try Folder()
            let before = SampleFlash.image(byteCount: 1 << 20, seed: 5)
            let application = SampleFlash.application("test", byteCount: 0x2345, seed: 6)
            try folder.write(before, to: "plug.bin")
            let image = try AllInOneImage(entries: [
                .init(.stub, at: 0x10000, data: [1, 2, 3]), .init(.flash, at: 0x7000, data: application),
            ])
            try folder.write(image.bytes, to: "image.bin")
            // A whole back-up at 921600 baud takes 12 s on a wire; the slow one goes without.
            let backup = time == "wire" ? ["--no-backup"] : ["--backup", folder["backup.bin"]]
            let result = try await Program.run(
                [
                    "run", "--time", time, "--flash", folder["plug.bin"], "--flash-id", "1440C8", "--", Program.path,
                    "flash",
                    "write", folder["image.bin"], "--port", "{port}", "--json",
                ] + backup)
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.contains(#""outcome":"success""#))
            var expected = before
            expected.replaceSubrange(0x7000..<(0x7000 + application.count), with: application)
            #expect(try folder.read("plug.bin") == expected, "the rest of the last sector is what it was")
            if time != "wire" { #expect(try folder.read("backup.bin") == before) }
        }

        @Test func readsVerifiesErases() async throws {
            let folder = try Folder()
            let before = SampleFlash.image(byteCount: 1 << 20, seed: 7)
            try folder.write(before, to: "plug.bin")
            let arguments = [
                "emulate", "--time", "fast", "--link", folder["chip"], "--flash", folder["plug.bin"], "--flash-id",
                "1440C8",
            ]
            _ = try await Program.withPort(arguments) { port, _ in
                let read = try await Program.run([
                    "flash", "read", folder["part.bin"], "--port", port, "--address", "0x1000", "--length", "5000",
                ])
                #expect(read.code == 0, "\(read.error)")
                #expect(try folder.read("part.bin") == Array(before[0x1000..<(0x1000 + 5000)]))

                let same = try await Program.run([
                    "flash", "verify", folder["part.bin"], "--port", port, "--address", "0x1000",
                ])
                #expect(same.code == 0, "\(same.error)")
                let other = try await Program.run([
                    "flash", "verify", folder["part.bin"], "--port", port, "--address", "0x2000",
                ])
                #expect(other.code == 1)

                let erase = try await Program.run([
                    "flash", "erase", "--port", port, "--address", "0x3000", "--length", "0x1000", "--no-backup",
                ])
                #expect(erase.code == 0, "\(erase.error)")
                let beyond = try await Program.run([
                    "flash", "write", folder["part.bin"], "--port", port, "--address", "0xFF000", "--no-backup",
                ])
                #expect(beyond.code == 1)
                #expect(!beyond.output.contains("done"))
            }
            var expected = before
            expected.replaceSubrange(0x3000..<0x4000, with: [UInt8](repeating: 0xFF, count: 0x1000))
            #expect(try folder.read("plug.bin") == expected)
        }

        /// §5: to erase 2 MB at once takes seconds, in which nothing crosses the line; the host waits for two minutes.
        @Test func aLongSilenceIsTold() async throws {
            let result = try await Program.run([
                "run", "--", Program.path, "flash", "erase", "--all", "--no-backup", "--port", "{port}",
            ])
            #expect(result.code == 0, "\(result.error)")
            let told = "nothing has come for 5 s: the chip may be at work, or without power; this try ends in 11"
            #expect(result.error.contains(told), "\(result.error)")
        }

        /// Frames over a pseudo-terminal: whole jobs with the stubs of the vendor.
        /// The command that changes the rate is lost: the host looks for the chip at either rate, and sends each question at
        /// the rate that it is meant for.
        @Test func aLostChangeOfRate() async throws {
            let result = try await Program.run([
                "run", "--power-after", "0.5", "--fault", "drop: {direction: host-to-chip, at: {baud: 1}}", "--",
                Program.path,
                "flash", "read", "/dev/null", "--port", "{port}", "--baud", "921600", "--length", "0x1000",
            ])
            #expect(result.code == 0, "\(result.output) \(result.error)")
            #expect(!result.error.contains("never fired"), "\(result.error)")
        }

        @Test(arguments: ["vendor-1.3.4", "vendor-1.3.11", "vendor-1.4.0"])
        func writesInTheVendorsDialect(stub: String) async throws {
            let folder = try Folder()
            let before = SampleFlash.image(byteCount: 1 << 20, seed: 8)
            let application = SampleFlash.application("test", byteCount: 0x3456, seed: 9)
            try folder.write(before, to: "plug.bin")
            try folder.write(application, to: "app.bin")
            let result = try await Program.run([
                "run", "--time", "brisk", "--flash", folder["plug.bin"], "--flash-id", "1440C8", "--", Program.path,
                "flash", "write", folder["app.bin"], "--address", "0x8000", "--backup", folder["backup.bin"],
                "--port", "{port}", "--dialect", "vendor", "--stub", stub, "--json",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.contains(#""flashBytes":1048576"#))
            var expected = before
            expected.replaceSubrange(0x8000..<(0x8000 + application.count), with: application)
            let isRight = try folder.read("plug.bin") == expected
            #expect(isRight)
            let isBackedUp = try folder.read("backup.bin") == before
            #expect(isBackedUp)
        }

        @Test func showsTheEFuse() async throws {
            let result = try await Program.run([
                "run", "--time", "brisk", "--", Program.path, "flash", "efuse", "--port", "{port}",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.output.contains("MAC              02:50:1D:E2:1E:55"))
            #expect(result.output.contains("crystal          40 MHz"))
        }

        @Test(arguments: [
            ["--compress-level", "3"], ["--compress", "--compress-level", "11"], ["--compress", "--dialect", "vendor"],
            ["--dialect", "nosuch"],
        ])
        func contradictionsAreWrongUsage(options: [String]) async throws {
            let result = try await Program.run(["flash", "read", "/nonexistent/f.bin", "--port", "p"] + options)
            #expect(result.code == 2, "\(result.error)")
        }

        @Test func anUnpoweredChipIsAFailureWithAHint() async throws {
            let result = try await Program.run([
                "run", "--start", "off", "--", Program.path, "flash", "info", "--port", "{port}", "--sync-for", "0.5",
            ])
            #expect(result.code == 1)
            for cause in ["power", "ground", "1.8 V"] { #expect(result.error.contains(cause), "\(cause)") }
        }

        @Test(arguments: [(7, "exit 7"), (127, "nosuch-command"), (143, "kill -TERM $$")] as [(Int32, String)])
        func runPassesTheCodeThrough(code: Int32, script: String) async throws {
            let command = code == 127 ? [script] : ["sh", "-c", script]
            #expect(try await Program.run(["run", "--"] + command).code == code)
        }

        @Test func runEndsACommandThatIsOutOfTime() async throws {
            #expect(try await Program.run(["run", "--timeout", "0.3", "--", "sleep", "60"]).code == 124)
        }

        @Test func runPassesOutputAndPort() async throws {
            let result = try await Program.run([
                "run", "--", "sh", "-c", "test {port} = $SOLDERLESS_PORT && test -c {port} && echo seen",
            ])
            #expect(result.code == 0)
            #expect(result.output == "seen\n")
        }
    }
}
