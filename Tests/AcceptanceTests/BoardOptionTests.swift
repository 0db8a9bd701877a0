import Foundation
import TestForms
import Testing

extension BenchCommands {
    /// `--board`, what it decides, and what wins over it.
    @Suite struct BoardOptionTests {
        @Test(arguments: [
            (["--board", "tnce-plgu"], "did you mean \"tnce-plug\"?"),
            (["--app-log", "tuyaa"], "did you mean \"tuya\"?"),
            (["--uboot", "1.3.12"], "1.3.11"), (["--start", "flsh"], "spi-slave"),
            (["--rom-timeout", "0"], "0.001"), (["--rom-window", "-1"], "--rom-window"),
            (["--uboot-error", "4"], "partition"), (["--ota", "heap"], "heap-error"),
            (["--provisioning", "1v8"], "no-1v8"),
        ])
        func wrongWordsAre2(options: [String], advice: String) async throws {
            let result = try await Program.run(["emulate", "--no-link"] + options)
            #expect(result.code == 2)
            #expect(result.error.contains(advice), "\(result.error)")
        }

        @Test func aBoardThatIsNotRightIs3() async throws {
            let folder = try Folder()
            let text = "solderless: 1\nkind: board\nname: x\nabout: x\nchip: ecr6600\nstraps: uort\n"
            try folder.write(Array(text.utf8), to: "mine.yaml")
            let result = try await Program.run(["emulate", "--no-link", "--board", folder["mine.yaml"]])
            #expect(result.code == 3)
            #expect(result.error.contains("mine.yaml:6: straps: \"uort\" is not known here; did you mean \"uart\"?"))
            for missing in ["--board", "--app-log"] {
                #expect(try await Program.run(["emulate", missing, "/nonexistent/f.yaml"]).code == 3)
            }
            try folder.write(Array("10 fine\nten not\n".utf8), to: "log.txt")
            let log = try await Program.run(["emulate", "--no-link", "--app-log", folder["log.txt"]])
            #expect(log.code == 3)
            #expect(log.error.contains("log.txt:2: expected milliseconds"), "\(log.error)")
        }

        /// The files that come with the program can be had otherwise: the chip's FIFOs (facts §1.3 names both depths), the
        /// flash's times.
        @Test func chipAndFlashPartsCanBeFiles() async throws {
            let folder = try Folder()
            let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "../../emulator/chips")
            let chip = try String(contentsOf: sources.appendingPathComponent("ecr6600.yaml"), encoding: .utf8)
            try folder.write(Array(chip.replacing("fifo: 32", with: "fifo: 16").utf8), to: "chip.yaml")
            let parts = try String(contentsOf: sources.appendingPathComponent("flash-parts.yaml"), encoding: .utf8)
            try folder.write(
                Array(parts.replacing("sector-erase: 45 ms", with: "sector-erase: 1500 ms").utf8), to: "parts.yaml")
            let result = try await Program.run([
                "run", "--verbose", "--start", "stub", "--chip", folder["chip.yaml"], "--flash-parts",
                folder["parts.yaml"], "--", Program.path, "flash", "erase", "--address", "0x1000", "--length", "4096",
                "--no-backup",
                "--port", "{port}", "--json",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("FIFOs of 16"))
            let erasing = result.output.firstMatch(of: /"phase" ?: ?"erase"[^}]*"seconds" ?: ?([0-9.]+)/)
            #expect((erasing.flatMap { Double($0.1) } ?? 0) >= 1.5, "\(result.output)")
        }

        @Test func aBoardWithoutItsFlashPartIs3() async throws {
            let folder = try Folder()
            let text =
                "solderless: 1\nkind: flash-parts\nabout: x\ntimes: {}\nparts:\n  - {name: X, id: 1440C8, size: 1 MB}\n"
            try folder.write(Array(text.utf8), to: "parts.yaml")
            let result = try await Program.run([
                "emulate", "--no-link", "--board", "tnce-plug", "--flash-parts", folder["parts.yaml"],
            ])
            #expect(result.code == 3)
            #expect(result.error.contains("GD25Q16E"), "\(result.error)")
        }

