package import Line
package import Trace
import Words

/// Compares two traces: the bytes of each direction whatever their chunks, and what the host did to its port.
package struct TraceDiff {
    /// How far apart the same byte may be in the two traces, counted from their first data; nil: times do not matter.
    package var timingTolerance: Duration?

    package init(timingTolerance: Duration? = nil) {
        self.timingTolerance = timingTolerance
    }

    /// The earliest difference; nil when there is none.
    package func firstDifference(
        _ left: some Sequence<TraceEvent>, _ right: some Sequence<TraceEvent>
    ) -> TraceDifference? {
        let left = ComparableTrace(left)
        let right = ComparableTrace(right)
        guard left.hasData || right.hasData else {
            return TraceDifference(kind: .nothingToCompare, left: nil, right: nil, before: [])
        }
        var differences: [TraceDifference] = []
        for direction in Direction.allCases {
            if let found = data(direction, left[direction], right[direction]) { differences.append(found) }
        }
        if let found = marks(left.marks, right.marks) { differences.append(found) }
        if differences.isEmpty, let timingTolerance {
            for direction in Direction.allCases {
                if let found = timing(direction, left, right, timingTolerance) { differences.append(found) }
            }
        }
        return differences.min { $0.earliest < $1.earliest }
    }

    private func data(_ direction: Direction, _ left: DataStream, _ right: DataStream) -> TraceDifference? {
        guard left.bytes != right.bytes else { return nil }
        let offset = zip(left.bytes, right.bytes).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        let place = offset ?? min(left.bytes.count, right.bytes.count)
        return TraceDifference(
            kind: .data(direction, offset: place), left: left.side(at: place), right: right.side(at: place),
            before: Array(left.bytes[..<place].suffix(Divergence.contextByteCount)))
    }

    private func marks(_ left: [ComparableTrace.Mark], _ right: [ComparableTrace.Mark]) -> TraceDifference? {
        let same = zip(left, right).prefix {
            $0.kind == $1.kind && $0.hostByteCount == $1.hostByteCount
        }.count
        guard same < max(left.count, right.count) else { return nil }
        func side(_ marks: [ComparableTrace.Mark]) -> TraceDifference.Side? {
            guard same < marks.count else { return nil }
            return TraceDifference.Side(
                eventIndex: marks[same].eventIndex, time: marks[same].time,
                what: "\(marks[same].words) after \(marks[same].hostByteCount) bytes of the host")
        }
        return TraceDifference(kind: .port, left: side(left), right: side(right), before: [])
    }

    private func timing(
        _ direction: Direction, _ left: ComparableTrace, _ right: ComparableTrace, _ tolerance: Duration
    ) -> TraceDifference? {
        for run in left[direction].runs {
            // Both streams are equal by now: the last byte of the run is in the other trace as well.
            guard let leftSide = left[direction].side(at: run.end - 1),
                let rightSide = right[direction].side(at: run.end - 1)
            else { continue }
            let difference = left.sinceFirstData(leftSide.time) - right.sinceFirstData(rightSide.time)
            guard difference > tolerance || difference < .zero - tolerance else { continue }
            return TraceDifference(
                kind: .timing(direction, offset: run.end - 1, rightIsLaterBy: .zero - difference), left: leftSide,
                right: rightSide, before: [])
        }
        return nil
    }
}

/// Where two traces part.
package struct TraceDifference: Hashable, Sendable {
    /// In what they differ.
    package enum Kind: Hashable, Sendable {
        /// Another byte, or none, at this offset of a direction's stream.
        case data(Direction, offset: Int)
        /// Neither trace has a byte of the host or the chip: that is no agreement.
        case nothingToCompare
        /// The host's port or a baud was treated differently.
        case port
        /// The same byte at another time.
        case timing(Direction, offset: Int, rightIsLaterBy: Duration)
    }

    /// One of the traces where they part.
    package struct Side: Hashable, Sendable {
        /// Which of its events, from 0.
        package var eventIndex: Int
        /// When that was.
        package var time: Instant
        /// Up to 16 bytes, or what happened, in words.
        package var what: String
    }

    package var kind: Kind
    /// nil when this trace has ended there.
    package var left: Side?
    /// nil when this trace has ended there.
    package var right: Side?
    /// Up to 16 bytes before, on which both agree.
    package var before: [UInt8]

    /// When it happened in the trace that came to it first.
    package var earliest: Instant {
        [left?.time, right?.time].compactMap { $0 }.min() ?? .zero
    }

    /// What differs, where, and what either trace has there; several lines.
    package var explanation: String {
        var lines: [String] = []
        switch kind {
        case .data(let direction, let offset):
            lines.append("\(direction.name) differs at byte \(offset) (\(hex(offset)))")
        case .nothingToCompare:
            return "neither trace has a byte of the host or the chip: there is nothing to compare"
        case .port: lines.append("the port was treated differently")
        case .timing(let direction, let offset, let duration):
            let (seconds, attoseconds) = duration.components
            let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
            lines.append(
                "\(direction.name) byte \(offset) (\(hex(offset))) comes \(microseconds.magnitude) µs "
                    + "\(microseconds < 0 ? "earlier" : "later") in the right trace")
        }
        if !before.isEmpty { lines.append("  before: \(hexBytes(before))") }
        for (name, side) in [("left:  ", left), ("right: ", right)] {
            guard let side else {
                lines.append("  \(name) nothing more")
                continue
            }
            lines.append("  \(name) \(side.what)  (event \(side.eventIndex), \(side.time))")
        }
        return lines.joined(separator: "\n")
    }
}
