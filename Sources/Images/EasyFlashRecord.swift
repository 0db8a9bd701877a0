import Digests
package import Wire

/// A key and its value as EasyFlash 4 keeps them: in the partition table and in the NV partitions (ECR6600 facts §6).
///
/// Five state marks of 4 bytes, the record's length, a CRC-32 from the name's length to the end, the name's length and
/// three FF, the value's length, the name and the value, each padded with FF to a multiple of 4. A mark is made by
/// clearing its first byte, which flash can do without erasing.
package struct EasyFlashRecord: Hashable, Sendable {
    /// How far its state marks have come. The facts show the first two made and the other three not; what those three
    /// mean is EasyFlash's own meaning, which is public, and not seen on this chip.
    package enum State: UInt8, Hashable, Sendable, CaseIterable, Comparable {
        /// The first mark: writing began and did not end.
        case unfinished = 1
        /// The second: it counts.
        case written
        /// The third: it is about to be replaced or deleted. It counts until a newer one is written.
        case beingDeleted
        /// The fourth: it counts no longer.
        case deleted
        /// The fifth: the library found it damaged.
        case abandoned

        /// Whether a record in this state has a value that somebody may read.
        package var counts: Bool { self == .written || self == .beingDeleted }

        package static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }
    }

    package var state: State
    /// At most 255 bytes; a name as the vendor has them is ASCII.
    package var nameBytes: [UInt8]
    package var value: [UInt8]

    /// A record that counts.
    package init(_ name: String, value: [UInt8]) {
        self.init(nameBytes: Array(name.utf8), value: value)
    }

    package init(nameBytes: [UInt8], value: [UInt8], state: State = .written) {
        self.nameBytes = nameBytes
        self.value = value
        self.state = state
    }

    /// For people: what is not UTF-8 in it is replaced.
    package var name: String { String(decoding: nameBytes, as: UTF8.self) }

    /// Marks, length, CRC and both lengths.
    package static let headByteCount = 0x24
    /// The longest name: its length is one byte.
    package static let maximumNameByteCount = 0xFF

    /// Bytes in the flash.
    package var byteCount: Int {
        Self.headByteCount + Self.padded(nameBytes.count) + Self.padded(value.count)
    }

    private static func padded(_ count: Int) -> Int { (count + 3) / 4 * 4 }

    /// The record as it stands in the flash. - Throws: `WireError` for a name of 0 or more than 255 bytes, or a record
    /// longer than 32 bits can say.
    package func bytes() throws(WireError) -> [UInt8] {
        guard (1...Self.maximumNameByteCount).contains(nameBytes.count) else {
            throw WireError(at: 0x1C, expected: "a name of 1 to 255 bytes", found: "\(nameBytes.count)")
        }
        guard byteCount < Int(UInt32.max) else {
            throw WireError(at: 0x14, expected: "a record of less than 4 GB", found: "\(byteCount) bytes")
        }
        var checked: [UInt8] = [UInt8(nameBytes.count), 0xFF, 0xFF, 0xFF]
        checked.append(littleEndian: UInt32(value.count))
        for part in [nameBytes, value] {
            checked += part
            checked += [UInt8](repeating: 0xFF, count: Self.padded(part.count) - part.count)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        for mark in State.allCases {
            bytes += [mark <= state ? 0 : 0xFF, 0xFF, 0xFF, 0xFF]
        }
        bytes.append(littleEndian: UInt32(byteCount))
        bytes.append(littleEndian: CRC32.of(checked))
        return bytes + checked
    }
}
