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
        var (left, right) = (left.makeIterator(), right.makeIterator())
        return firstDifference({ left.next() }, { right.next() })
    }

    /// The same of traces that are read as they are compared, in constant memory.
    /// - Parameters:
    ///   - left: gives its next event, and nil at the end.
    ///   - right: likewise.
    package func firstDifference<Failure: Error>(
        _ left: () throws(Failure) -> TraceEvent?, _ right: () throws(Failure) -> TraceEvent?
    ) throws(Failure) -> TraceDifference? {
        var comparison = TraceComparison(timingTolerance: timingTolerance)
        while let side = comparison.next {
            switch side {
            case .left: comparison.take(try left(), .left)
            case .right: comparison.take(try right(), .right)
            }
        }
        return comparison.difference
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
