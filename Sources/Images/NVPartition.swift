package import Wire
import Words

/// A partition of keys and values in EasyFlash sectors, such as `nv_amt` (ECR6600 facts §6).
package struct NVPartition: Hashable, Sendable {
    /// What a sector of 4 KB is.
    package enum Sector: Hashable, Sendable {
        /// FF throughout.
        case erased
        /// EasyFlash's, with what was found in it.
        case records([FoundRecord], EasyFlashSector.Magic)
        /// Neither: no "EF41" and no "EF40".
        case foreign
    }

    /// A key with its value, as a reader finds it.
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var value: [UInt8]
        /// Where its record begins in the partition.
        package var offset: Int

        /// The value as text, if it is text that can be shown on one line.
        package var text: String? {
            guard value.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
            return String(decoding: value, as: UTF8.self)
        }
    }

    /// In the order of the flash.
    package let sectors: [Sector]
    /// Bytes of the partition; what lies behind its last whole sector is not looked at.
    package let byteCount: Int

    /// Reads a partition; nothing in it is an error.
    package init(parsing bytes: Span<UInt8>) {
        byteCount = bytes.count
        sectors = (0..<(bytes.count / EasyFlashSector.byteCount)).map { number in
            let start = number * EasyFlashSector.byteCount
            let end = start + EasyFlashSector.byteCount
            if let magic = EasyFlashSector.magic(at: start, of: bytes) {
                return .records(FoundRecord.all(in: bytes, (start + EasyFlashSector.headByteCount)..<end), magic)
            }
            return (start..<end).allSatisfy { bytes[$0] == 0xFF } ? .erased : .foreign
        }
    }

    /// Whether nothing was ever written to it, or all was erased: not even a sector's head is there.
    package var isErased: Bool { sectors.allSatisfy { $0 == .erased } }

    /// Whether a sector is neither EasyFlash's nor erased: then it is no NV partition, or a damaged or encrypted one.
    package var isForeign: Bool { sectors.contains(.foreign) }

    /// Every place where a record stands or should, sound or not.
    package var records: [FoundRecord] {
        sectors.flatMap { sector -> [FoundRecord] in
            switch sector {
            case .records(let found, _): found
            case .erased, .foreign: []
            }
        }
    }

    /// The records that are not right and that should have been read.
    package var damaged: [FoundRecord] {
        records.filter { $0.problem != nil && $0.record?.state.counts ?? true }
    }

    /// The keys that count, in the order of the flash. Of several records with one key the last written counts; one
    /// that was about to be replaced counts while there is no other (EasyFlash's own rules; §6 shows finished records
    /// only).
    package var entries: [Entry] {
        // A lookup only, never gone through: a hostile file has half a million keys.
        var kept: [[UInt8]: FoundRecord] = [:]
        for found in records {
            guard let record = found.sound, record.state.counts else { continue }
            if let old = kept[record.nameBytes]?.record, record.state != .written, old.state != .beingDeleted {
                continue
            }
            kept[record.nameBytes] = found
        }
        return records.compactMap { found in
            guard let record = found.sound, kept[record.nameBytes]?.offset == found.offset else { return nil }
            return Entry(key: record.name, value: record.value, offset: found.offset)
        }
    }

    /// A key's value.
    package subscript(key: String) -> [UInt8]? { entries.last { $0.key == key }?.value }

    /// Bytes that records which count no longer, or never did, still take.
    package var wastedByteCount: Int {
        let offsets = Set(entries.map(\.offset))
        return records.reduce(0) { $0 + (offsets.contains($1.offset) ? 0 : $1.byteCount) }
    }
}

// MARK: - Writing

/// Why a partition cannot be rewritten.
package enum NVError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A sector that nobody here understands: rewriting would lose it.
    case foreignSector(Int)
    /// A record that cannot be read: rewriting would lose it.
    case damagedRecord(WireError)
    case noSuchKey(String)
    case badKey(String)
    /// The value with its key is longer than a sector has room for.
    case tooLong(key: String, byteCount: Int)
    /// All keys together.
    case full(sectors: Int)

    package var description: String {
        switch self {
        case .foreignSector(let number):
            "sector \(number) of the partition is neither erased nor EasyFlash (no \"EF41\" or \"EF40\" at "
                + "\(hex(number * EasyFlashSector.byteCount + EasyFlashSector.magicOffset))): rewriting would lose it"
        case .damagedRecord(let error): "a record in the partition is damaged, and rewriting would lose it: \(error)"
        case .noSuchKey(let key): "the partition has no key \(quoted(key))"
        case .badKey(let key): "\(quoted(key)) is not a valid key: a key has 1 to 255 bytes of UTF-8"
        case .tooLong(let key, let count):
            "the record of \(quoted(key)) would take \(count) bytes, but a sector has room for "
                + "\(NVPartition.roomInSector)"
        case .full(let sectors):
            "the keys do not fit into \(sectors) sectors, one of which EasyFlash needs free: delete a key first"
        }
    }
}

