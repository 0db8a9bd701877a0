package import Line
import Story
package import Trace
package import Wire

/// One of two traces that are compared.
package enum ComparedSide: Hashable, Sendable, CaseIterable {
    case a, b

    var other: ComparedSide { self == .a ? .b : .a }
}

/// A step of a session: a message, bytes that no protocol explains, or something that was done to the host's port.
///
/// Two recordings of one session have the same steps however their bytes were cut into records: a message is one; bytes
/// without a meaning are cut where their contents say so, the image of a download into its pieces (ECR6600 facts §1.4).
package struct TraceStep: Sendable {
    package enum What: Sendable {
        /// Bytes with their name.
        case bytes(SessionEvent)
        /// What was done to the port, and how many bytes of the host's next message had gone by.
        case port(TraceEvent, place: Int)
    }

    /// The order of steps counts within a lane, and not between the two: it is left to chance there.
    package enum Lane: Hashable, Sendable, CaseIterable {
        /// What the host sent and did to its port.
        case host
        /// What it received.
        case chip
    }

    /// Where a record of the trace ended within the step.
    struct RunEnd: Hashable, Sendable {
        /// Behind its last byte, from the step's beginning.
        var place: Int
        var time: Instant
    }

    package var what: What
    package var lane: Lane
    /// Empty for what was done to the port.
    package var bytes: [UInt8]
    /// When its first byte came, on the trace's clock.
    package var start: Instant
    /// When its last byte came.
    package var end: Instant
    /// When the trace began: its first event.
    var origin = Instant.zero
    /// Counts the steps of a trace, of both lanes.
    var order: Int
    /// Kept only where times are compared.
    var runEnds: [RunEnd] = []
    /// Whether it is something that was done to the port.
    var isPort = false
    /// Whether no protocol explains its bytes.
    var isLoose = false

    /// How much of a window it takes: bytes that no protocol explains come in many small steps.
    var size: Int { isLoose ? 1 : Self.size }
    /// What all others take.
    static let size = 8

    /// Whether both traces have it, whatever the time, and whatever they call it.
    func isSame(as other: TraceStep) -> Bool {
        guard lane == other.lane, isPort == other.isPort else { return false }
        guard isPort else {
            return bytes.count == other.bytes.count && commonPrefix(bytes.span, other.bytes.span) == bytes.count
        }
        guard case .port(let one, let place) = what, case .port(let another, let otherPlace) = other.what else {
            return false
        }
        return place == otherPlace && one.kind == another.kind
    }

    /// When its last byte came, in nanoseconds since the trace's first event, as `show` has it.
    var shownTime: Int64 { end.nanoseconds.subtractingReportingOverflow(origin.nanoseconds).partialValue }

    /// When the byte at a place came.
    func time(at place: Int) -> Instant {
        var (low, high) = (0, runEnds.count)
        while low < high {
            let middle = (low + high) / 2
            if runEnds[middle].place > place { high = middle } else { low = middle + 1 }
        }
        return low < runEnds.count ? runEnds[low].time : end
    }

    /// The same without its first bytes, on which both traces agree; at least one is left.
    func dropping(_ count: Int) -> TraceStep {
        guard count > 0, case .bytes(var event) = what else { return self }
        var rest = self
        rest.bytes.removeFirst(count)
        rest.start = time(at: count)
        rest.runEnds = runEnds.filter { $0.place > count }.map { RunEnd(place: $0.place - count, time: $0.time) }
        event.offset += count
        event.byteCount -= count
        event.start = rest.start.nanoseconds
        rest.what = .bytes(event)
        return rest
    }

    /// Only its first bytes; at least one.
    func prefix(_ count: Int) -> TraceStep {
        guard count < bytes.count, case .bytes(var event) = what else { return self }
        var first = self
        first.bytes.removeSubrange(count...)
        first.end = time(at: count - 1)
        first.runEnds = runEnds.filter { $0.place <= count }
        event.byteCount = count
        event.end = first.end.nanoseconds
        first.what = .bytes(event)
        return first
    }

    /// Several steps of bytes that follow each other, as one with the name of the first.
    static func joined(_ steps: [TraceStep]) -> TraceStep {
        var joined = steps[0]
        for step in steps.dropFirst() {
            joined.runEnds += step.runEnds.map { RunEnd(place: joined.bytes.count + $0.place, time: $0.time) }
            joined.bytes += step.bytes
            joined.end = step.end
        }
        return joined
    }

    /// Noise and the noise right behind it, as one step that keeps the first bytes; nil where the two are not that.
    func followed(by other: TraceStep) -> TraceStep? {
        guard case .bytes(var event) = what, case .bytes(let next) = other.what, lane == other.lane,
            event.kind == .noise, next.kind == .noise, event.offset + event.byteCount == next.offset
        else { return nil }
        var whole = self
        event.byteCount += next.byteCount
        event.end = next.end
        whole.what = .bytes(event)
        whole.end = other.end
        return whole
    }

    /// Whether it holds all of its bytes.
    var isWhole: Bool {
        guard case .bytes(let event) = what else { return true }
        return event.byteCount == bytes.count
    }

    /// An order by contents alone: what is decided by it does not depend on which trace is which.
    func precedes(_ other: TraceStep) -> Bool {
        if lane != other.lane { return lane == .host }
        switch (what, other.what) {
        case (.bytes, .bytes): return bytes.lexicographicallyPrecedes(other.bytes)
        case (.port, .bytes): return true
        case (.bytes, .port): return false
        case (.port(_, let place), .port(_, let otherPlace)):
            return place == otherPlace ? description < other.description : place < otherPlace
        }
    }
}

extension TraceStep: CustomStringConvertible {
    /// As `show` has it.
    package var description: String {
        switch what {
        case .bytes(let event): event.description
        case .port(let event, _): Mark(event)?.text ?? ""
        }
    }

    /// The kind, as `show --kind` takes it.
    package var kindName: String {
        switch what {
        case .bytes(let event): event.kind.name
        case .port(let event, _): Mark(event)?.kind ?? ""
        }
    }
}

/// How many bytes two runs begin with in common.
func commonPrefix(_ one: Span<UInt8>, _ other: Span<UInt8>) -> Int {
    one.withUnsafeBytes { one in
        other.withUnsafeBytes { other in
            let count = min(one.count, other.count)
            var index = 0
            while index + 8 <= count {
                let difference =
                    one.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    ^ other.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if difference != 0 { break }
                index += 8
            }
            while index < count, one[index] == other[index] { index += 1 }
            return index
        }
    }
}
