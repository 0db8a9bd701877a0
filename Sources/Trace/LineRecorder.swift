package import Line

/// Where a recorder's events go, in the order of their times.
package protocol TraceSink {
    /// Takes a run; its last character was seen at `moment`.
    mutating func write(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant)
    /// Takes anything else.
    mutating func write(_ event: TraceEvent)
}

/// Makes a trace of what happens on a line: the host's end of it, and beside that where the chip's end differs.
///
/// Events come as they are known and leave in the order of their times: what the host has committed may cross later, and a
/// machine may have lived ahead. Whatever happens while a run crosses stands behind the characters that had crossed by
/// then and before the rest.
package struct LineRecorder<Sink: TraceSink>: LineListener {
    package private(set) var sink: Sink
    /// The host's characters that are still on the wire, or were when they were last looked at.
    private var crossing = RunQueue()
    /// What the host has received in one go, and when its last character came.
    private var received: [UInt8] = []
    private var receivedFrom = Instant.zero
    private var receivedUntil = Instant.zero
    /// Where the host's characters end that have not been looked at beside what it receives: what came before such a place
    /// stands before them, and the rest behind.
    private var hostEnds: [Instant] = []
    /// Everything else that is to be written, in the order of its time.
    private var waiting: [TraceEvent] = []
    private var spare: [UInt8] = []
    /// The time of the last event that was written; none is written before it.
    private var lastTime = Instant(nanoseconds: .min)

    /// Characters that are gathered into one record, and for how long: a program that is killed loses no more.
    private static var mostGathered: Int { 16_384 }
    private static var longestGathering: Duration { .milliseconds(250) }
    /// Ends of the host's runs that are kept for what may have been received at the same time.
    private static var mostHostEnds: Int { 64 }

    /// How much later a host's run may end than its last part did.
    private let joint: Duration

    /// - Parameter joint: where a host's runs are put together of parts that begin at whole nanoseconds, as much later as the
    ///   whole may end than the last of them: what the chip does with the last character comes after it all the same. Zero
    ///   where runs come whole.
    package init(into sink: Sink, joint: Duration = .zero) {
        self.sink = sink
        self.joint = joint
    }

    /// Writes what has happened by `now`. What is not noted by then must not have happened before it.
    /// - Parameter isQuiet: whether nothing is expected to follow at once, so that nothing need be gathered.
    package mutating func settle(by now: Instant, isQuiet: Bool = true) {
        var count = 0
        while count < waiting.count, waiting[count].time <= now {
            writeHost(by: waiting[count].time, onlyWholeRuns: false, slack: joint)
            // What waits was known before what is still gathered.
            if receivedUntil < waiting[count].time { writeReceived() }
            write(waiting[count])
            count += 1
        }
        waiting.removeFirst(count)
        writeHost(by: now, onlyWholeRuns: !isQuiet)
        if isQuiet, receivedUntil <= now { writeReceived() }
    }

    /// For what a sink can do besides taking events.
    package mutating func withSink(_ body: (inout Sink) -> Void) { body(&sink) }

    /// Writes everything, whenever it happens.
    package mutating func finish() {
        settle(by: Instant(nanoseconds: .max))
    }

    /// Notes an event that is no byte.
    package mutating func note(_ event: TraceEvent) {
        // Of one moment, what was known first comes first.
        if receivedUntil <= event.time { keepReceived() }
        place(event)
    }

    private mutating func place(_ event: TraceEvent) {
        let place = waiting.lastIndex { $0.time <= event.time }.map { $0 + 1 } ?? 0
        waiting.insert(event, at: place)
    }

    // MARK: Listening

    package mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        guard direction == .hostToChip else { return }
        crossing.join(run, timing: timing)
        if hostEnds.last == timing.start { hostEnds.removeLast() }
        hostEnds.append(timing.end(of: run.count))
        guard hostEnds.count > Self.mostHostEnds else { return }
        keepReceived()
        hostEnds.removeFirst(Self.mostHostEnds / 2)
    }

    package mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        var taken = 0
        var passed = 0
        for end in hostEnds {
            let before = timing.arrived(before: end, of: run.count)
            guard before < run.count else { break }
            passed += 1
            if before > taken {
                gather(run.extracting(taken..<before), timing.dropping(taken))
                taken = before
            }
            keepReceived()
        }
        hostEnds.removeFirst(passed)
        gather(run.extracting(taken..<run.count), timing.dropping(taken))
    }

    private mutating func gather(_ run: Span<UInt8>, _ timing: RunTiming) {
        let isNext = timing.start == receivedUntil && timing.spacing > 0
        let isFull =
            received.count >= Self.mostGathered
            || receivedFrom.duration(to: receivedUntil) >= Self.longestGathering
        if !isNext || isFull { keepReceived() }
        if received.isEmpty { receivedFrom = timing.start }
        run.withUnsafeBufferPointer { received.append(contentsOf: $0) }
        receivedUntil = timing.end(of: run.count)
    }

    package mutating func happened(_ event: LineEvent) {
        note(TraceEvent(event))
    }

    // MARK: Writing

    /// What has been gathered takes its place among the events.
    private mutating func keepReceived() {
        guard !received.isEmpty else { return }
        place(TraceEvent(receivedUntil, .data(.chipToHost, received)))
        received.removeAll(keepingCapacity: true)
    }

    /// Writes the host's characters that have crossed by a moment, and what it had received before each.
    private mutating func writeHost(by moment: Instant, onlyWholeRuns: Bool, slack: Duration = .zero) {
        while let (count, timing) = crossing.first {
            var crossed = timing.arrived(by: moment.advanced(by: slack), of: count)
            guard crossed > 0, crossed == count || !onlyWholeRuns else { break }
            // What was received while the run crossed stands in it. At one moment the host's characters come first: the
            // chip answers them.
            if !received.isEmpty, receivedUntil < timing.end(of: crossed) {
                crossed = timing.arrived(by: receivedUntil, of: count)
                if crossed == 0 {
                    writeReceived()
                    continue
                }
            }
            let end = timing.end(of: crossed)
            let stamp = slack > .zero ? min(end, moment) : end
            var run: [UInt8] = []
            swap(&run, &spare)
            crossing.take(crossed, into: &run)
            write(&run, .hostToChip, at: stamp)
            swap(&run, &spare)
        }
    }

    private mutating func writeReceived() {
        guard !received.isEmpty else { return }
        var run: [UInt8] = []
        swap(&run, &received)
        write(&run, .chipToHost, at: receivedUntil)
        swap(&run, &received)
    }

    /// Writes a run and empties it.
    private mutating func write(_ run: inout [UInt8], _ direction: Direction, at moment: Instant) {
        lastTime = max(lastTime, moment)
        sink.write(run.span, direction, at: lastTime)
        run.removeAll(keepingCapacity: true)
    }

    private mutating func write(_ event: TraceEvent) {
        lastTime = max(lastTime, event.time)
        if case .data(let direction, var bytes) = event.kind {
            write(&bytes, direction, at: lastTime)
        } else {
            sink.write(TraceEvent(lastTime, event.kind))
        }
    }
}

/// Events in memory.
package struct TraceEvents: TraceSink, Sendable {
    package private(set) var events: [TraceEvent] = []

    package init() {}

    package mutating func write(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant) {
        events.append(TraceEvent(moment, .data(direction, run.withUnsafeBufferPointer { Array($0) })))
    }

    package mutating func write(_ event: TraceEvent) {
        events.append(event)
    }
}

extension LineRecorder: Sendable where Sink: Sendable {}

extension TraceEvent {
    /// A line's event, as a trace has it.
    package init(_ event: LineEvent) {
        let kind: Kind =
            switch event.kind {
            case .incident(let incident): .fault(incident.description)
            case .difference(let difference): .difference(difference)
            case .untaken(let direction, let count, let why): .lost(direction, count: count, reason: why.rawValue)
            case .clockAhead(let ahead): .clockAhead(ahead)
            case .baud(let end, let baud): .baud(end, bitsPerSecond: UInt32(clamping: baud))
            case .portOpened: .portOpened
            case .portClosed: .portClosed
            case .flushed(let queues): .flushed(queues)
            case .controlLines(let lines): .controlLines(lines)
            case .breakSent: .breakSent
            case .remark(let text): .note(text)
            }
        self.init(event.time, kind)
    }
}
