// What tests do with flashes of megabytes. These functions are compiled with optimisation, unlike the tests that call
// them: there a comparison of two megabytes takes as long as a flashing.

/// Bytes without a short period, different in every sector; the same for the same seed.
package func pattern(_ count: Int, seed: Int = 1) -> [UInt8] {
    var state = UInt32(truncatingIfNeeded: seed) &* 2_654_435_761 | 1
    return (0..<count).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
    }
}

/// Each byte so many times: something that can be compressed.
package func repeated(_ bytes: [UInt8], times: Int) -> [UInt8] {
    bytes.flatMap { [UInt8](repeating: $0, count: times) }
}

/// The offset at which two runs of bytes part, which is the length of the shorter where that is how the longer begins; nil
/// if they are equal.
package func firstDifference(_ one: [UInt8], _ other: [UInt8]) -> Int? {
    if one == other { return nil }
    return zip(one, other).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(one.count, other.count)
}