extension NVPartition {
    /// What a sector holds beside its head.
    package static let roomInSector = EasyFlashSector.byteCount - EasyFlashSector.headByteCount

    /// The partition's bytes with a key set. The whole partition is written anew, so that nothing of the old value
    /// stays; a chip's own library marks the old record and appends. Each sector keeps its magic.
    /// - Throws: `NVError`.
    package func setting(_ key: String, to value: [UInt8]) throws(NVError) -> [UInt8] {
        guard (1...EasyFlashRecord.maximumNameByteCount).contains(key.utf8.count), !key.hasStrayBytes else {
            throw .badKey(key)
        }
        var entries = try self.rewritable()
        let entry = Entry(key: key, value: value, offset: 0)
        if let old = entries.firstIndex(where: { $0.key == key }) {
            entries[old] = entry
        } else {
            entries.append(entry)
        }
        return try Self.bytes(of: entries, byteCount: byteCount, magics: magics)
    }

    /// The partition's bytes without a key. - Throws: `NVError`.
    package func deleting(_ key: String) throws(NVError) -> [UInt8] {
        var entries = try self.rewritable()
        guard let old = entries.firstIndex(where: { $0.key == key }) else { throw .noSuchKey(key) }
        entries.remove(at: old)
        return try Self.bytes(of: entries, byteCount: byteCount, magics: magics)
    }

    /// A fresh partition. One sector of several stays without records, as EasyFlash needs it for collecting.
    /// - Parameters:
    ///   - byteCount: at least a sector; what is behind the last whole sector is FF.
    ///   - magic: every sector's; as the vendor's SDK formats them unless somebody wants another.
    package static func bytes(
        of keys: [(key: String, value: [UInt8])], byteCount: Int, magic: EasyFlashSector.Magic = .ef41
    ) throws(NVError) -> [UInt8] {
        let magics = [EasyFlashSector.Magic](repeating: magic, count: byteCount / EasyFlashSector.byteCount)
        return try bytes(
            of: keys.map { Entry(key: $0.key, value: $0.value, offset: 0) }, byteCount: byteCount, magics: magics)
    }

    /// Each sector's; an erased one gets that of the first sector that has one, or else the SDK's.
    private var magics: [EasyFlashSector.Magic] {
        let found = sectors.map { sector -> EasyFlashSector.Magic? in
            if case .records(_, let magic) = sector { magic } else { nil }
        }
        let usual = found.compactMap(\.self).first ?? .ef41
        return found.map { $0 ?? usual }
    }

    private func rewritable() throws(NVError) -> [Entry] {
        if let number = sectors.firstIndex(of: .foreign) { throw .foreignSector(number) }
        if let problem = damaged.first?.problem { throw .damagedRecord(problem) }
        for found in records {
            guard let record = found.sound, record.state.counts, Array(record.name.utf8) != record.nameBytes else {
                continue
            }
            throw .damagedRecord(
                WireError(
                    at: found.offset + EasyFlashRecord.headByteCount, expected: "a key in UTF-8",
                    found: hexBytes(record.nameBytes)))
        }
        return entries
    }

    private static func bytes(
        of entries: [Entry], byteCount: Int, magics: [EasyFlashSector.Magic]
    ) throws(NVError) -> [UInt8] {
        let count = byteCount / EasyFlashSector.byteCount
        var filled: [[UInt8]] = [[]]
        for entry in entries {
            let record = EasyFlashRecord(entry.key, value: entry.value)
            guard record.byteCount <= roomInSector else {
                throw .tooLong(key: entry.key, byteCount: record.byteCount)
            }
            guard let bytes = try? record.bytes() else { throw .badKey(entry.key) }
            if filled[filled.count - 1].count + bytes.count > roomInSector { filled.append([]) }
            filled[filled.count - 1] += bytes
        }
        guard filled.count <= max(1, count - 1), count > 0 else { throw .full(sectors: count) }
        var image: [UInt8] = []
        for number in 0..<count {
            let records = number < filled.count ? filled[number] : []
            image += EasyFlashSector.head(magics[number], isUsed: !records.isEmpty) + records
            image += [UInt8](repeating: 0xFF, count: (number + 1) * EasyFlashSector.byteCount - image.count)
        }
        return image + [UInt8](repeating: 0xFF, count: byteCount - image.count)
    }
}
