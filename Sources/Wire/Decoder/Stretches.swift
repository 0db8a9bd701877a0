/// Ranges of a stream, in the order in which they were added. Bounded: a trace may be made up.
struct Stretches: Sendable {
    private var ranges: [Range<Int>] = []

    /// More than any message can have.
    private static let most = 256

    /// - Parameter named: what lies before is not asked for any more.
    mutating func add(_ range: Range<Int>, named: Int) {
        if ranges.count == Self.most {
            ranges.removeAll { $0.upperBound <= named }
            if ranges.count == Self.most { ranges.removeFirst(Self.most / 2) }
        }
        if let last = ranges.last, last.upperBound == range.lowerBound {
            ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
        } else {
            ranges.append(range)
        }
    }

    /// Whether one of them has a byte among the `count` from `start` on.
    @inline(__always)
    func overlap(_ start: Int, _ count: Int) -> Bool {
        !ranges.isEmpty && ranges.contains { $0.overlaps(start..<(start + count)) }
    }
}
