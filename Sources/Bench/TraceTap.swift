package import Capture
package import Line
package import Trace

/// Takes down what happens on a line, in the order of its time: in a trace file, as a live story, or both.
package final class TraceTap: LineListener {
    private var recorder: LineRecorder<TapSink>
    private var lastFlush = Instant.zero
    /// Whether something has happened that the story may hold back.
    private var hasNews = false
    /// Whether something has happened that may not be in the file yet.
    private(set) var hasUnsettled = false

    /// A client's bytes come in many parts; a thirtieth of the fastest character.
    private static let joint = Duration.nanoseconds(100)

    /// How long an event may stay in memory while the line is busy.
    private static let flushInterval = Duration.milliseconds(100)

    /// - Parameters:
    ///   - mostBytes: how large the file may become; nil for no limit.
    ///   - appearance: when the file has its name.
    ///   - isPaced: whether characters take their time.
    /// - Throws: `CaptureError` when the file cannot be created.
    package init(
        creating path: String, session: SessionDescription, replacing: Bool, mostBytes: Int? = nil,
        appears appearance: TraceWriter.Appearance = .atOnce, isPaced: Bool = false, story: LiveStory? = nil,
        tally: SessionTally? = nil, keepsStory: Bool = false
    ) throws(CaptureError) {
        let writer = try TraceWriter(
            creating: path, session: session, replacing: replacing, mostBytes: mostBytes, appears: appearance)
        recorder = LineRecorder(
            into: TapSink(
                file: FileSink(writer: writer), story: story, tally: tally, kept: keepsStory ? KeptStory() : nil),
            joint: isPaced ? Self.joint : .zero)
    }

    /// Without a file.
    package init(telling story: LiveStory?, tally: SessionTally? = nil, keepsStory: Bool = false) {
        recorder = LineRecorder(
            into: TapSink(file: nil, story: story, tally: tally, kept: keepsStory ? KeptStory() : nil))
    }

    /// What has crossed the line, if somebody counts.
    var tally: SessionTally? { recorder.sink.tally }

    /// Why nothing is written any more, if so. What was written stays readable.
    package var failure: CaptureError? { recorder.sink.file?.failure }
    /// Bytes in the file; nil without one.
    var fileByteCount: Int? { recorder.sink.file?.writer.byteCount }
    /// Whether it tells a story.
    var isTelling: Bool { recorder.sink.story != nil }
    /// Whether anybody wants to know.
    private var isOn: Bool {
        recorder.sink.file.map { $0.failure == nil } ?? false || isTelling || tally != nil || recorder.sink.kept != nil
    }

    /// What happened is told to onlookers from now on, or no longer (`takeStory`).
    func keepStory(_ isWanted: Bool) { recorder.keepStory(isWanted) }

    /// What there was to tell since the last call.
    func takeStory() -> KeptStory.Content { recorder.takeStory() }

    /// Notes an event that the line does not know of.
    package func note(_ kind: TraceEvent.Kind, at moment: Instant) {
        guard isOn else { return }
        hasNews = true
        hasUnsettled = true
        recorder.note(TraceEvent(moment, kind))
    }

    /// Lets the story catch up with a line that has fallen quiet. - Returns: when, on the wall's clock, it wants to be
    /// asked again even if nothing happens; nil without a story, and when nothing is held back.
    func settleStory(atWall now: Instant) -> Instant? {
        guard isTelling || recorder.sink.kept != nil else { return nil }
        defer { hasNews = false }
        return recorder.settleStory(atWall: now, isBusy: hasNews)
    }

    /// Writes what is due, and hands it to the operating system now and then; at once when the line falls quiet.
    package func settle(at now: Instant, isQuiet: Bool) {
        recorder.settle(by: now, isQuiet: isQuiet)
        guard isQuiet || lastFlush.duration(to: now) > Self.flushInterval else { return }
        lastFlush = now
        if isQuiet { hasUnsettled = false }
        recorder.flush()
    }

    /// Gives the file its name, if it has none yet.
    func appear() { recorder.appear() }

    /// Takes the file away, if it has no name yet.
    func discard() { recorder.discard() }

    /// Writes everything and closes the file.
    package func close() {
        recorder.finish()
        recorder.close()
    }

    // MARK: Listening

    package func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        guard isOn else { return }
        hasNews = true
        hasUnsettled = true
        recorder.sent(run, timing, direction)
    }

    package func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        guard isOn else { return }
        hasNews = true
        hasUnsettled = true
        recorder.received(run, timing)
    }

    package func happened(_ event: LineEvent) {
        guard isOn else { return }
        hasNews = true
        hasUnsettled = true
        recorder.happened(event)
    }
}

/// Where a tap's events go.
private struct TapSink: TraceSink {
    var file: FileSink?
    var story: LiveStory?
    var tally: SessionTally?
    /// For onlookers.
    var kept: KeptStory?

    mutating func write(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant) {
        file?.write(run, direction, at: moment)
        story?.write(run, direction, at: moment)
        tally?.write(run, direction, at: moment)
        kept?.write(run, direction, at: moment)
    }

    mutating func write(_ event: TraceEvent) {
        file?.write(event)
        story?.write(event)
        tally?.write(event)
        kept?.write(event)
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

    mutating func appear() {
        attempt { writer throws(CaptureError) in try writer.appear() }
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

extension LineRecorder where Sink == TapSink {
    fileprivate mutating func flush() { withSink { $0.file?.flush() } }
    fileprivate mutating func appear() { withSink { $0.file?.appear() } }
    fileprivate mutating func discard() { withSink { $0.file?.writer.discard() } }
    fileprivate mutating func close() {
        withSink {
            $0.file?.close()
            $0.story?.finish()
            $0.tally?.finish()
        }
    }

    fileprivate mutating func settleStory(atWall now: Instant, isBusy: Bool) -> Instant? {
        var due: Instant?
        withSink { sink in
            due = [
                sink.story?.settle(atWall: now, isBusy: isBusy), sink.kept?.settle(atWall: now, isBusy: isBusy),
            ].compactMap(\.self).min()
        }
        return due
    }

    fileprivate mutating func keepStory(_ isWanted: Bool) {
        withSink { sink in
            // Most are never asked: nothing is followed for them.
            if isWanted, sink.kept == nil { sink.kept = KeptStory() }
            sink.kept?.isWanted = isWanted
        }
    }

    fileprivate mutating func takeStory() -> KeptStory.Content {
        var content = KeptStory.Content()
        withSink { content = $0.kept?.take() ?? content }
        return content
    }
}
