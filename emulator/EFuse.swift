/// The 128 bytes of one-time memory (ECR6600 facts §7).
package struct EFuse: Hashable, Sendable {
    package static let byteCount = 128

    /// All 128 bytes, byte 0 first.
    package private(set) var bytes: [UInt8]

    /// - Parameter bytes: at most 128; what is not given is 0.
    package init(_ bytes: [UInt8]) {
        precondition(bytes.count <= Self.byteCount, "the eFuse has 128 bytes")
        self.bytes = bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
    }

    /// Burns bits: what is 1 stays 1. What would lie beyond the end is dropped.
    package mutating func program(_ data: [UInt8], at address: Int) {
        for (offset, byte) in zip(address..<max(address, Self.byteCount), data) { bytes[offset] |= byte }
    }

    /// A part as it might come: a 40 MHz crystal (word 0x20, bit 16) and a made-up, locally administered MAC; the
    /// calibration words are left at 0, because nothing is known of them.
    package static let sample: EFuse = {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        bytes.replaceSubrange(0x18..<0x1E, with: [0x02, 0x50, 0x1D, 0xE2, 0x1E, 0x55])
        bytes[0x22] = 0x01
        return EFuse(bytes)
    }()
}
