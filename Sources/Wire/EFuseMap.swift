/// The layout of the 128 bytes of eFuse (ECR6600 facts §7).
package struct EFuseMap: Hashable, Sendable {
    /// All of it, byte 0 first.
    package let bytes: [UInt8]

    package static let byteCount = 128

    /// - Returns: nil unless there are 128 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// 0x18–0x1D, in the order in which it is printed; nil when it is all zero (none) or its first byte is odd
    /// (invalid).
    package var mac: [UInt8]? {
        let mac = Array(bytes[0x18..<0x1E])
        return mac[0] % 2 == 1 || mac.allSatisfy { $0 == 0 } ? nil : mac
    }

    /// The word at 0x20.
    package var control: UInt32 { bytes.span.littleEndian(at: 0x20) }

    /// Bit 16 of the control word: 40 MHz, else 26.
    package var crystalMegahertz: Int { isSet(16) ? 40 : 26 }
    /// Bit 2.
    package var bootsSecurely: Bool { isSet(2) }
    /// Bit 3.
    package var encryptsFlash: Bool { isSet(3) }
    /// Bit 19: whether the straps are read by the truth table; otherwise it starts directly.
    package var readsStraps: Bool { isSet(19) }

    private func isSet(_ bit: UInt32) -> Bool { control >> bit & 1 == 1 }
}
