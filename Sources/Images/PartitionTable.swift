package import Wire
import Words

/// The partition table: one sector at the beginning of the flash (ECR6600 facts §6).
///
/// It holds two lists of EasyFlash records, a short one from 0x24 and the full one from 0x400, where the stubs and uboot
/// look. A record's name is the partition's, its value `0xADDRESS,0xSIZE`.
package struct PartitionTable: Hashable, Sendable {
    /// A partition.
    package struct Entry: Hashable, Sendable {
        package var name: String
        /// In the flash, in bytes.
        package var address: UInt32
        /// Bytes; nothing says that they lie in the flash.
        package var byteCount: UInt32

        package init(_ name: String, at address: UInt32, byteCount: UInt32) {
            self.name = name
            self.address = address
            self.byteCount = byteCount
        }

        /// What it covers.
        package var range: Range<Int> { Int(address)..<(Int(address) + Int(byteCount)) }
    }

    /// Bytes of the table in the flash.
    package static let byteCount = EasyFlashSector.byteCount
    /// Where the full list begins.
    package static let fullListOffset = 0x400
    /// Where uboot stands in every table seen, and where a boot looks for it without one (§1.3).
    package static let ubootAddress = 0x1000
    /// The names in the short list, if they are partitions: what is thought to be for the mask ROM.
    package static let shortListNames = ["partition", "uboot"]

    /// The full list, in its order.
    package var entries: [Entry]
    /// The short list at 0x24, as far as its records are sound: nobody is known to need it.
    package var shortList: [Entry]

    /// A table with the short list that belongs to it.
    package init(_ entries: [Entry]) {
        self.entries = entries
        shortList = entries.filter { Self.shortListNames.contains($0.name) }
    }

    /// The partition of that name.
    package subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    // MARK: Reading

    /// The sector to read it from: the beginning of a back-up, or the entry at address 0 of an all-in-one image.
    package static func place(in file: [UInt8]) -> [UInt8] {
        guard let image = try? AllInOneImage(parsing: file.span) else { return file }
        return image.entries.first { $0.type == .flash && $0.address == 0 }?.data ?? []
    }

    /// What a sector has in either list, sound or not.
    package static func records(in sector: Span<UInt8>) -> (short: [FoundRecord], full: [FoundRecord]) {
        let end = min(sector.count, byteCount)
        return (
            FoundRecord.all(
                in: sector,
                EasyFlashSector
                    .headByteCount..<max(
                        EasyFlashSector.headByteCount, min(end, fullListOffset))),
            FoundRecord.all(in: sector, fullListOffset..<max(fullListOffset, end))
        )
    }

    /// Reads the sector at the beginning of a flash. Bytes beyond it are not looked at.
    ///
    /// - Throws: `WireError` for less than 4096 bytes, a sector that is not EasyFlash's, a full list that is empty or
    ///   has a record that is not right. What uboot does with a table that is right only in part is unknown.
    package init(parsing sector: Span<UInt8>) throws(WireError) {
        guard sector.count >= Self.byteCount else {
            throw WireError(at: sector.count, expected: "a sector of 4096 bytes", found: "\(sector.count) bytes")
        }
        guard EasyFlashSector.magic(at: 0, of: sector) == .ef40 else {
            let found = (0..<4).map { sector[EasyFlashSector.magicOffset + $0] }
            throw WireError(
                at: EasyFlashSector.magicOffset, expected: "\"EF40\" (\(hexBytes(EasyFlashSector.Magic.ef40.bytes)))",
                found: hexBytes(found))
        }
        let (short, full) = Self.records(in: sector)
        entries = []
        for found in full {
            if let problem = found.problem { throw problem }
            if let record = found.record, record.state.counts { entries.append(try Entry(record, at: found.offset)) }
        }
        guard !entries.isEmpty else {
            throw WireError(at: Self.fullListOffset, expected: "the list of partitions", found: "no record")
        }
        shortList = short.compactMap { found in
            found.sound.flatMap { $0.state.counts ? try? Entry($0, at: found.offset) : nil }
        }
    }

    // MARK: Writing

    /// The sector. - Throws: `WireError` when a list does not fit into its part of it, or a name has no or more than
    /// 255 bytes.
    package func bytes() throws(WireError) -> [UInt8] {
        var sector = EasyFlashSector.head(.ef40, isUsed: true)
        try Self.append(shortList, to: &sector, upTo: Self.fullListOffset)
        try Self.append(entries, to: &sector, upTo: Self.byteCount)
        return sector
    }

    private static func append(_ list: [Entry], to sector: inout [UInt8], upTo end: Int) throws(WireError) {
        for entry in list {
            let value = "\(hex(entry.address)),\(hex(entry.byteCount))"
            sector += try EasyFlashRecord(entry.name, value: Array(value.utf8)).bytes()
        }
        guard sector.count <= end else {
            throw WireError(at: end, expected: "a list that ends before \(hex(end))", found: hex(sector.count))
        }
        sector += [UInt8](repeating: 0xFF, count: end - sector.count)
    }
}

extension PartitionTable.Entry {
    /// A record of the table. - Throws: `WireError` when its value is not `0xADDRESS,0xSIZE`.
    init(_ record: EasyFlashRecord, at offset: Int) throws(WireError) {
        let text = String(decoding: record.value, as: UTF8.self)
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map(Self.number)
        guard numbers.count == 2, let address = numbers[0], let byteCount = numbers[1] else {
            throw WireError(
                at: offset, expected: "0xADDRESS,0xSIZE as the value of \(quoted(record.name))", found: quoted(text))
        }
        self.init(record.name, at: address, byteCount: byteCount)
    }

    private static func number(_ text: Substring) -> UInt32? {
        guard text.hasPrefix("0x") || text.hasPrefix("0X"), text.dropFirst(2).allSatisfy(\.isHexDigit) else {
            return nil
        }
        return UInt32(text.dropFirst(2), radix: 16)
    }
}
