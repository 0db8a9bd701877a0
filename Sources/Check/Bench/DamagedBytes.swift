import Line

/// Which of the bytes that a host has received are not what the chip sent: counted from the line's beginning, as the line tells
/// it before they come.
struct DamagedBytes: Sendable {
    private var ranges: [Range<Int>] = []
    /// Where something that the chip sent is missing.
    private var gaps: [Int] = []

    /// Stretches that are kept: a session that is damaged more often has no message that is whole.
    private static let most = 256

    mutating func note(_ difference: LineDifference) {
        guard difference.direction == .chipToHost, difference.hostOffset >= 0 else { return }
        let (end, isTooFar) = difference.hostOffset.addingReportingOverflow(max(0, difference.hostCount))
        guard !isTooFar else { return }
        if difference.hostCount <= 0 {
            if gaps.count == Self.most { gaps.removeFirst(Self.most / 2) }
            return gaps.append(difference.hostOffset)
        }
        if let last = ranges.last, last.upperBound == difference.hostOffset {
            ranges[ranges.count - 1] = last.lowerBound..<end
            return
        }
        if ranges.count == Self.most { ranges.removeFirst(Self.most / 2) }
        ranges.append(difference.hostOffset..<end)
    }

    /// Whether a stretch was damaged, or lost something in its midst.
    func touch(_ range: Range<Int>) -> Bool {
        ranges.contains { $0.overlaps(range) } || gaps.contains { range.lowerBound < $0 && $0 < range.upperBound }
    }

    /// What lies before it has been looked at.
    mutating func forget(before offset: Int) {
        guard ranges.first.map({ $0.upperBound <= offset }) ?? false || gaps.first.map({ $0 <= offset }) ?? false
        else { return }
        ranges.removeAll { $0.upperBound <= offset }
        gaps.removeAll { $0 <= offset }
    }
}
