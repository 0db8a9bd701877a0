import Line
import Trace
import Words

/// A trace without its chunks: what two recordings of the same session have in common, as far as it is not compared yet.
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

    /// What was done to the port.
    var marks = Queue<Mark>()
    /// The same since the host's last byte: it may still be put in another order.
    private var recentMarks: [Mark] = []
    private(set) var isOver = false
    /// Bytes of both directions.
    private(set) var byteCount = 0
    private(set) var lastTime = Instant(nanoseconds: .min)
    /// The time of the first data in either direction.
    private var firstData: Instant?
    private var eventCount = 0
    private var counts = Pair(0)
    private var streams = Pair(DataStream())

    /// Takes the next event; nil for the end.
    /// - Parameter skipping: directions whose bytes are only counted.
    mutating func take(_ event: TraceEvent?, skipping: Pair<Bool> = Pair(false)) {
        guard let event else {
            isOver = true
            return settle()
        }
        lastTime = max(lastTime, event.time)
        switch event.kind {
        case .data(let direction, let bytes) where !bytes.isEmpty:
            firstData = firstData ?? event.time
            if direction == .hostToChip { settle() }
            if !skipping[direction] { streams[direction].append(bytes, eventIndex: eventCount, time: event.time) }
            counts[direction] += bytes.count
            byteCount += bytes.count
        case .baud, .portOpened, .portClosed, .flushed:
            recentMarks.append(
                Mark(
                    kind: event.kind, eventIndex: eventCount, time: event.time, hostByteCount: counts.hostToChip,
                    chipByteCount: counts.chipToHost))
        default: break
        }
        eventCount += 1
    }

    private mutating func settle() {
        for mark in Self.settled(recentMarks) { marks.append(mark) }
        recentMarks.removeAll(keepingCapacity: true)
    }

    /// The same marks without what is left to chance. A pseudo-terminal does not say when its client sets its rate: it is
    /// asked now and then, and before the next byte at the latest. And two flushes with nothing between them are told as
    /// one where nobody looked in between. So of what happened between two bytes of the host the rates stand first, and
    /// flushes in a row, with nothing received between them, are one.
    private static func settled(_ marks: [Mark]) -> [Mark] {
        var settled: [Mark] = []
        for end in LineEnd.allCases {
            settled += marks.filter { if case .baud(end, _) = $0.kind { true } else { false } }
        }
        for mark in marks {
            if case .baud = mark.kind { continue }
            if case .flushed(let more) = mark.kind, let last = settled.last, case .flushed(let queues) = last.kind,
                last.chipByteCount == mark.chipByteCount
            {
                settled[settled.count - 1].kind = .flushed(queues == more ? queues : .both)
            } else {
                settled.append(mark)
            }
        }
        return settled
    }

    /// How long after the first data, 128 bits wide: whatever times the trace claims.
    func sinceFirstData(_ moment: Instant) -> Duration {
        .nanoseconds(moment.nanoseconds) - .nanoseconds((firstData ?? .zero).nanoseconds)
    }

    subscript(direction: Direction) -> DataStream {
        _read { yield streams[direction] }
        _modify { yield &streams[direction] }
    }
}

extension ComparableTrace.Mark {
    var side: TraceDifference.Side {
        TraceDifference.Side(
            eventIndex: eventIndex, time: time, what: "\(words) after \(hostByteCount) bytes of the host")
    }
}

/// What went one way and is not compared yet, and where each byte of it comes from. Places count from its beginning.
struct DataStream {
    /// How many bytes came before, on which both traces agree.
    private(set) var offset = 0
    /// The last of those.
    private(set) var before: [UInt8] = []
    private var bytes = Queue<UInt8>()
    private var runs = Queue<Run>()

    private struct Run {
        /// The offset behind its last byte, from the stream's beginning.
        var end: Int
        var eventIndex: Int
        var time: Instant
    }

    var count: Int { bytes.count }
    /// When the first byte came.
    var firstTime: Instant? { bytes.isEmpty ? nil : runs.first?.time }

    mutating func append(_ data: [UInt8], eventIndex: Int, time: Instant) {
        bytes.append(contentsOf: data.span)
        runs.append(Run(end: offset + bytes.count, eventIndex: eventIndex, time: time))
    }

    /// How many bytes the two begin with in common.
    func agreement(with other: DataStream) -> Int {
        let count = min(count, other.count)
        let (these, those) = (bytes.waiting.prefix(count), other.bytes.waiting.prefix(count))
        return these.elementsEqual(those) ? count : zip(these, those).prefix { $0 == $1 }.count
    }

    /// Forgets bytes on which both agree.
    mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        before = Array(
            (before + bytes.waiting.prefix(count).suffix(Divergence.contextByteCount)).suffix(
                Divergence.contextByteCount))
        bytes.drop(count)
        offset += count
        while let run = runs.first, run.end <= offset { runs.drop(1) }
    }

    /// The ends of the runs that lie within the first `count` bytes, and their times.
    func runs(within count: Int) -> [(end: Int, time: Instant)] {
        runs.waiting.lazy.map { ($0.end - offset, $0.time) }.prefix { $0.0 <= count }.map { ($0.0, $0.1) }
    }

    private func run(at place: Int) -> Run? {
        let (runs, wanted) = (runs.waiting, offset + place)
        var (low, high) = (runs.startIndex, runs.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].end <= wanted { low = middle + 1 } else { high = middle }
        }
        return low < runs.endIndex ? runs[low] : nil
    }

    func time(at place: Int) -> Instant? { run(at: place)?.time }

    /// Event, time and up to 16 bytes at a place; nil at the end.
    func side(at place: Int) -> TraceDifference.Side? {
        run(at: place).map { run in
            TraceDifference.Side(
                eventIndex: run.eventIndex, time: run.time,
                what: hexBytes(bytes.waiting.dropFirst(place).prefix(Divergence.contextByteCount)))
        }
    }
}
