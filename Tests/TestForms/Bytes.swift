// Loops over flashes of megabytes. This target is compiled with optimisation, the tests themselves are not.

/// Bytes without a short period, different in every sector; the same for the same seed.
package func pattern(_ count: Int, seed: Int = 1) -> [UInt8] {
    var state = UInt32(truncatingIfNeeded: seed) &* 2_654_435_761 | 1
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}

/// Each byte `times` times, which compresses well.
package func repeated(_ bytes: [UInt8], times: Int) -> [UInt8] {
    bytes.flatMap { [UInt8](repeating: $0, count: times) }
}

/// The offset of the first byte that differs, or the shorter length if one begins with the other; nil if they are equal.
package func firstDifference(_ one: [UInt8], _ other: [UInt8]) -> Int? {
    if one == other { return nil }
    return zip(one, other).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(one.count, other.count)
}
