import Digests
import Emulator
import Images
import TestForms
import Testing

extension FlashCommands {
    /// What `flash` says before it writes something that does not boot, and what it takes file names for.
    @Suite struct FlashGuardTests {
        /// A port that is never opened: everything here is said before.
        private static let port = ["--port", "/nonexistent"]

        private static func write(_ arguments: [String]) async throws -> Program.Result {
            try await Program.run(["flash", "write"] + arguments + port)
        }

        @Test func aRawFileAtAddress0IsNotWrittenUnasked() async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x5A, count: 0x2000), to: "raw.bin")
            let result = try await Self.write([folder["raw.bin"], "--address", "0"])
            #expect(result.code == 2)
            #expect(
                result.error
                    == "error: after this write the plug would not boot: the partition table: at offset 24 (0x18): expected "
                    + "\"EF40\" (45 46 34 30), found 5A 5A 5A 5A. Nothing was written; --yes writes it all the same\n")
            let insisted = try await Self.write([folder["raw.bin"], "--address", "0", "--yes"])
            #expect(insisted.code == 3, "it got as far as the port")
            #expect(insisted.error.hasPrefix("beware: after this write the plug would not boot: the partition table"))
            let inUBoot = try await Self.write([folder["raw.bin"], "--address", "0x4000"])
            #expect(inUBoot.code == 2 && inUBoot.error.contains("0x4000 to 0x6000 of uboot"), "\(inUBoot.error)")
            let elsewhere = try await Self.write([folder["raw.bin"], "--address", "0x8000"])
            #expect(elsewhere.code == 3 && !elsewhere.error.contains("boot"), "\(elsewhere.error)")
        }

        @Test func aBackUpThatBootsIsWrittenWithoutAQuestion() async throws {
            let folder = try Folder()
            try folder.write(SampleFlash.image(byteCount: 1 << 20, seed: 3), to: "good.bin")
            let result = try await Self.write([folder["good.bin"], "--address", "0"])
            #expect(result.code == 3 && !result.error.contains("boot"), "\(result.error)")
        }

        @Test(arguments: ["y", "n", ""])
        func onATerminalItAsks(answer: String) async throws {
            let folder = try Folder()
            try folder.write([UInt8](repeating: 0x5A, count: 0x2000), to: "raw.bin")
            let terminal = try Terminal()
            let path = folder["raw.bin"]
            let line = terminal.session("exec $0 flash write \(path) --address 0 --port /nonexistent")
            async let ended = Program.shell(line)
            #expect(try await terminal.shows("beware: after this write the plug would not boot: the partition table"))
            #expect(try await terminal.shows("Write it all the same? [y/N] "))
            terminal.type(answer + "\n")
            #expect(try await terminal.shows(answer == "y" ? "/nonexistent" : "nothing was written"))
            #expect(try await ended.code == (answer == "y" ? 3 : 1))
        }

        @Test func anOTAPackageIsRefused() async throws {
            let folder = try Folder()
            // §6: `FotaPKG` and a head of 112 bytes.
            let package = Array("FotaPKG".utf8) + [UInt8](repeating: 0, count: 0x3000)
            try folder.write(package, to: "ota_0x7000.bin")
            let refused = try await Self.write([folder["ota_0x7000.bin"]])
            #expect(refused.code == 2)
            #expect(
                refused.error
                    == "error: \(folder["ota_0x7000.bin"]) is an OTA package, an update over the air: a plug written with "
                    + "it does not boot. The all-in-one image of the same firmware is what goes over the UART; --force "
                    + "writes it all the same\n")
            let forced = try await Self.write([folder["ota_0x7000.bin"], "--force"])
            #expect(forced.code == 3 && forced.error.hasPrefix("beware: "), "\(forced.error)")
            let over = try await Self.write([folder["ota_0x7000.bin"], "--force", "--address", "0"])
            #expect(over.code == 2 && over.error.contains("--yes"), "\(over.error)")
            let shown = try await Program.run(["image", "show", folder["ota_0x7000.bin"], "--json"])
            #expect(shown.output.contains(#""kind":"ota-package""#), "\(shown.output)")
            try folder.write(Gzip.pack(package), to: "x.gz")
            let packed = try await Self.write([folder["x.gz"], "--address", "0x7000"])
            #expect(packed.code == 2 && packed.error.contains("is a gzip file. Unpack it first"), "\(packed.error)")
        }

        @Test func theNameHoldsTheAddress() async throws {
            let folder = try Folder()
            for name in ["NV_Develop_0x1FB000_V2.0.1.bin", "plain.bin", "a_0x8000_0x9000.bin"] {
                try folder.write([1, 2, 3], to: name)
            }
            let named = try await Self.write([folder["NV_Develop_0x1FB000_V2.0.1.bin"]])
            #expect(named.code == 3 && !named.error.contains("address"), "\(named.error)")
            let contradicted = try await Self.write(
                [folder["NV_Develop_0x1FB000_V2.0.1.bin"], "--address", "0x1FE000"])
            #expect(
                contradicted.error.hasPrefix(
                    "warning: the name of \(folder["NV_Develop_0x1FB000_V2.0.1.bin"]) says 0x1FB000; 0x1FE000 is used, as "
                        + "you ask\n"), "\(contradicted.error)")
            let plain = try await Self.write([folder["plain.bin"]])
            #expect(plain.code == 2 && plain.error.contains("add --address"), "\(plain.error)")
            let several = try await Self.write([folder["a_0x8000_0x9000.bin"]])
            #expect(several.code == 2 && several.error.contains("several addresses: 0x8000, 0x9000"))
        }

        @Test func makeTakesTheVendorsNames() async throws {
            let folder = try Folder()
            try folder.write([1], to: "ECR6600F_uboot_0x1000_V1.4.0.bin")
            try folder.write([2], to: "02-cpu@0x7000.bin")
            try folder.write([3], to: "plain.bin")
            let names = ["ECR6600F_uboot_0x1000_V1.4.0.bin", "02-cpu@0x7000.bin", "plain.bin@0x1FE000"]
            let made = try await Program.run(
                ["image", "make"] + names.map { folder[$0] } + ["-o", folder["all.bin"]])
            #expect(made.code == 0, "\(made.error)")
            let bytes = try folder.read("all.bin")
            let image = try AllInOneImage(parsing: bytes.span)
            #expect(image.entries.map(\.address) == [0x1000, 0x7000, 0x1FE000])
            let other = try await Program.run(
                ["image", "make", folder["02-cpu@0x7000.bin@0x9000"], "-o", folder["other.bin"]])
            #expect(other.error.contains("says 0x7000; 0x9000 is used, as you ask"), "\(other.error)")
            let none = try await Program.run(["image", "make", folder["plain.bin"], "-o", folder["no.bin"]])
            #expect(none.code == 2 && none.error.contains("has no address in its name"), "\(none.error)")
        }
    }
}
