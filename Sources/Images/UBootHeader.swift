import Digests
package import Wire
import Words

/// The 0x58 bytes before uboot's body (ECR6600 facts §2, "uboot header", verified on three files).
package struct UBootHeader: Hashable, Sendable {
    package static let byteCount = 0x58
    /// "2pxH".
    package static let magic: [UInt8] = [0x32, 0x70, 0x78, 0x48]
    /// All three versions are linked there (§1.2).
    package static let usualEntryPoint: UInt32 = 0x800AC
    private static let signatureByteCount = 64
    private static let crcOffset = 0x54

    /// Bytes of the body that follow.
    package var bodyByteCount: UInt32
    /// What the header gives as the signature's size: 0x40 in all files seen.
    package var announcedSignatureByteCount: UInt32 = 0x40
    /// Where the ROM jumps once the body is at 0x80000.
    package var entryPoint: UInt32 = Self.usualEntryPoint
    /// CRC-32 of the body, as the header has it.
    package var bodyCRC: UInt32
    /// 64 bytes of ECDSA, looked at with secure boot only.
    package var signature = [UInt8](repeating: 0, count: Self.signatureByteCount)
    /// CRC-32 of the bytes before it, as the header has it.
    package var headerCRC: UInt32 = 0

    /// The right header for a body; it carries no signature.
    package init(body: [UInt8]) {
        bodyByteCount = UInt32(body.count)
        bodyCRC = CRC32.of(body)
        headerCRC = computedHeaderCRC
    }

    /// Reads the bytes before a body. - Throws: `WireError` when they are too few or the magic is another. Whether the
    /// CRCs are right is asked afterwards.
    package init(parsing bytes: Span<UInt8>) throws(WireError) {
        guard bytes.count >= Self.byteCount else {
            throw WireError(at: bytes.count, expected: "\(Self.byteCount) bytes", found: "\(bytes.count)")
        }
        let found = (0..<Self.magic.count).map { bytes[$0] }
        guard found == Self.magic else {
            throw WireError(at: 0, expected: "\"2pxH\" (\(hexBytes(Self.magic)))", found: hexBytes(found))
        }
        bodyByteCount = bytes.littleEndian(at: 4)
        announcedSignatureByteCount = bytes.littleEndian(at: 8)
        entryPoint = bytes.littleEndian(at: 0xC)
        bodyCRC = bytes.littleEndian(at: 0x10)
        signature = (0x14..<Self.crcOffset).map { bytes[$0] }
        headerCRC = bytes.littleEndian(at: Self.crcOffset)
    }

    /// The header as it stands in the flash.
    package var bytes: [UInt8] {
        var bytes = checkedBytes
        bytes.append(littleEndian: headerCRC)
        return bytes
    }

    /// What `headerCRC` should be.
    package var computedHeaderCRC: UInt32 { CRC32.of(checkedBytes) }

    private var checkedBytes: [UInt8] {
        var bytes = Self.magic
        bytes.append(littleEndian: bodyByteCount)
        bytes.append(littleEndian: announcedSignatureByteCount)
        bytes.append(littleEndian: entryPoint)
        bytes.append(littleEndian: bodyCRC)
        return bytes + signature
    }
}
