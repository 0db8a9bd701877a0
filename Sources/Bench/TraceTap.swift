package import Capture
package import Line
package import Trace
package import Wire

/// Writes what happens on a line to a trace, in the order of its time.
///
/// A bench learns of a host's characters before they have crossed the wire. They wait here: whatever happens meanwhile
/// stands in the trace behind the characters that had crossed by then, and before the rest of the same run.
package final class TraceTap {
    private let writer: TraceWriter
    /// The host's characters that are still on the wire, or were when they were last looked at.
    private var crossing = RunQueue()
    /// Everything else that is to be written, in the order of its time.
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

    /// Notes characters of the host; runs come in the order of their time.
    package func hostSent(_ characters: Span<UInt8>, timing: RunTiming) {
        guard failure == nil else { return }
        crossing.append(characters, timing: timing)
    }

    /// Notes characters of the chip whose last one crosses at `moment`.
    package func chipSent(_ characters: Span<UInt8>, until moment: Instant, now: Instant) {
        guard failure == nil, !characters.isEmpty else { return }
        if waiting.isEmpty, moment <= now {
            writeHost(by: moment, onlyWholeRuns: false)
            attempt { () throws(CaptureError) in try writer.write(characters, .chipToHost, at: moment) }
        } else {
            insert(TraceEvent(moment, .data(.chipToHost, characters.withUnsafeBufferPointer { Array($0) })))
        }
    }

    /// Notes any other event.
    package func note(_ kind: TraceEvent.Kind, at moment: Instant) {
        guard failure == nil else { return }
        insert(TraceEvent(moment, kind))
    }

    /// Notes characters that arrived as others because the two ends did not run at one rate.
    package func noteGarbled(_ direction: Direction, _ count: Int, sent: BitRate, received: BitRate, at moment: Instant)
    {
        note(
            .garbled(
                direction, count: count, sentAt: UInt32(clamping: sent.baud),
                receivedAt: UInt32(clamping: received.baud)),
            at: moment)
    }

    /// Writes what is due, and hands it to the operating system now and then; at once when the line falls quiet.
    package func settle(at now: Instant, isQuiet: Bool) {
        let due = waiting.prefix { $0.time <= now }
        for event in due {
            writeHost(by: event.time, onlyWholeRuns: false)
            attempt { () throws(CaptureError) in try writer.write(event) }
        }
        waiting.removeFirst(due.count)
        writeHost(by: now, onlyWholeRuns: true)
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

    /// Writes the host's characters that have crossed by a moment; a run that is still crossing waits if it may.
    private func writeHost(by moment: Instant, onlyWholeRuns: Bool) {
        while let (count, timing) = crossing.first {
            let crossed = timing.arrived(by: moment, of: count)
            guard crossed > 0, crossed == count || !onlyWholeRuns else { return }
            var run: [UInt8] = []
            crossing.take(crossed, into: &run)
            attempt { () throws(CaptureError) in
                try writer.write(run.span, .hostToChip, at: timing.end(of: crossed))
            }
        }
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
