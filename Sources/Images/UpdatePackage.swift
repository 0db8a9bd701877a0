import Digests
package import Wire
import Words

/// An OTA package: an update that the application fetches over the air and applies itself (ECR6600 facts §6). Nothing
/// that boots: a plug whose flash was written with it stays dead.
///
/// A head of 112 bytes: `FotaPKG` and a byte, the size of the file, the CRC-32 of the bytes from 16 on, three sizes, two
/// CRCs, 12 bytes of which nothing is known, two version texts of 32 bytes.
package struct UpdatePackage: Hashable, Sendable {
    package static let magic = Array("FotaPKG".utf8)
    package static let headByteCount = 112
    /// The CRC covers the bytes from here on.
    private static let checkedFrom = 16

    /// The byte after the magic: nothing is known of it.
    package var kind: UInt8
    /// Of the whole file, as the head says.
    package var byteCount: UInt32
    /// As the head has it.
    package var crc: UInt32
    /// Of the bootloader, the firmware and the new firmware, in bytes.
    package var sizes: [UInt32]
    /// Two more CRCs, of which nothing is known.
    package var crcs: [UInt32]
    /// Two texts that each end with the first 0.
    package var versions: [String]
    /// What the file really has.
    package var actualByteCount: Int
    package var computedCRC: UInt32

    /// Reads a whole file. - Throws: `WireError` for another magic or less than a head; what the head says of the rest
    /// is asked about afterwards.
    package init(parsing file: Span<UInt8>) throws(WireError) {
        guard file.count >= Self.headByteCount else {
            throw WireError(at: file.count, expected: "a head of \(Self.headByteCount) bytes", found: "\(file.count)")
        }
        let found = (0..<Self.magic.count).map { file[$0] }
        guard found == Self.magic else { throw WireError(at: 0, expected: "\"FotaPKG\"", found: hexBytes(found)) }
        kind = file[7]
        byteCount = file.littleEndian(at: 8)
        crc = file.littleEndian(at: 12)
        sizes = [16, 20, 24].map { file.littleEndian(at: $0) }
        crcs = [28, 32].map { file.littleEndian(at: $0) }
        versions = [48, 80].map { start in
            let text = (start..<(start + 32)).map { file[$0] }.prefix { $0 != 0 }
            return String(decoding: text, as: UTF8.self)
        }
        actualByteCount = file.count
        var sum = CRC32()
        sum.update(file.extracting(droppingFirst: Self.checkedFrom))
        computedCRC = sum.value
    }

    /// Whether the file is as its head says: size and CRC.
    package var isSound: Bool { Int(byteCount) == actualByteCount && crc == computedCRC }
}
