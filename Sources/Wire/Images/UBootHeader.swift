import Digests

/// The 0x58 bytes before uboot's body (ECR6600 facts §2, "uboot header", verified on three files).
package struct UBootHeader: Hashable, Sendable {
    package static let byteCount = 0x58
    private static let magic: [UInt8] = [0x32, 0x70, 0x78, 0x48]

    /// Bytes of the body that follow.
    package var bodyLength: UInt32
    /// CRC-32 of the body.
    package var bodyCRC: UInt32

    /// The header for a body; it carries no signature.
    package init(body: [UInt8]) {
        bodyLength = UInt32(body.count)
        bodyCRC = CRC32.of(body)
    }

    /// Nil when the magic or the header's own CRC is wrong.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count == Self.byteCount, bytes.starts(with: Self.magic),
            CRC32.of(bytes[..<0x54]) == bytes.span.littleEndian(UInt32.self, at: 0x54)
        else { return nil }
        bodyLength = bytes.span.littleEndian(at: 4)
        bodyCRC = bytes.span.littleEndian(at: 0x10)
    }

    /// The header as it stands in the flash.
    package var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.append(littleEndian: bodyLength)
        bytes.append(littleEndian: UInt32(0x40))
        bytes.append(littleEndian: UInt32(0x800AC))
        bytes.append(littleEndian: bodyCRC)
        bytes += [UInt8](repeating: 0, count: 0x54 - bytes.count)
        bytes.append(littleEndian: CRC32.of(bytes))
        return bytes
    }
}
