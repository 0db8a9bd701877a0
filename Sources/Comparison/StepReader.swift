import Line
import Trace
import Wire

/// Makes steps of a trace's events, in constant memory.
struct StepReader: Sendable {
    private let comparesPort: Bool
    private let keepsRunEnds: Bool
    private var decoder = SessionDecoder()
    private var unnamed = Pair(UnnamedBytes())
    /// What has a name that may go on: how many of the first unnamed bytes.
    private var gathered = Pair(Gathered())
    private var actions = PortActions()
    private var steps = Queue<TraceStep>()
    private var nextOrder = 0
    private var isFinished = false
    /// The time of the first event.
    private var origin: Instant?
    /// When the first byte of either side came.
    private(set) var firstData: Instant?

    /// Bytes of one name whose end has not come.
    private struct Gathered: Sendable {
        var count = 0
        /// Of the image of a download: how much of it is there, and how much there will be; nil for bytes without a
        /// meaning.
        var payload: (done: Int, total: Int)?
        /// The last four bytes.
        var tail: UInt32 = 0
    }

    init(comparesPort: Bool, keepsRunEnds: Bool) {
        self.comparesPort = comparesPort
        self.keepsRunEnds = keepsRunEnds
    }

    /// Takes the first event. - Returns: what its recorder can know.
    mutating func begin<Failure: Error>(
        from next: () throws(Failure) -> TraceEvent?
    ) throws(Failure) -> RecordedScope {
        let first = try next()
        if let first { take(first) } else { finish() }
        return RecordedScope(of: first)
    }

    /// What is compared of the port is what both recorders can know.
    mutating func limit(to scope: RecordedScope) { actions.scope = scope }

    /// The next step; nil at the end.
    /// - Parameter next: gives the trace's next event, and nil at the end. It is not called again after that.
    mutating func next<Failure: Error>(
        from next: () throws(Failure) -> TraceEvent?
    ) throws(Failure) -> TraceStep? {
        while steps.isEmpty {
            if isFinished { return nil }
            if let event = try next() { take(event) } else { finish() }
        }
        return steps.removeFirst()
    }

    private mutating func finish() {
        isFinished = true
        decoder.finish()
        nameBytes()
        for direction in Direction.allCases { endGathering(direction) }
        settleActions()
    }

    private mutating func take(_ event: TraceEvent) {
        let time = event.time
        origin = origin ?? time
        switch event.kind {
        case .data(let direction, let bytes):
            guard !bytes.isEmpty else { return }
            firstData = firstData ?? time
            if direction == .hostToChip { settleActions() }
            unnamed[direction].append(bytes.span, at: time)
            decoder.feed(bytes.span, direction, stamp: time.nanoseconds)
            if decoder.hasUntold { decoder.tellSoFar() }
            nameBytes()
        case .power:
            // As `show` has it: a chip that loses or gets its power knows nothing of what came before.
            decoder.restart()
            nameBytes()
        default:
            guard comparesPort else { return }
            actions.note(event, chipByteCount: unnamed.chipToHost.offset + unnamed.chipToHost.count)
            if actions.isFull { settleActions() }
        }
    }

    private mutating func settleActions() {
        guard !actions.isEmpty else { return }
        for event in actions.settle() {
            append(
                TraceStep(
                    what: .port(event, place: unnamed.hostToChip.count), lane: .host, bytes: [], start: event.time,
                    end: event.time, order: 0, isPort: true))
        }
    }

    private mutating func append(_ step: TraceStep) {
        var step = step
        step.order = nextOrder
        step.origin = origin ?? .zero
        nextOrder += 1
        steps.append(step)
    }

    // MARK: From events of the decoder to steps

    private mutating func nameBytes() {
        while let event = decoder.nextEvent() {
            switch event.kind {
            case .text, .noise: gatherLoose(event)
            case .payload(let done, let total): gatherPayload(event, done: done, total: total)
            default:
                endGathering(event.direction)
                append(event.kind, event.byteCount, event.direction)
            }
        }
    }

    /// - Parameter kind: nil for bytes without a meaning.
    private mutating func append(_ kind: SessionEvent.Kind?, _ count: Int, _ direction: Direction) {
        let taken = unnamed[direction].take(count, keepsRunEnds: keepsRunEnds)
        let event = SessionEvent(
            direction: direction, offset: taken.offset, byteCount: count, start: taken.start.nanoseconds,
            end: taken.end.nanoseconds, kind: kind ?? .unexplained(taken.bytes, direction))
        append(
            TraceStep(
                what: .bytes(event), lane: direction == .hostToChip ? .host : .chip, bytes: taken.bytes,
                start: taken.start, end: taken.end, order: 0, runEnds: taken.runEnds,
                isLoose: kind == nil))
    }

    /// What was gathered is over: something else follows.
    private mutating func endGathering(_ direction: Direction) {
        let gathering = gathered[direction]
        guard gathering.count > 0 else { return }
        gathered[direction] = Gathered()
        if let (done, total) = gathering.payload {
            append(.payload(done: done, total: total), gathering.count, direction)
        } else {
            append(nil, gathering.count, direction)
        }
    }

    /// The image of a download, in pieces as the loader counts them (ECR6600 facts §1.4), wherever it answered.
    private mutating func gatherPayload(_ event: SessionEvent, done: Int, total: Int) {
        if gathered[event.direction].payload == nil { endGathering(event.direction) }
        var place = done - event.byteCount
        while place < done {
            let end = min(done, total, (place / Self.pieceByteCount + 1) * Self.pieceByteCount)
            // What a header of nothing announced, or a trace that makes no sense: as it is.
            let count = end > place ? end - place : done - place
            place += count
            gathered[event.direction].count += count
            gathered[event.direction].payload = (place, total)
            if place % Self.pieceByteCount == 0 || place >= total { endGathering(event.direction) }
        }
    }

    private static let pieceByteCount = BootProtocol.pieceByteCount

    /// Bytes without a meaning: a line of text, or up to a place that the bytes before it choose, so that a byte more or
    /// less does not move all that follows.
    private mutating func gatherLoose(_ event: SessionEvent) {
        let direction = event.direction
        if gathered[direction].payload != nil { endGathering(direction) }
        var rest = event.byteCount
        while rest > 0 {
            let count = gathered[direction].count
            let more = unnamed[direction].stretch(from: count, most: rest, &gathered[direction].tail)
            gathered[direction].count = count + more.count
            rest -= more.count
            if more.isEnd { endGathering(direction) }
        }
    }
}
