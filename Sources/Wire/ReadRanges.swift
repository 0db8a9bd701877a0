/// What has been read of a flash: ranges of addresses, joined where they touch.
package struct ReadRanges: Sendable {
    private var ranges: [Range<UInt64>] = []

    package init() {}

    /// More pieces than these are no back-up.
    private static let most = 64

    package mutating func add(_ range: Range<UInt64>) {
        guard !range.isEmpty else { return }
        var whole = range
        ranges.removeAll { other in
            guard other.lowerBound <= whole.upperBound, whole.lowerBound <= other.upperBound else { return false }
            whole = min(whole.lowerBound, other.lowerBound)..<max(whole.upperBound, other.upperBound)
            return true
        }
        if ranges.count == Self.most { ranges.removeFirst() }
        ranges.append(whole)
    }

    package var isEmpty: Bool { ranges.isEmpty }

    package func contains(_ range: Range<UInt64>) -> Bool {
        ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
    }
}
