package import Wire

extension GoldenSession {
    /// Every event of the session, decoded run by run.
    package func events() -> [SessionEvent] { Self.events(of: runs) }

    package static func events(of runs: [Run]) -> [SessionEvent] {
        var decoder = SessionDecoder()
        var events: [SessionEvent] = []
        for run in runs {
            decoder.feed(run.bytes.span, run.direction, stamp: run.nanoseconds)
            while let event = decoder.nextEvent() { events.append(event) }
        }
        decoder.finish()
        while let event = decoder.nextEvent() { events.append(event) }
        return events
    }
}
