import Line

/// Hears a line for a bench: the trace, and what onlookers want to know.
struct BenchListener: LineListener {
    let tap: TraceTap?
    /// What somebody learns here.
    let lesson: BenchLesson?
    var log: LineEventLog

    mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        tap?.sent(run, timing, direction)
        lesson?.sent(run, timing, direction)
    }

    mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        tap?.received(run, timing)
        lesson?.received(run, timing)
    }

    mutating func happened(_ event: LineEvent) {
        log.append(event)
        tap?.happened(event)
        lesson?.happened(event)
    }
}

/// What happened, until it is asked for. It is bounded, so that a line that is never asked does not fill the memory.
struct LineEventLog {
    private var events: [LineEvent] = []
    private var untold = Untold()

    static let capacity = 4096

    /// Events that there was no room for.
    struct Untold: Hashable {
        var count = 0
        /// When the last of them was.
        var last = Instant.zero
    }

    mutating func append(_ event: LineEvent) {
        switch event.kind {
        case .incident, .untaken, .clockAhead, .baud, .portOpened, .portClosed, .controlLines, .breakSent, .remark:
            if events.count < Self.capacity {
                events.append(event)
            } else {
                untold = Untold(count: untold.count + 1, last: max(untold.last, event.time))
            }
        // There may be one for each character.
        case .difference, .flushed: break
        }
    }

    mutating func take() -> (events: [LineEvent], untold: Untold) {
        guard !events.isEmpty else { return ([], Untold()) }
        defer {
            events.removeAll()
            untold = Untold()
        }
        return (events, untold)
    }
}
