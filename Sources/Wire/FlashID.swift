import Words

/// A flash chip's JEDEC id: manufacturer, type, size code (ECR6600 facts §5).
///
/// Written as `0xSSTTMM` ("1540C8"); on the wire as MM TT SS.
package struct FlashID: Hashable, Sendable, CustomStringConvertible {
    package var manufacturer: UInt8
    package var type: UInt8
    package var sizeCode: UInt8

    package init(manufacturer: UInt8, type: UInt8, sizeCode: UInt8) {
        self.manufacturer = manufacturer
        self.type = type
        self.sizeCode = sizeCode
    }

    /// GD25Q16E, 2 MB: the emulator's default.
    package static let gd25q16e = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x15)
    /// What a missing flash answers.
    package static let none = FlashID(manufacturer: 0xFF, type: 0xFF, sizeCode: 0xFF)

    /// From six hexadecimal digits as in the table of §5, `1540C8`, with or without `0x`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let digits = text.hasPrefix("0x") || text.hasPrefix("0X") ? text.dropFirst(2) : text[...]
        guard digits.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16) else {
            return nil
        }
        self.init(
            manufacturer: UInt8(truncatingIfNeeded: value), type: UInt8(truncatingIfNeeded: value >> 8),
            sizeCode: UInt8(truncatingIfNeeded: value >> 16))
    }

    /// Size codes that the community stub knows; with any other its flash has 0 bytes (§4, first table).
    package static let communityStubSizeCodes: ClosedRange<UInt8> = 0x14...0x16

    /// 0xSSTTMM, as the stubs hold it.
    package var value: UInt32 { UInt32(sizeCode) << 16 | UInt32(type) << 8 | UInt32(manufacturer) }

    /// MM TT SS.
    package var wireBytes: [UInt8] { [manufacturer, type, sizeCode] }

    /// Size in bytes: 1 MB for code 14 up to 16 MB for code 18; codes above 31 and below 3C count as 20 less, as a host
    /// reads them (§11.2). Nil for an unknown code.
    package var byteCount: Int? {
        let code = sizeCode > 0x31 && sizeCode < 0x3C ? sizeCode - 0x20 : sizeCode
        return (0x14...0x18).contains(code) ? 1 << Int(code) : nil
    }

    /// As the table of §5 writes it.
    package var description: String {
        wireBytes.reversed().map { hexBytes([$0]) }.joined()
    }
}
