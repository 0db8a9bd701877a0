package import Wire
import Words

/// An all-in-one image, "oneb": a stub and what goes into flash, in one file (ECR6600 facts §6).
///
/// `6F 6E 65 62`, a byte that counts the entries, then for each entry a type byte, a 32-bit address, a 32-bit length and
/// the data. There is no checksum and no padding; the file ends with its last entry.
package struct AllInOneImage: Hashable, Sendable {
    /// What an entry is for.
    package struct EntryType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// As the file has it.
        package var rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// A RAM stub; flashers that bring their own skip it (§11.2).
        package static let stub = EntryType(rawValue: 0x00)
        /// Goes into flash at its address.
        package static let flash = EntryType(rawValue: 0x02)

        package var description: String {
            switch self {
            case .stub: "stub"
            case .flash: "flash"
            default: "type \(hexBytes([rawValue]))"
            }
        }
    }

    /// A piece of the image with its place.
    package struct Entry: Hashable, Sendable {
        /// Stub, flash or what the file says.
        package var type: EntryType
        /// Where the data goes: in RAM for a stub, in flash for type 02.
        package var address: UInt32
        /// At most 4,294,967,295 bytes.
        package var data: [UInt8]

        package init(_ type: EntryType, at address: UInt32, data: [UInt8]) {
            self.type = type
            self.address = address
            self.data = data
        }

        /// The addresses it covers; 64-bit, since address + length may pass 32 bits.
        package var range: Range<UInt64> { UInt64(address)..<(UInt64(address) + UInt64(data.count)) }
    }

    /// "oneb".
    package static let magic: [UInt8] = [0x6F, 0x6E, 0x65, 0x62]
    /// Magic and number of entries.
    package static let headByteCount = 5
    /// Type, address and length before an entry's data.
    package static let entryHeadByteCount = 9

    /// At most 255, in the order of the file.
    package private(set) var entries: [Entry]

    /// - Throws: `WireError` when there are more entries than the count byte can say.
    package init(entries: [Entry]) throws(WireError) {
        guard entries.count <= 0xFF else {
            throw WireError(at: Self.magic.count, expected: "at most 255 entries", found: "\(entries.count)")
        }
        self.entries = entries
    }

    /// Reads a whole file. - Throws: `WireError` for a wrong magic, an entry that passes the end of the file, or bytes
    /// after the last entry.
    package init(parsing file: Span<UInt8>) throws(WireError) {
        for (offset, byte) in Self.magic.enumerated() {
            guard offset < file.count, file[offset] == byte else {
                let found = file.extracting(first: Self.magic.count)
                throw WireError(
                    at: offset, expected: "\"oneb\" (\(hexBytes(Self.magic)))",
                    found: found.isEmpty ? "an empty file" : hexBytes(found.indices.map { found[$0] }))
            }
        }
        guard file.count >= Self.headByteCount else {
            throw WireError(at: file.count, expected: "the number of entries", found: "the end of the file")
        }
        let count = Int(file[4])
        var offset = Self.headByteCount
        entries = []
        for number in 0..<count {
            guard file.count - offset >= Self.entryHeadByteCount else {
                throw WireError(
                    at: offset, expected: "the 9-byte head of entry \(number) of \(count)",
                    found: "\(file.count - offset) bytes to the end of the file")
            }
            let length = Int(file.littleEndian(UInt32.self, at: offset + 5))
            let start = offset + Self.entryHeadByteCount
            guard file.count - start >= length else {
                throw WireError(
                    at: offset + 5, expected: "a length of at most \(file.count - start) for entry \(number)",
                    found: "\(length)")
            }
            let data = file.extracting(start..<(start + length)).withUnsafeBufferPointer { Array($0) }
            entries.append(
                Entry(
                    EntryType(rawValue: file[offset]), at: file.littleEndian(at: offset + 1), data: data))
            offset = start + length
        }
        guard offset == file.count else {
            throw WireError(
                at: offset, expected: "the end of the file after \(count) entries",
                found: "\(file.count - offset) more bytes")
        }
    }

    /// The file.
    package var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(byteCount)
        bytes.append(UInt8(entries.count))
        for entry in entries {
            bytes.append(entry.type.rawValue)
            bytes.append(littleEndian: entry.address)
            bytes.append(littleEndian: UInt32(entry.data.count))
            bytes += entry.data
        }
        return bytes
    }

    /// Bytes of the file.
    package var byteCount: Int {
        entries.reduce(Self.headByteCount) { $0 + Self.entryHeadByteCount + $1.data.count }
    }

    /// Where each entry's head begins in the file.
    package var entryOffsets: [Int] {
        var offset = Self.headByteCount
        return entries.map { entry in
            defer { offset += Self.entryHeadByteCount + entry.data.count }
            return offset
        }
    }

    /// Pairs of flash entries that claim the same bytes, by their indices, the lower first. The format allows them; the
    /// later one wins, since flashers write in the order of the file, but a maker hardly meant it.
    package var overlaps: [(earlier: Int, later: Int)] {
        let flash = entries.indices.filter { entries[$0].type == .flash && !entries[$0].data.isEmpty }
        var pairs: [(earlier: Int, later: Int)] = []
        for (position, earlier) in flash.enumerated() {
            for later in flash.dropFirst(position + 1) where entries[earlier].range.overlaps(entries[later].range) {
                pairs.append((earlier, later))
            }
        }
        return pairs
    }
}
