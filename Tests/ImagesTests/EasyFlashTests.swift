import Images
import Line
import Testing
import Wire

/// ECR6600 facts §6: "env records from 0x24 …".
@Suite struct EasyFlashTests {
    /// Two marks, twelve FF, length, CRC-32 over the rest, name length and three FF, value length, name and value padded
    /// to 4. The CRC is Python's `zlib.crc32` over the bytes from the name's length on.
    @Test func aRecordByteForByte() throws {
        let expected: [UInt8] =
            [0x00, 0xFF, 0xFF, 0xFF, 0x00, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0xFF, count: 12)
            + [0x3C, 0, 0, 0] + [0x22, 0xD1, 0x35, 0x84] + [5, 0xFF, 0xFF, 0xFF] + [13, 0, 0, 0]
            + Array("uboot".utf8) + [0xFF, 0xFF, 0xFF] + Array("0x1000,0x6000".utf8) + [0xFF, 0xFF, 0xFF]
        let record = EasyFlashRecord("uboot", value: Array("0x1000,0x6000".utf8))
        #expect(try record.bytes() == expected)
        #expect(record.byteCount == expected.count)
        let found = FoundRecord.all(in: expected.span, 0..<expected.count)
        #expect(found.map(\.offset) == [0] && found.map(\.byteCount) == [60])
        #expect(found.map(\.sound) == [record])
    }

    @Test func roundTrip() throws {
        var random = SplitMix64(seed: 6)
        for _ in 0..<300 {
            let records = (0..<random.next(below: 6)).map { _ in
                EasyFlashRecord(
                    nameBytes: random.bytes(1 + Int(random.next(below: 255))),
                    value: random.bytes(Int(random.next(below: 300))),
                    state: EasyFlashRecord.State.allCases[Int(random.next(below: 5))])
            }
            let bytes = try records.flatMap { try $0.bytes() } + [UInt8](repeating: 0xFF, count: 40)
            #expect(FoundRecord.all(in: bytes.span, 0..<bytes.count).compactMap(\.sound) == records)
        }
    }

    /// Every single wrong byte under the CRC is seen.
    @Test func everyByteUnderTheCRCCounts() throws {
        let bytes = try EasyFlashRecord("mac", value: Array("02:00:00:01:02:03".utf8)).bytes()
        for offset in 0x18..<bytes.count {
            var wrong = bytes
            wrong[offset] ^= 0x10
            #expect(FoundRecord.all(in: wrong.span, 0..<wrong.count).first?.sound == nil, "offset \(offset)")
        }
    }

    @Test func namesHaveOneTo255Bytes() {
        for count in [0, 256] {
            #expect(throws: WireError.self) {
                try EasyFlashRecord(nameBytes: [UInt8](repeating: 65, count: count), value: []).bytes()
            }
        }
    }

    /// Random bytes, and right records with random bytes in them: no trap, no endless walk, nothing beyond the range.
    @Test(arguments: 0..<64 as Range<UInt64>)
    func hostileBytes(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var sector = EasyFlashSector.head(.ef40, isUsed: true)
        for number in 0..<8 {
            sector += try EasyFlashRecord("key\(number)", value: random.bytes(Int(random.next(below: 99)))).bytes()
        }
        sector += [UInt8](repeating: 0xFF, count: 4096 - sector.count)
        for _ in 0..<20 {
            let offset = Int(random.next(below: 600))
            sector.replaceSubrange(offset..<(offset + 4), with: random.bytes(4))
            let found = FoundRecord.all(in: sector.span, 0x24..<4096)
            #expect(found.count < 4096 / 0x24, "seed \(seed)")
            #expect(found.allSatisfy { $0.offset + $0.byteCount <= 4096 }, "seed \(seed)")
            _ = NVPartition(parsing: sector.span).entries
            _ = try? PartitionTable(parsing: sector.span)
            sector.replaceSubrange(0x24..<0x48, with: random.bytes(0x24))
            _ = FoundRecord.all(in: sector.span, 0x24..<4096)
        }
        let noise = random.bytes(Int(random.next(below: 5000)))
        _ = try? PartitionTable(parsing: noise.span)
        _ = PartitionTable.records(in: noise.span)
        _ = NVPartition(parsing: noise.span).damaged
    }

    /// Lengths up to 2³² are compared, not believed.
    @Test(arguments: [0, 1, 0x23, 0x25, 0x7FFF_FFFF, 0xFFFF_FFFF] as [UInt32])
    func lyingLengths(length: UInt32) throws {
        let honest = try EasyFlashRecord("k", value: [1, 2, 3]).bytes()
        for field in [0x14, 0x20] {
            var bytes = honest
            var word: [UInt8] = []
            word.append(littleEndian: length)
            bytes.replaceSubrange(field..<(field + 4), with: word)
            let found = FoundRecord.all(in: bytes.span, 0..<bytes.count)
            #expect(found.first?.problem != nil)
        }
    }
}
