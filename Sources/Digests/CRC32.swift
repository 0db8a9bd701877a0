import CZlib

/// CRC-32 as zlib computes it (poly 0xEDB88320, reflected): headers of uboot and application, EasyFlash records
/// (ECR6600 facts §2, §6).
package struct CRC32 {
    /// The sum of everything fed so far.
    package private(set) var value: UInt32 = 0

    package init() {}

    /// Feeds more bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        value = bytes.withUnsafeBufferPointer { buffer in
            UInt32(truncatingIfNeeded: crc32_z(UInt(value), buffer.baseAddress, buffer.count))
        }
    }

    /// The CRC-32 of one buffer.
    package static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var sum = CRC32()
        sum.update(Array(bytes).span)
        return sum.value
    }
}
