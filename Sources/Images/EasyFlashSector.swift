import Digests
package import Wire
import Words

/// A sector of 4 KB with EasyFlash records: a head of 0x24 bytes, its magic at 0x18, then the records one after another
/// (ECR6600 facts §6).
package enum EasyFlashSector {
    /// What stands at 0x18 (ECR6600 facts §6).
    package enum Magic: String, Hashable, Sendable, CaseIterable {
        /// The partition table's, the only one that counts at address 0. In an NV partition it is read as well.
        case ef40 = "EF40"
        /// The NV partitions' in the vendor's own files, and what its SDK writes when it formats a sector.
        case ef41 = "EF41"

        package var bytes: [UInt8] { Array(rawValue.utf8) }
    }

    package static let byteCount = 0x1000
    /// Where the first record stands.
    package static let headByteCount = 0x24
    package static let magicOffset = 0x18

    /// The head of a sector. The marks before the magic say how full it is and whether it is being collected; the facts
    /// name only the magic, the marks are EasyFlash's own, which are public.
    /// - Parameters:
    ///   - magic: ef40 for the partition table; an NV partition keeps what it has.
    ///   - isUsed: whether it holds records.
    package static func head(_ magic: Magic, isUsed: Bool) -> [UInt8] {
        let made: [UInt8] = [0, 0xFF, 0xFF, 0xFF]
        let open: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
        let fill = made + (isUsed ? made : open) + open
        let isClean = made + open + open
        return fill + isClean + magic.bytes + open + open
    }

    /// The magic of the EasyFlash sector that begins at `offset`; nil when none does.
    package static func magic(at offset: Int, of bytes: Span<UInt8>) -> Magic? {
        guard bytes.count - offset >= headByteCount else { return nil }
        let found = (0..<4).map { bytes[offset + magicOffset + $0] }
        return Magic.allCases.first { $0.bytes == found }
    }
}

/// A place where a record stands or should stand.
package struct FoundRecord: Hashable, Sendable {
    /// Where its marks begin, in what was searched.
    package var offset: Int
    /// Bytes to the next one.
    package var byteCount: Int
    /// As far as it can be read.
    package var record: EasyFlashRecord?
    /// What is wrong with it: its marks, its lengths, its CRC.
    package var problem: WireError?

    /// The record, if everything about it is right.
    package var sound: EasyFlashRecord? { problem == nil ? record : nil }
}

extension FoundRecord {
    /// The records of a range, up to the first place where nothing was written.
    ///
    /// A head that cannot be right counts as 0x24 bytes, as EasyFlash itself steps over one; without any mark nothing
    /// after it can be told, and the search ends there.
    package static func all(in bytes: Span<UInt8>, _ range: Range<Int>) -> [FoundRecord] {
        var found: [FoundRecord] = []
        var offset = range.lowerBound
        while range.upperBound - offset >= EasyFlashRecord.headByteCount, !isBlank(bytes, at: offset) {
            let next = at(offset, of: bytes, before: range.upperBound)
            found.append(next)
            if next.record == nil, next.byteCount == 0 { break }
            offset += next.byteCount
        }
        return found
    }

    private static func isBlank(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
        (offset..<(offset + EasyFlashRecord.headByteCount)).allSatisfy { bytes[$0] == 0xFF }
    }

    private static func at(_ offset: Int, of bytes: Span<UInt8>, before end: Int) -> FoundRecord {
        let marks = EasyFlashRecord.State.allCases
        guard let state = marks.last(where: { bytes[offset + (Int($0.rawValue) - 1) * 4] == 0 }) else {
            return FoundRecord(
                offset: offset, byteCount: 0,
                problem: WireError(
                    at: offset, expected: "a state mark (00 FF FF FF)",
                    found: hexBytes((0..<4).map { bytes[offset + $0] })))
        }
        let length = Int(bytes.littleEndian(UInt32.self, at: offset + 0x14))
        let nameLength = Int(bytes[offset + 0x1C])
        let valueLength = Int(bytes.littleEndian(UInt32.self, at: offset + 0x20))
        let due = EasyFlashRecord.headByteCount + (nameLength + 3) / 4 * 4 + (valueLength + 3) / 4 * 4
        guard length <= end - offset else {
            return damaged(offset, at: 0x14, "a record of at most \(end - offset) bytes", found: "\(length)")
        }
        guard length == due, nameLength > 0 else {
            return damaged(
                offset, at: 0x14, "a length of \(due) for a name of \(nameLength) and a value of \(valueLength) bytes",
                found: "\(length)")
        }
        let nameStart = offset + EasyFlashRecord.headByteCount
        let valueStart = nameStart + (nameLength + 3) / 4 * 4
        let record = EasyFlashRecord(
            nameBytes: (nameStart..<(nameStart + nameLength)).map { bytes[$0] },
            value: (valueStart..<(valueStart + valueLength)).map { bytes[$0] }, state: state)
        var sum = CRC32()
        sum.update(bytes.extracting((offset + 0x1C)..<(offset + length)))
        let stored: UInt32 = bytes.littleEndian(at: offset + 0x18)
        let problem =
            stored == sum.value
            ? nil
            : WireError(
                at: offset + 0x18, expected: "CRC \(hex(sum.value)) for \(quoted(record.name))", found: hex(stored))
        return FoundRecord(offset: offset, byteCount: length, record: record, problem: problem)
    }

    private static func damaged(_ offset: Int, at field: Int, _ expected: String, found: String) -> FoundRecord {
        FoundRecord(
            offset: offset, byteCount: EasyFlashRecord.headByteCount,
            problem: WireError(at: offset + field, expected: expected, found: found))
    }
}
