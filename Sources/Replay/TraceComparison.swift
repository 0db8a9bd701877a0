import Line
import Trace
import Words

/// Two traces while they are held against each other: of both it keeps what the other has not come to yet.
struct TraceComparison {
    enum Side { case left, right }

    /// More of one direction is not kept: a trace that lacks so much of what the other has will not come to it.
    private static let mostKept = 8 << 20

    private let timingTolerance: Duration?
    private var left = ComparableTrace()
    private var right = ComparableTrace()
    /// Directions whose bytes have parted.
    private var parted = Pair(false)
    /// Whether what was done to the ports has parted.
    private var havePortsParted = false
    private var timing: TraceDifference?
    /// When the first difference happened, in the trace that came to it first.
    private var earliest: Instant?

    init(timingTolerance: Duration?) {
        self.timingTolerance = timingTolerance
    }

    /// Which trace the next event is needed of; nil when the difference is known, or that there is none.
    var next: Side? {
        let (wantsLeft, wantsRight) = (wants(left), wants(right))
        guard wantsLeft, wantsRight else { return wantsLeft ? .left : wantsRight ? .right : nil }
        return left.byteCount <= right.byteCount ? .left : .right
    }

    /// After the first difference, until nothing earlier can come, and there is something to show.
    private func wants(_ trace: ComparableTrace) -> Bool {
        guard !trace.isOver else { return false }
        guard let earliest else { return true }
        return trace.lastTime <= earliest
            || Direction.allCases.contains { parted[$0] && trace[$0].count < Divergence.contextByteCount }
    }

    /// Takes a trace's next event; nil for its end.
    mutating func take(_ event: TraceEvent?, _ side: Side) {
        switch side {
        case .left: left.take(event, skipping: enough(left))
        case .right: right.take(event, skipping: enough(right))
        }
        for direction in Direction.allCases where !parted[direction] { compareBytes(direction) }
        comparePorts()
    }

    /// Of what need not be kept any more: after the first difference only what is shown of it matters.
    private func enough(_ trace: ComparableTrace) -> Pair<Bool> {
        func isEnough(_ direction: Direction) -> Bool {
            parted[direction]
                ? trace[direction].count >= Divergence.contextByteCount
                : earliest != nil && trace[direction].count >= Self.mostKept
        }
        return Pair(hostToChip: isEnough(.hostToChip), chipToHost: isEnough(.chipToHost))
    }

    private mutating func compareBytes(_ direction: Direction) {
        let same = left[direction].agreement(with: right[direction])
        if let timingTolerance, timing == nil {
            timing = lateness(direction, within: same, timingTolerance)
        }
        left[direction].drop(same)
        right[direction].drop(same)
        let (here, there) = (left[direction].count, right[direction].count)
        let hasParted =
            (here > 0 && there > 0) || (here > 0 && right.isOver) || (there > 0 && left.isOver)
            || (earliest == nil && max(here, there) > Self.mostKept)
        guard hasParted else { return }
        parted[direction] = true
        note([left[direction].firstTime, right[direction].firstTime])
    }

    private mutating func comparePorts() {
        guard !havePortsParted else { return }
        while let mark = left.marks.first, let other = right.marks.first {
            guard mark.kind == other.kind, mark.hostByteCount == other.hostByteCount else {
                havePortsParted = true
                return note([mark.time, other.time])
            }
            left.marks.drop(1)
            right.marks.drop(1)
        }
        for (trace, other) in [(left, right), (right, left)] where trace.isOver && other.marks.first != nil {
            havePortsParted = true
            return note([other.marks.first?.time])
        }
    }

    private mutating func note(_ times: [Instant?]) {
        guard let time = times.compactMap({ $0 }).min() else { return }
        earliest = earliest.map { min($0, time) } ?? time
    }

    /// Where a run of the left trace ends at another time than in the right one.
    /// - Parameter same: how many bytes the two have in common from here on.
    private func lateness(_ direction: Direction, within same: Int, _ tolerance: Duration) -> TraceDifference? {
        for (end, time) in left[direction].runs(within: same) {
            guard let other = right[direction].time(at: end - 1) else { continue }
            let difference = left.sinceFirstData(time) - right.sinceFirstData(other)
            guard difference > tolerance || difference < .zero - tolerance else { continue }
            return TraceDifference(
                kind: .timing(
                    direction, offset: left[direction].offset + end - 1, rightIsLaterBy: .zero - difference),
                left: left[direction].side(at: end - 1), right: right[direction].side(at: end - 1), before: [])
        }
        return nil
    }

    /// What was found.
    var difference: TraceDifference? {
        guard left.byteCount > 0 || right.byteCount > 0 else {
            return TraceDifference(kind: .nothingToCompare, left: nil, right: nil, before: [])
        }
        var found: [TraceDifference] = []
        for direction in Direction.allCases where parted[direction] {
            found.append(
                TraceDifference(
                    kind: .data(direction, offset: left[direction].offset), left: left[direction].side(at: 0),
                    right: right[direction].side(at: 0), before: left[direction].before))
        }
        if havePortsParted {
            found.append(
                TraceDifference(
                    kind: .port, left: left.marks.first?.side, right: right.marks.first?.side, before: []))
        }
        return found.min { $0.earliest < $1.earliest } ?? timing
    }
}
