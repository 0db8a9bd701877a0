/// What 4 KB of a flash look like from outside.
package enum SectorUse: Hashable, Sendable {
    /// FF throughout.
    case erased
    /// Something with a structure: text, code, records.
    case used
    /// Bytes spread as evenly as chance spreads them: encrypted or compressed.
    case opaque

    /// Looks at a sector, or the rest of one.
    package init(_ bytes: [UInt8]) {
        if bytes.allSatisfy({ $0 == 0xFF }) {
            self = .erased
        } else {
            self = Self.looksRandom(bytes) ? .opaque : .used
        }
    }

    /// The sum of the squares of how often each value occurs: 69,616 ± 362 for 4096 random bytes, 256 times more for
    /// equal ones. Code and text lie far above the limit.
    private static func looksRandom(_ bytes: [UInt8]) -> Bool {
        guard bytes.count == EasyFlashSector.byteCount else { return false }
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        return counts.reduce(0) { $0 + $1 * $1 } < 75_000
    }
}

/// How many sectors of a range are what.
package struct SectorCounts: Hashable, Sendable {
    package var erased = 0
    package var used = 0
    package var opaque = 0

    package init(_ sectors: some Sequence<SectorUse>) {
        for sector in sectors {
            switch sector {
            case .erased: erased += 1
            case .used: used += 1
            case .opaque: opaque += 1
            }
        }
    }

    package var all: Int { erased + used + opaque }
    /// Sectors that hold anything.
    package var filled: Int { used + opaque }
}
