package import Capture
package import Line
package import Trace
package import Wire

/// Writes what happens on a line to a trace, in the order of its time.
///
/// A bench learns of a host's characters before they have crossed the wire; they wait here until their time has come, so
/// that the chip's answer to earlier ones stands before them.
package final class TraceTap {
    private let writer: TraceWriter
    private var waiting: [TraceEvent] = []
    private var lastFlush = Instant.zero
    private var hasUnflushed = false
    /// Why nothing is written any more, if so. What was written stays readable.
    package private(set) var failure: CaptureError?

    /// How long an event may stay in memory while the line is busy.
    private static let flushInterval = Duration.milliseconds(100)

    /// - Throws: `CaptureError` when the file cannot be created.
    package init(creating path: String, session: SessionDescription, replacing: Bool) throws(CaptureError) {
        writer = try TraceWriter(creating: path, session: session, replacing: replacing)
    }

    /// Where the trace is.
    package var path: String { writer.path }

    /// Notes characters whose last one crosses at `moment`.
    package func data(_ characters: Span<UInt8>, _ direction: Direction, at moment: Instant, now: Instant) {
        guard failure == nil, !characters.isEmpty else { return }
        if waiting.isEmpty, moment <= now {
            attempt { () throws(CaptureError) in try writer.write(characters, direction, at: moment) }
        } else {
            insert(TraceEvent(moment, .data(direction, characters.withUnsafeBufferPointer { Array($0) })))
        }
    }

    /// Notes any other event.
    package func note(_ kind: TraceEvent.Kind, at moment: Instant) {
        guard failure == nil else { return }
        insert(TraceEvent(moment, kind))
    }

    /// Writes what is due, and hands it to the operating system now and then; at once when the line falls quiet.
    package func settle(at now: Instant, isQuiet: Bool) {
        let due = waiting.prefix { $0.time <= now }
        for event in due { attempt { () throws(CaptureError) in try writer.write(event) } }
        waiting.removeFirst(due.count)
        if hasUnflushed, isQuiet || lastFlush.duration(to: now) > Self.flushInterval {
            lastFlush = now
            hasUnflushed = false
            attempt { () throws(CaptureError) in try writer.flush() }
        }
    }

    /// Writes everything and closes the file.
    package func close() {
        settle(at: Instant(nanoseconds: .max), isQuiet: true)
        attempt { () throws(CaptureError) in try writer.close() }
    }

    private func insert(_ event: TraceEvent) {
        let place = waiting.lastIndex { $0.time <= event.time }.map { $0 + 1 } ?? 0
        waiting.insert(event, at: place)
    }

    private func attempt(_ action: () throws(CaptureError) -> Void) {
        guard failure == nil else { return }
        do {
            try action()
            hasUnflushed = true
        } catch {
            failure = error
        }
    }
}
