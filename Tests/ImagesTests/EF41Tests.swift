import Digests
import Images
import Testing
import Wire

/// ECR6600 facts §6: "NV partitions above 0x1000 carry "EF41" … and EF40 is read there too; at address 0 only EF40
/// counts". The bytes are put together by hand, field by field as §6 has them.
@Suite struct EF41Tests {
    private static let made: [UInt8] = [0, 0xFF, 0xFF, 0xFF]
    private static let open: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0xFF, count: (4 - bytes.count % 4) % 4)
    }

    private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 0xFF) } }

    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let checked =
            [UInt8(key.utf8.count), 0xFF, 0xFF, 0xFF] + word(value.utf8.count) + padded(Array(key.utf8))
            + padded(Array(value.utf8))
        let head = made + made + open + open + open + word(28 + checked.count)
        return head + word(Int(CRC32.of(checked))) + checked
    }

    private static func sector(_ magic: String, _ records: [UInt8]) -> [UInt8] {
        let head =
            made + (records.isEmpty ? open : made) + open + made + open + open + Array(magic.utf8) + open + open
        return head + records + [UInt8](repeating: 0xFF, count: 4096 - head.count - records.count)
    }

    /// Two sectors, the second without a record, as the vendor's SDK leaves them.
    static func partition(_ magic: String = "EF41") -> [UInt8] {
        sector(magic, record("ModelSms", "ECR6600") + record("mac", "02:00:00:00:00:01")) + sector(magic, [])
    }

    private static func magics(_ bytes: [UInt8]) -> [String] {
        stride(from: 0, to: bytes.count, by: 4096).map {
            String(decoding: bytes[($0 + 0x18)..<($0 + 0x1C)], as: UTF8.self)
        }
    }

    @Test(arguments: ["EF41", "EF40"])
    func eitherMagicIsRead(magic: String) throws {
        let bytes = Self.partition(magic)
        let keys = NVPartition(parsing: bytes.span)
        #expect(!keys.isForeign && keys.damaged.isEmpty)
        #expect(keys.entries.map(\.key) == ["ModelSms", "mac"])
        #expect(keys.entries.map(\.text) == ["ECR6600", "02:00:00:00:00:01"])
        guard case .keys(let found) = ImageInspection(bytes) else {
            Issue.record("not taken for a partition of keys")
            return
        }
        #expect(found == keys)
        #expect(try NVLocation.find(nil, holding: "mac", in: bytes).partition == keys)
    }

    @Test(arguments: ["EF41", "EF40"])
    func whatIsWrittenKeepsTheMagic(magic: String) throws {
        let keys = NVPartition(parsing: Self.partition(magic).span)
        #expect(Self.magics(try keys.setting("WdtFlag", to: [0x30])) == [magic, magic])
        #expect(Self.magics(try keys.deleting("mac")) == [magic, magic])
        // What is set and taken away again leaves the vendor's own bytes.
        let set = try NVPartition(parsing: Self.partition(magic).span).setting("new", to: [1, 2, 3])
        #expect(try NVPartition(parsing: set.span).deleting("new") == Self.partition(magic))
    }

    @Test func eachSectorKeepsItsOwn() throws {
        let mixed = Self.sector("EF40", Self.record("a", "1")) + Self.sector("EF41", Self.record("b", "2"))
        let bytes = mixed + [UInt8](repeating: 0xFF, count: 4096) + Self.sector("EF41", [])
        let set = try NVPartition(parsing: bytes.span).setting("c", to: [0x33])
        #expect(Self.magics(set) == ["EF40", "EF41", "EF40", "EF41"], "an erased one as the first")
        #expect(NVPartition(parsing: set.span).entries.map(\.key) == ["a", "b", "c"])
    }

    @Test func otherMagicsAreForeign() {
        for magic in ["EF42", "EF4", "ef41", "FE40"] {
            let name = magic.count < 4 ? magic + "\u{0}" : magic
            #expect(NVPartition(parsing: Self.sector(name, []).span).isForeign, "\(magic)")
        }
    }

    @Test func atAddress0OnlyEF40Counts() throws {
        var sector = try FlashLayout.partBin2MB.table.bytes()
        #expect(Self.magics(sector) == ["EF40"])
        sector[0x1B] = UInt8(ascii: "1")
        #expect(throws: WireError.self) { try PartitionTable(parsing: sector.span) }
    }

    @Test(arguments: ["EF41", "EF40"])
    func theMACOfAWholeFlash(magic: String) throws {
        var flash = [UInt8](repeating: 0xFF, count: 2 << 20)
        flash.replaceSubrange(0..<4096, with: try FlashLayout.partBin2MB.table.bytes())
        // nv_amt, 0x1FE000+0x2000 (§6).
        flash.replaceSubrange(0x1FE000..<0x200000, with: Self.partition(magic))
        let inspection = FlashInspection(flash)
        #expect(inspection.mac == "02:00:00:00:00:01")
        #expect(!inspection.warnings.contains { if case .foreignPartition = $0 { true } else { false } })
        #expect(try NVLocation.find(nil, holding: "mac", in: flash).name == "nv_amt")
    }
}
