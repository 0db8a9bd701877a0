import Wire

/// What a stub keeps of its flash. In 1.3.11 it stands behind the transfer buffer, where a long upload overwrites it, byte
/// for byte (ECR6600 facts §4.3).
struct StubVariables: Hashable {
    /// Where they stand, from the transfer buffer's first byte.
    struct Places {
        let flashByteCount: Int
        let spiMode: Int
    }

    /// Bytes of flash as the stub believes; 0 when it does not know the id's size code.
    var flashByteCount: UInt32 = 0
    /// How its driver talks to the flash.
    private(set) var spiMode: UInt32 = 2

    /// Whether 02 gets beyond its start: with mode 3 it never does.
    var startsDownloads: Bool { spiMode != 3 }
    /// Whether anything can be programmed: with modes 0, 1 and 2 only.
    var programs: Bool { spiMode <= 2 }

    /// An answer has been built in the transfer buffer, and they are what it holds in their places.
    mutating func overwrite(with frame: [UInt8], _ places: Places) {
        flashByteCount.overwrite(with: frame, at: places.flashByteCount)
        spiMode.overwrite(with: frame, at: places.spiMode)
    }
}

extension UInt32 {
    /// Takes those of its four bytes that `bytes` has at `offset` and behind.
    fileprivate mutating func overwrite(with bytes: [UInt8], at offset: Int) {
        for index in 0..<4 where offset + index < bytes.count {
            let shift = 8 * index
            self = self & ~(0xFF << shift) | UInt32(bytes[offset + index]) << shift
        }
    }
}
