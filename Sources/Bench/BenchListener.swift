import Line

/// Hears a line for a bench: the trace, and what onlookers want to know.
struct BenchListener: LineListener {
    let tap: TraceTap?
    var log: LineEventLog

    mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        tap?.sent(run, timing, direction)
    }

    mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        tap?.received(run, timing)
    }

    mutating func happened(_ event: LineEvent) {
        log.append(event)
        tap?.happened(event)
    }
}

/// What onlookers want to know, until they ask for it; so many that a line which nobody asks does not fill the memory.
struct LineEventLog {
    private var events: [LineEvent] = []

    private static let capacity = 4096

    mutating func append(_ event: LineEvent) {
        switch event.kind {
        case .incident, .untaken, .clockAhead, .baud, .portOpened, .portClosed, .controlLines, .breakSent, .remark:
            if events.count < Self.capacity { events.append(event) }
        // There may be one for each character.
        case .difference, .flushed: break
        }
    }

    mutating func take() -> [LineEvent] {
        guard !events.isEmpty else { return [] }
        defer { events.removeAll() }
        return events
    }
}
