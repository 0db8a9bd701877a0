import Digests
import Wire

/// ROM `flash_boot`: a valid uboot in the flash is started, otherwise the mask ROM falls into UART boot
/// (ECR6600 facts §1.2).
enum FlashBoot {
    /// Where uboot stands in the flash (§1.3).
    static let ubootAddress = 0x1000

    /// What runs next on a chip whose flash is as it is.
    static func loader(for flash: NORFlash, settings: ChipSettings) -> any Loader {
        hasValidUBoot(flash)
            ? UBoot(version: settings.uboot) : MaskROM(acknowledgesPieces: settings.romAcknowledgesPieces)
    }

    /// Whether magic, header CRC and body CRC are right (§2, "uboot header"). That the ROM checks all three is our
    /// reading of "empty or invalid".
    static func hasValidUBoot(_ flash: NORFlash) -> Bool {
        let header = flash.bytes(ubootAddress..<(ubootAddress + UBootHeader.byteCount))
        guard let parsed = UBootHeader(parsing: header) else { return false }
        let body = ubootAddress + UBootHeader.byteCount
        let end = body + Int(parsed.bodyLength)
        return end <= flash.byteCount && CRC32.of(flash.bytes(body..<end)) == parsed.bodyCRC
    }
}

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
    init?(parsing bytes: [UInt8]) {
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
