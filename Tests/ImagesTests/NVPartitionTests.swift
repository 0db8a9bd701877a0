import Images
import Line
import Testing

/// NV partitions (ECR6600 facts §6; the meaning of the later state marks is EasyFlash's own).
@Suite struct NVPartitionTests {
    private static func text(_ value: [UInt8]?) -> String? { value.map { String(decoding: $0, as: UTF8.self) } }

    private static func partition(_ bytes: [UInt8]) -> NVPartition { NVPartition(parsing: bytes.span) }

    /// One sector with these records, as a chip would have left it.
    private static func sector(_ records: [EasyFlashRecord]) throws -> [UInt8] {
        let bytes = try EasyFlashSector.head(.ef41, isUsed: true) + records.flatMap { try $0.bytes() }
        return bytes + [UInt8](repeating: 0xFF, count: 4096 - bytes.count)
    }

    private static func record(_ key: String, _ value: String, _ state: EasyFlashRecord.State) -> EasyFlashRecord {
        EasyFlashRecord(nameBytes: Array(key.utf8), value: Array(value.utf8), state: state)
    }

    @Test func theStateMarksDecide() throws {
        let bytes = try Self.sector([
            Self.record("mac", "old", .deleted), Self.record("half", "x", .unfinished),
            Self.record("kept", "previous", .beingDeleted), Self.record("mac", "new", .written),
            Self.record("moved", "before", .beingDeleted), Self.record("moved", "after", .written),
            Self.record("bad", "y", .abandoned),
        ])
        let partition = Self.partition(bytes)
        #expect(partition.entries.map(\.key) == ["kept", "mac", "moved"])
        #expect(Self.text(partition["mac"]) == "new")
        #expect(Self.text(partition["kept"]) == "previous")
        #expect(Self.text(partition["moved"]) == "after")
        #expect(partition.damaged.isEmpty)
        #expect(partition.wastedByteCount > 0)
    }

    @Test func settingAndDeleting() throws {
        var bytes = try NVPartition.bytes(of: [("ModelSms", Array("ECR6600".utf8))], byteCount: 0x3000)
        #expect(bytes.count == 0x3000)
        bytes = try Self.partition(bytes).setting("WdtFlag", to: [0x30])
        bytes = try Self.partition(bytes).setting("ModelSms", to: Array("another one".utf8))
        var partition = Self.partition(bytes)
        #expect(partition.entries.map(\.key) == ["ModelSms", "WdtFlag"])
        #expect(Self.text(partition["ModelSms"]) == "another one")
        #expect(partition.wastedByteCount == 0)
        bytes = try partition.deleting("ModelSms")
        partition = Self.partition(bytes)
        #expect(partition.entries.map(\.key) == ["WdtFlag"])
        #expect(throws: NVError.noSuchKey("ModelSms")) { try partition.deleting("ModelSms") }
        #expect(throws: NVError.badKey("")) { try partition.setting("", to: []) }
    }

    @Test func erasedForeignAndFull() throws {
        let erased = Self.partition([UInt8](repeating: 0xFF, count: 0x2000))
        #expect(erased.isErased)
        let written = try erased.setting("mac", to: [1])
        #expect(!Self.partition(written).isErased)
        let foreign = Self.partition([UInt8](repeating: 0x5A, count: 0x2000))
        #expect(foreign.isForeign)
        #expect(throws: NVError.foreignSector(0)) { try foreign.setting("mac", to: [1]) }
        // Two sectors, one of which stays free: 4096 - 0x24 bytes for everything.
        #expect(throws: NVError.self) { try erased.setting("long", to: [UInt8](repeating: 0, count: 4096)) }
        let large = try erased.setting("a", to: [UInt8](repeating: 0, count: 3000))
        #expect(throws: NVError.full(sectors: 2)) {
            try Self.partition(large).setting("b", to: [UInt8](repeating: 0, count: 3000))
        }
    }

    @Test func aDamagedRecordIsNotRewrittenAway() throws {
        var bytes = try NVPartition.bytes(of: [("mac", Array("02:00:00:00:00:01".utf8))], byteCount: 0x2000)
        bytes[0x24 + 0x28] ^= 1
        let partition = Self.partition(bytes)
        #expect(partition.entries.isEmpty)
        #expect(partition.damaged.count == 1)
        #expect(throws: NVError.self) { try partition.setting("x", to: []) }
    }

    /// A partition may claim a whole flash, and every key in it may be another one.
    @Test func manyKeysAreFoundOnceEach() throws {
        let keys = (0..<20_000).map { (key: "k\($0)", value: [UInt8]()) }
        let bytes = try NVPartition.bytes(of: keys, byteCount: 1 << 20)
        #expect(Self.partition(bytes).entries.map(\.key) == keys.map(\.key))
    }

    /// What is written is read again, whatever the keys are.
    @Test(arguments: 0..<24 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var expected: [(key: String, value: [UInt8])] = []
        var bytes = [UInt8](repeating: 0xFF, count: 0x4000)
        for _ in 0..<30 {
            let key = "key\(random.next(below: 12))"
            let partition = Self.partition(bytes)
            if random.next(below: 4) == 0, expected.contains(where: { $0.key == key }) {
                bytes = try partition.deleting(key)
                expected.removeAll { $0.key == key }
            } else {
                let value = random.bytes(Int(random.next(below: 400)))
                bytes = try partition.setting(key, to: value)
                if let old = expected.firstIndex(where: { $0.key == key }) {
                    expected[old].value = value
                } else {
                    expected.append((key, value))
                }
            }
            let entries = Self.partition(bytes).entries
            #expect(entries.map(\.key) == expected.map(\.key), "seed \(seed)")
            #expect(entries.map(\.value) == expected.map(\.value), "seed \(seed)")
        }
    }
}
