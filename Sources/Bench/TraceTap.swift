package import Capture
package import Line
package import Trace

/// Writes what happens on a line to a trace file, in the order of its time.
package final class TraceTap: LineListener {
    private var recorder: LineRecorder<FileSink>
    private var lastFlush = Instant.zero

    /// How long an event may stay in memory while the line is busy.
    private static let flushInterval = Duration.milliseconds(100)

    /// - Throws: `CaptureError` when the file cannot be created.
    package init(creating path: String, session: SessionDescription, replacing: Bool) throws(CaptureError) {
        recorder = LineRecorder(
            into: FileSink(writer: try TraceWriter(creating: path, session: session, replacing: replacing)))
    }

    /// Where the trace is.
    package var path: String { recorder.sink.writer.path }
    /// Why nothing is written any more, if so. What was written stays readable.
    package var failure: CaptureError? { recorder.sink.failure }

    /// Notes an event that the line does not know of.
    package func note(_ kind: TraceEvent.Kind, at moment: Instant) {
        guard failure == nil else { return }
        recorder.note(TraceEvent(moment, kind))
    }

    /// Writes what is due, and hands it to the operating system now and then; at once when the line falls quiet.
    package func settle(at now: Instant, isQuiet: Bool) {
        recorder.settle(by: now, isQuiet: isQuiet)
        guard isQuiet || lastFlush.duration(to: now) > Self.flushInterval else { return }
        lastFlush = now
        recorder.flush()
    }

    /// Writes everything and closes the file.
    package func close() {
        recorder.finish()
        recorder.close()
    }

    // MARK: Listening

    package func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        if failure == nil { recorder.sent(run, timing, direction) }
    }

    package func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        if failure == nil { recorder.received(run, timing) }
    }

    package func happened(_ event: LineEvent) {
        if failure == nil { recorder.happened(event) }
    }
}

/// A trace file as a recorder's sink: after the first failure it takes everything and keeps nothing.
private struct FileSink: TraceSink {
    let writer: TraceWriter
    private(set) var failure: CaptureError?
    private var hasUnflushed = false

    init(writer: TraceWriter) {
        self.writer = writer
    }

    mutating func write(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant) {
        guard failure == nil else { return }
        do {
            try writer.write(run, direction, at: moment)
            hasUnflushed = true
        } catch {
            failure = error
        }
    }

    mutating func write(_ event: TraceEvent) {
        attempt { writer throws(CaptureError) in try writer.write(event) }
    }

    mutating func flush() {
        guard hasUnflushed else { return }
        attempt { writer throws(CaptureError) in try writer.flush() }
        hasUnflushed = false
    }

    mutating func close() {
        attempt { writer throws(CaptureError) in try writer.close() }
    }

    private mutating func attempt(_ action: (TraceWriter) throws(CaptureError) -> Void) {
        guard failure == nil else { return }
        do {
            try action(writer)
            hasUnflushed = true
        } catch {
            failure = error
        }
    }
}

extension LineRecorder where Sink == FileSink {
    fileprivate mutating func flush() { withSink { $0.flush() } }
    fileprivate mutating func close() { withSink { $0.close() } }
}
