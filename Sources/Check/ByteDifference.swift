import Wire
import Words

/// In how many bytes two contents differ, and where first.
struct ByteDifference: Sendable, CustomStringConvertible {
    /// Both sizes, where they are not the same.
    private let sizes: (found: Int, wanted: Int)?
    private(set) var first = 0
    private(set) var count = 0

    /// nil where there is none.
    init?(_ found: [UInt8], _ wanted: [UInt8]) {
        guard !found.hasSameBytes(as: wanted) else { return nil }
        if found.count == wanted.count {
            self.init(found, wanted, in: [found.indices])
        } else {
            self.init(sizes: (found.count, wanted.count))
        }
    }

    /// Of the bytes in some ranges, which both have; nil where there is none.
    init?(_ found: [UInt8], _ wanted: [UInt8], in ranges: [Range<Int>]) {
        self.init(sizes: nil)
        for range in ranges {
            for index in range where found[index] != wanted[index] {
                if count == 0 { first = index }
                count += 1
            }
        }
        if count == 0 { return nil }
    }

    private init(sizes: (found: Int, wanted: Int)?) {
        self.sizes = sizes
    }

    var description: String {
        if let sizes { return "\(sizes.found) bytes instead of \(sizes.wanted)" }
        return "\(plural(count, "byte")), the first at \(hex(first))"
    }
}

extension [UInt8] {
    /// Whether the other has the same bytes, eight at a time: whole flashes are compared after each trial.
    fileprivate func hasSameBytes(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return withUnsafeBytes { these in
            other.withUnsafeBytes { those in
                var place = 0
                var different: UInt64 = 0
                while place + 8 <= these.count {
                    different |=
                        these.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                        ^ those.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                    place += 8
                }
                while place < these.count {
                    different |= UInt64(these[place] ^ those[place])
                    place += 1
                }
                return different == 0
            }
        }
    }
}
