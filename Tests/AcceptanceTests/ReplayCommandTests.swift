import Foundation
import TestForms
import Testing
import Words

extension ReplayCommands {
    /// `replay` on a pseudo-terminal, with flashers that keep to the trace and with others.
    @Suite struct ReplayCommandTests {
        private static let byteCount = 8192

        /// A recorded write to 0x8000, without a back-up, and the image.
        private func recorded(_ folder: Folder, dialect: String = "community") async throws {
            try folder.write((0..<Self.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }, to: "image.bin")
            let then = try await Program.run(
                ["run", "--no-link", "--start", "rom", "--time", "brisk", "--trace", folder["t.pcap"], "--"]
                    + flash(folder, dialect: dialect))
            #expect(then.code == 0, "\(then.error)")
        }

        private func flash(
            _ folder: Folder, image: String = "image.bin", dialect: String = "community", baud: Int = 921_600
        ) -> [String] {
            [Program.path, "flash"] + write(folder, image: image, dialect: dialect, baud: baud) + ["--port", "{port}"]
        }

        private func write(_ folder: Folder, image: String, dialect: String, baud: Int) -> [String] {
            [
                "write", folder[image], "--address", "0x8000", "--no-backup", "--yes", "--dialect", dialect, "--baud",
                "\(baud)",
            ]
        }

        private func replay(_ folder: Folder, _ options: [String], _ command: [String]) async throws -> Program.Result {
            try await Program.run(["replay", folder["t.pcap"]] + options + ["--"] + command)
        }

        /// The same flasher again, over a pseudo-terminal, where nothing keeps its pauses.
        @Test(arguments: ["community", "vendor"], ["frames", "effect"])
        func theSameFlasherAgain(dialect: String, match: String) async throws {
            let folder = try Folder()
            try await recorded(folder, dialect: dialect)
            for speed in ["1x", "max"] {
                let again = try await replay(
                    folder, ["--match", match, "--speed", speed], flash(folder, dialect: dialect))
                #expect(again.code == 0, "\(speed): \(again.output)\(again.error)")
                #expect(again.output.contains("replayed to the end"), "\(again.output)")
            }
            #expect(try folder.names() == ["image.bin", "t.pcap"], "no trace of a replay that went well")
        }

        /// One bit of the image is another: where is said, on both sides, and what a chip would have answered.
        @Test(arguments: ["exact", "frames"]) func oneBitOfTheImage(match: String) async throws {
            let folder = try Folder()
            try await recorded(folder)
            var image = try folder.read("image.bin")
            image[3000] ^= 0x20
            try folder.write(image, to: "other.bin")
            let other = try await replay(folder, ["--match", match], flash(folder, image: "other.bin"))
            #expect(other.code == 1)
            for wanted in [
                "the host sent something else", "block 3 of XMODEM write 0x8000 +8192", "from its byte 955 on",
                "[\(hexBytes([image[3000] ^ 0x20]))]", "[\(hexBytes([image[3000]]))]", "→ block 2", "← ACK",
                "solderless diff",
            ] {
                #expect(other.output.contains(wanted), "\(wanted): \(other.output)")
            }
            #expect(try folder.names().contains("t.replay.pcap"))
            let diff = try await Program.run(["diff", folder["t.pcap"], folder["t.replay.pcap"]])
            #expect(diff.code == 1)
            // Another one does not take the name of the first.
            _ = try await replay(folder, ["--match", match], flash(folder, image: "other.bin"))
            #expect(try folder.names().contains("t.replay-2.pcap"))
        }

        /// Another rate is another command; the flash ends the same, and another image does not.
        @Test func theEffectIsTheSameOrNot() async throws {
            let folder = try Folder()
            try await recorded(folder)
            try folder.write((0..<Self.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }, to: "other.bin")
            let same = try await replay(folder, ["--match", "effect"], flash(folder, baud: 460_800))
            #expect(same.code == 0, "\(same.output)\(same.error)")
            #expect(same.output.contains("the flash ends as in the trace"), "\(same.output)")
            #expect(same.output.contains("BAUD 460800"), "\(same.output)")
            let other = try await replay(
                folder, ["--match", "effect", "--json"], flash(folder, image: "other.bin"))
            #expect(other.code == 1, "\(other.output)\(other.error)")
            let report = other.output.split(separator: "\n").last { $0.hasPrefix("{") } ?? ""
            #expect(report.contains(#""outcome":"other-effect""#) && report.contains(#""address":32769"#), "\(report)")
            #expect(report.contains(#""disagreement":null"#), "\(report)")
        }

        /// The recorded flasher flashes a chip in another process.
        @Test(arguments: ["frames", "effect"]) func asHost(match: String) async throws {
            let folder = try Folder()
            try await recorded(folder)
            let (result, _) = try await Program.withPort(
                ["emulate", "--link", folder["chip"], "--start", "rom", "--time", "brisk", "--flash", folder["f.bin"]]
            ) { port, _ in
                try await Program.run(
                    ["replay", folder["t.pcap"], "--as", "host", "--match", match, "--port", port, "--timeout", "50"])
            }
            #expect(result.code == 0, "\(result.output)\(result.error)")
            let flash = try folder.read("f.bin")
            #expect(Array(flash[0x8000..<(0x8000 + Self.byteCount)]) == (try folder.read("image.bin")))
        }

        @Test func whatEndsIt() async throws {
            let folder = try Folder()
            try await recorded(folder)
            // A flasher that does nothing, one that is not there, and one that never ends.
            let idle = try await replay(folder, ["--match", "frames", "--no-trace"], ["true"])
            #expect(idle.code == 1 && idle.output.contains("fell silent"), "\(idle.output)\(idle.error)")
            let missing = try await replay(folder, [], ["/nonexistent/flasher"])
            #expect(missing.code == 3, "\(missing.output)\(missing.error)")
            let endless = try await replay(folder, ["--timeout", "0.5", "--no-trace"], ["sleep", "60"])
            #expect(endless.code == 124, "\(endless.output)\(endless.error)")
            let nobody = try await Program.run(
                ["replay", folder["t.pcap"], "--link", folder["chip"], "--timeout", "0.5", "--no-trace"])
            #expect(nobody.code == 124, "\(nobody.output)\(nobody.error)")
            #expect(try folder.names() == ["image.bin", "t.pcap"])
        }

        @Test(arguments: [
            ["--as", "host"], ["--as", "host", "--port", "/dev/null", "--", "true"], ["--port", "/dev/null"],
            ["--speed", "0x"], ["--speed", "fast"], ["--match", "bytes"], ["--idle-limit", "-1"],
            ["--match", "effect", "--tolerate"], ["--trace", "a", "--no-trace"],
        ])
        func wrongUsage(options: [String]) async throws {
            let result = try await Program.run(["replay", "\(Program.root)/traces/efuse.pcap"] + options)
            #expect(result.code == 2, "\(result.error)")
        }
    }
}
