import Line
import Trace
import Words

/// A trace without its chunks: what two recordings of the same session have in common.
struct ComparableTrace {
    /// Something that was done to a port.
    struct Mark {
        var kind: TraceEvent.Kind
        var eventIndex: Int
        var time: Instant
        /// How many bytes the host had sent before it.
        var hostByteCount: Int
        /// How many it had received.
        var chipByteCount: Int

        var words: String {
            switch kind {
            case .baud(let end, let rate): "\(end.name) set to \(rate) baud"
            case .portOpened: "port opened"
            case .portClosed: "port closed"
            case .flushed(let queues): "flushed \(queues.name)"
            default: "\(kind)"
            }
        }
    }

    private(set) var marks: [Mark] = []
    /// The time of the first data in either direction.
    private(set) var firstData: Instant = .zero
    /// Whether any byte went either way.
    var hasData: Bool { Direction.allCases.contains { !streams[$0].bytes.isEmpty } }
    private var streams = Pair(DataStream())

    init(_ events: some Sequence<TraceEvent>) {
        var hasData = false
        for (index, event) in events.enumerated() {
            switch event.kind {
            case .data(let direction, let bytes) where !bytes.isEmpty:
                if !hasData { firstData = event.time }
                hasData = true
                streams[direction].append(bytes, eventIndex: index, time: event.time)
            case .baud, .portOpened, .portClosed, .flushed:
                marks.append(
                    Mark(
                        kind: event.kind, eventIndex: index, time: event.time,
                        hostByteCount: streams.hostToChip.bytes.count, chipByteCount: streams.chipToHost.bytes.count))
            default: continue
            }
        }
        marks = Self.settled(marks)
    }

    /// The same marks without what is left to chance. A pseudo-terminal does not say when its client sets its rate: it is
    /// asked now and then, and before the next byte at the latest. And two flushes with nothing between them are told as
    /// one where nobody looked in between. So of what happened between two bytes of the host the rates stand first, and
    /// flushes in a row, with nothing received between them, are one.
    private static func settled(_ marks: [Mark]) -> [Mark] {
        var settled: [Mark] = []
        for group in marks.chunked(by: { $0.hostByteCount == $1.hostByteCount }) {
            for end in LineEnd.allCases {
                settled += group.filter { if case .baud(end, _) = $0.kind { true } else { false } }
            }
            for mark in group {
                if case .baud = mark.kind { continue }
                if case .flushed(let more) = mark.kind, let last = settled.last, case .flushed(let queues) = last.kind,
                    last.hostByteCount == mark.hostByteCount, last.chipByteCount == mark.chipByteCount
                {
                    settled[settled.count - 1].kind = .flushed(queues == more ? queues : .both)
                } else {
                    settled.append(mark)
                }
            }
        }
        return settled
    }

    /// How long after the first data, 128 bits wide: whatever times the trace claims.
    func sinceFirstData(_ moment: Instant) -> Duration {
        .nanoseconds(moment.nanoseconds) - .nanoseconds(firstData.nanoseconds)
    }

    subscript(direction: Direction) -> DataStream { streams[direction] }
}

/// Everything that went one way, and where each byte of it comes from.
struct DataStream {
    private(set) var bytes: [UInt8] = []
    private(set) var runs: [Run] = []

    struct Run {
        /// Offset behind its last byte.
        var end: Int
        var eventIndex: Int
        var time: Instant
    }

    mutating func append(_ data: [UInt8], eventIndex: Int, time: Instant) {
        bytes += data
        runs.append(Run(end: bytes.count, eventIndex: eventIndex, time: time))
    }

    /// Event, time and up to 16 bytes at an offset; nil at the end.
    func side(at offset: Int) -> TraceDifference.Side? {
        var (low, high) = (0, runs.count)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].end <= offset { low = middle + 1 } else { high = middle }
        }
        guard low < runs.count else { return nil }
        return TraceDifference.Side(
            eventIndex: runs[low].eventIndex, time: runs[low].time,
            what: hexBytes(bytes[offset...].prefix(Divergence.contextByteCount)))
    }
}

extension Array {
    /// Stretches whose neighbours belong together.
    fileprivate func chunked(by belong: (Element, Element) -> Bool) -> [ArraySlice<Element>] {
        var chunks: [ArraySlice<Element>] = []
        var start = 0
        for index in indices where index > 0 && !belong(self[index - 1], self[index]) {
            chunks.append(self[start..<index])
            start = index
        }
        if start < count { chunks.append(self[start...]) }
        return chunks
    }
}