        /// ECR6600 facts §12 and §1.3: power comes late, and the host meets uboot's window.
        @Test func aPlugIsCaughtInUBootsWindow() async throws {
            let result = try await Program.run([
                "run", "--verbose", "--board", "tnce-plug", "--power-after", "0.5", "--", Program.path, "flash", "info",
                "--port", "{port}",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("ECR6600 on tnce-plug"))
            #expect(result.error.contains("uboot 1.4.0 runs"))
        }

        @Test func theCommandLineWinsOverTheBoard() async throws {
            let result = try await Program.run([
                "run", "--verbose", "--board", "tnce-plug", "--start", "rom", "--flash-id", "1640C8", "--uboot",
                "1.3.4",
                "--", Program.path, "flash", "info", "--port", "{port}",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("flash 1640C8 (4 MB), start rom, uboot 1.3.4"))
            #expect(result.error.contains("mask ROM, UART boot runs"))
        }

        /// ECR6600 facts §2: `OTA:%d%%\r\n`, and what only options lead to besides.
        @Test(arguments: [
            (["--ota", "pending"], "OTA:50%"), (["--provisioning", "run"], "END, need power off"),
            (["--uboot-error", "other"], "uboot err"),
        ])
        func aTerminalSeesWhatOptionsLeadTo(options: [String], text: String) async throws {
            let result = try await Program.shell(
                """
                $0 run --board tnce-plug --start flash --uboot 1.3.4 \(options.joined(separator: " ")) -- \
                sh -c 'stty -F {port} raw 115200 && timeout 3 grep -a -m 1 -F "\(text)" {port}'
                """)
            #expect(result.output.contains(text), "\(result.output) \(result.error)")
        }

        /// Tuya's log in our words, in the middle, since the terminal comes late.
        @Test func aTerminalSeesTheApplicationTalk() async throws {
            let result = try await Program.shell(
                """
                $0 run --board tnce-plug --start app -- \
                sh -c 'stty -F {port} raw 115200 && timeout 2 grep -a -m 1 -F "[wifi] scanning" {port}'
                """)
            #expect(result.output.contains("[wifi] scanning"), "\(result.output) \(result.error)")
        }

        /// An erased flash on a board that starts from it: the mask ROM waits, and says why.
        @Test func anErasedPlugCanBeFlashed() async throws {
            let folder = try Folder()
            let result = try await Program.run([
                "run", "--verbose", "--board", "tnce-plug", "--erased", "--flash", folder["new.bin"], "--",
                Program.path,
                "flash", "info", "--port", "{port}",
            ])
            #expect(result.code == 0, "\(result.error)")
            #expect(result.error.contains("the flash is erased where uboot should be"))
        }

        @Test func aFlashFileThatIsTooLargeSaysSo() async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0, count: (2 << 20) + 1), to: "large.bin")
            let result = try await Program.run([
                "emulate", "--no-link", "--board", "tnce-plug", "--flash", folder["large.bin"],
            ])
            #expect(result.code == 3)
            #expect(result.error.contains("larger than the flash 1540C8, which has 2097152 bytes"))
        }

        /// Boards and chips lie inside the program: it works from anywhere.
        @Test func aMovedProgramKnowsItsBoards() async throws {
            let folder = try Folder()
            let result = try await Program.shell(
                "cp $0 \(folder["moved"]) && cd / && \(folder["moved"]) scenarios boards && \(folder["moved"]) scenarios chips"
            )
            #expect(result.code == 0)
            for name in ["tnce-plug", "axy2s", "axyu", "wg236", "evk", "GD25Q16E", "1820C2"] {
                #expect(result.output.contains(name))
            }
        }

        @Test(arguments: ["boards", "chips"])
        func listsAreJSONToo(list: String) async throws {
            let result = try await Program.run(["scenarios", list, "--json"])
            let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            #expect(object?["schema"] as? Int == 1)
            #expect((object?[list] as? [Any])?.isEmpty == false)
        }
    }
}
