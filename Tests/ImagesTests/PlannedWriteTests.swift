import Images
import Testing

/// What is said before a write that would leave a plug that does not boot.
@Suite struct PlannedWriteTests {
    private static func flash(_ damage: FlashImageBuilder.Damage = []) throws -> [UInt8] {
        var builder = FlashImageBuilder(byteCount: 1 << 20, layout: .small1MB)
        builder.ubootBody = PlaceholderUBoot.body(version: "1.3.4")
        builder.application = .init(magic: .new, version: "v1", text: [UInt8](repeating: 7, count: 0x4000 - 0x100))
        builder.damage = damage
        return try builder.image()
    }

    private static func words(_ pieces: (Int, [UInt8])...) -> String {
        PlannedWrite(pieces.map { PlannedWrite.Piece(at: $0, $1) }).hazard.map { "\($0)" } ?? "none"
    }

    @Test func whatBootsIsNoHazard() throws {
        let flash = try Self.flash()
        #expect(Self.words((0, flash)) == "none")
        #expect(Self.words((0, Array(flash[..<0x1000])), (0x1000, Array(flash[0x1000..<0x7000]))) == "none")
        #expect(Self.words((0x1000, Array(flash[0x1000..<0x2000]))) == "none", "uboot alone, to its body's end")
        #expect(Self.words((0, Array(flash[..<0x7000]))) == "none", "the application stays")
    }

    @Test func whatTouchesNeitherIsNoHazard() {
        #expect(Self.words((0x7000, [1, 2, 3])) == "none")
        #expect(Self.words((0xF_E000, [UInt8](repeating: 0, count: 0x2000))) == "none")
        #expect(Self.words() == "none")
    }

    /// Each message as it stands.
    @Test func messages() throws {
        let raw = [UInt8](repeating: 0x5A, count: 0x3000)
        #expect(
            Self.words((0, raw))
                == "the partition table: at offset 24 (0x18): expected \"EF40\" (45 46 34 30), found 5A 5A 5A 5A")
        #expect(
            Self.words((0, Array(raw[..<100])))
                == "it overwrites 0x0 to 0x64 of the partition table (0x0 to 0x1000) and leaves the rest")
        #expect(
            Self.words((0x3000, raw))
                == "it overwrites 0x3000 to 0x6000 of uboot (0x1000 to 0x7000) and leaves the rest")
        #expect(Self.words((0x1000, raw)).hasPrefix("uboot's header at 0x1000: "))
        #expect(
            Self.words((0x1000, [UInt8](repeating: 0xFF, count: 0x1000)))
                == "the flash is erased where uboot should be (0x1000)")
        for damage in [FlashImageBuilder.Damage.partitionTable, .ubootHeader, .ubootBody, .applicationBody] {
            #expect(Self.words((0, try Self.flash(damage))) != "none")
        }
        let cut = Array(try Self.flash()[..<0x1080])
        #expect(Self.words((0, cut)).hasPrefix("uboot's body has CRC"), "the rest of it is not there")
    }

    /// An update over the air, a gzip file, noise: whatever it is, it does not end in a crash.
    @Test(arguments: [0, 0xFFF, 0x1000, 0x1001, 0x6FFF, 0xFFFF_FFFF])
    func anyAddress(address: Int) throws {
        for count in [1, 0x57, 0x1000, 0x8000] {
            _ = Self.words((address, [UInt8](repeating: 0x32, count: count)))
        }
    }
}
