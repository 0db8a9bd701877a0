import Line

/// Hears a line for a bench: the trace, and the log of incidents.
struct BenchListener: LineListener {
    let tap: TraceTap?
    var incidents: IncidentLog

    mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        tap?.sent(run, timing, direction)
    }

    mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        tap?.received(run, timing)
    }

    mutating func happened(_ event: LineEvent) {
        if case .incident = event.kind { incidents.append(event) }
        tap?.happened(event)
    }
}

/// Incidents and remarks until they are asked for; so many that a line which nobody asks does not fill the memory.
struct IncidentLog {
    private var events: [LineEvent] = []

    private static let capacity = 4096

    mutating func append(_ event: LineEvent) {
        if events.count < Self.capacity { events.append(event) }
    }

    mutating func take() -> [LineEvent] {
        guard !events.isEmpty else { return [] }
        defer { events.removeAll() }
        return events
    }
}
