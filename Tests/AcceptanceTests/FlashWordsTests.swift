import Digests
import Emulator
import Images
import TestForms
import Testing

extension FlashCommands {
    /// What `flash` says of a chip: of its MAC, of differences, of a start that it cannot see, of a gzipped stub.
    @Suite struct FlashWordsTests {
        private static func onChip(_ folder: Folder, _ arguments: [String]) async throws -> Program.Result {
            try await Program.run(
                [
                    "run", "--time", "fast", "--start", "rom", "--flash", folder["plug.bin"], "--flash-id", "1440C8",
                    "--", Program.path, "flash",
                ] + arguments + ["--port", "{port}"])
        }

        /// §6 and §12: what goes is named while nothing has changed, in partitions with either magic.
        @Test(arguments: EasyFlashSector.Magic.allCases)
        func whatBecomesOfTheMAC(magic: EasyFlashSector.Magic) async throws {
            let folder = try Folder()
            var builder = SampleFlash.builder(byteCount: 1 << 20)
            builder.nvMagic = magic
            try folder.write(try builder.image(), to: "plug.bin")
            let backup = ["--backup", folder["backup.bin"], "--overwrite"]
            let erase = ["erase", "--address", "0xFE000", "--length", "0x2000"]
            let erased = try await Self.onChip(folder, erase + backup)
            #expect(erased.code == 0, "\(erased.error)")
            #expect(
                erased.error.contains(
                    "beware: after this job nv_amt is erased, and with it the MAC: such plugs all use 00:06:06:00:00:00; "
                        + "the MAC so far is 02:00:00:00:00:00"), "\(erased.error)")
            let again = try await Self.onChip(folder, erase + backup)
            #expect(again.code == 0 && !again.error.contains("beware"), "\(again.error)")
        }

        @Test func verifyNamesTheFirstDifference() async throws {
            let folder = try Folder()
            let image = SampleFlash.image(byteCount: 1 << 20, seed: 11)
            try folder.write(image, to: "plug.bin")
            var other = Array(image[0x7000..<0x8000])
            other[0x123] ^= 1
            other[0x200] ^= 1
            try folder.write(other, to: "cpu@0x7000.bin")
            let text = try await Self.onChip(folder, ["verify", folder["cpu@0x7000.bin"]])
            #expect(text.code == 1)
            #expect(
                text.error.contains(
                    "verify: the flash differs from the image in 2 bytes, the first at 0x7123, in partition cpu.\n"),
                "\(text.error)")
            let json = try await Self.onChip(folder, ["verify", folder["cpu@0x7000.bin"], "--json"])
            #expect(
                json.output.contains(#""difference":{"address":28963,"bytes":2,"partition":"cpu"}"#), "\(json.output)")
            #expect(try folder.read("plug.bin") == image)
        }

        /// The chip has no uboot: RUN is answered all the same.
        @Test func runSaysOnlyWhatItKnows() async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0xFF, count: 1 << 20), to: "plug.bin")
            let result = try await Self.onChip(folder, ["run"])
            #expect(result.code == 0, "\(result.error)")
            let last = "sent; this command cannot tell whether the chip boots\n"
            #expect(result.output.hasSuffix(last), "\(result.output)")
            #expect(!result.output.contains("done"))
        }

        @Test func aGzippedStubIsUnpacked() async throws {
            let folder = try Folder()
            let stub = StubImage.placeholder(for: .community)
            try folder.write(SampleFlash.image(byteCount: 1 << 20, seed: 12), to: "plug.bin")
            try folder.write(Gzip.pack(stub), to: "stub.bin")
            let info = try await Self.onChip(folder, ["info", "--stub", folder["stub.bin"]])
            #expect(info.code == 0, "\(info.error)")
            #expect(
                info.error.contains(
                    "\(folder["stub.bin"]) is gzipped; unpacked it has \(stub.count) bytes: Solderless's placeholder for "
                        + "stub community\n"), "\(info.error)")
            let shown = try await Program.run(["image", "show", folder["stub.bin"]])
            let size = try folder.read("stub.bin").count
            #expect(
                shown.output == """
                    \(folder["stub.bin"]): a gzip file, \(size) bytes, and in it a stub for RAM at 0x10000, 2560 bytes

                      Solderless's placeholder for stub community

                    """)
            try folder.write(Array(Gzip.pack(stub).dropLast(9)), to: "cut.bin")
            let cut = try await Self.onChip(folder, ["info", "--stub", folder["cut.bin"]])
            #expect(cut.code == 3 && cut.error.contains("the gzip data break off at byte"), "\(cut.error)")
        }
    }
}
