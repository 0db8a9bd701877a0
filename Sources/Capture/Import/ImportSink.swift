package import Line
package import Trace
import USB

/// Takes what an importer finds, in the order of time, and writes the trace; the file appears when all of it is there.
///
/// A session may be in several recordings, one after the other: each begins by itself, and is put after the others.
package final class ImportSink {
    /// What was found, for the report.
    package private(set) var summary = ImportSummary()

    private var source: String
    private let destination: String
    private let replacing: Bool
    private let programVersion: String
    private var writer: TraceWriter?
    private var last = Instant.zero
    /// Which of the recordings is read, from 1.
    private var part = 1
    /// Whether `begin` was called for it.
    private(set) var hasBegun = false
    /// When the first recording's time begins, in nanoseconds since 1970; 0 where it has no date.
    private var epoch: Int64 = 0
    /// From the trace's beginning to this recording's, in nanoseconds.
    private var shift: Int64 = 0
    /// What was found in a USB capture, and what reads it: a capture may be cut anywhere, and goes on in the next one.
    struct USBState {
        var search: AdapterSearch
        var found: FoundAdapter
        var decoder: SerialDecoder
    }

    /// Of this recording.
    var usb: USBState?
    /// Of those before.
    private(set) var usbBefore: USBState?

    /// - Parameters:
    ///   - source: the recording's name, for the session's description.
    ///   - destination: the trace to be written.
    ///   - replacing: whether a file of that name may be replaced.
    ///   - programVersion: of the importing program.
    package init(source: String, destination: String, replacing: Bool, programVersion: String) {
        self.source = source
        self.destination = destination
        self.replacing = replacing
        self.programVersion = programVersion
    }

    /// Describes the session; to be called once, before the first event.
    /// - Parameters:
    ///   - clock: which clock the recording has.
    ///   - epoch: what `Instant.zero` is in nanoseconds since 1970; 0 where the recording has no date.
    ///   - properties: what the recording says of itself: adapter, device.
    ///   - baud: what the host's port was set to from the beginning, where that is known.
    package func begin(
        clock: SessionDescription.Clock, epoch: Int64 = 0, properties: [SessionDescription.Property] = [],
        baud: UInt32? = nil
    ) throws(CaptureError) {
        precondition(!hasBegun, "a session begins once")
        hasBegun = true
        let name = source.split(separator: "/").last.map(String.init) ?? source
        if part == 1 {
            (summary.clock, summary.properties, self.epoch) = (clock, properties, epoch)
            writer = try TraceWriter(
                creating: destination,
                session: SessionDescription(
                    program: "solderless", programVersion: programVersion, clock: clock, epoch: epoch,
                    properties: [.init("imported from", name)] + properties),
                replacing: replacing, appears: .whole)
        } else {
            try join(name, clock, epoch)
        }
        if let baud { try add(TraceEvent(.zero, .baud(.host, bitsPerSecond: baud))) }
    }

    /// Turns to the next recording of the same session.
    func goOn(with source: String) {
        self.source = source
        part += 1
        hasBegun = false
        hasToldEnd = false
        usbBefore = usb ?? usbBefore
    }

    /// Whether the recording is the first.
    var isFirst: Bool { part == 1 }

    /// Finds the place of a later recording: by its date, or, without one, at the end of those before.
    private func join(
        _ name: String, _ clock: SessionDescription.Clock, _ epoch: Int64
    ) throws(CaptureError) {
        guard clock == summary.clock else {
            throw CaptureError(
                .badLine, path: source,
                "its clock is \(clock.name), the one of the recordings before is \(summary.clock.name)",
                advice: "import it by itself")
        }
        if self.epoch != 0, epoch != 0 {
            let (difference, overflow) = epoch.subtractingReportingOverflow(self.epoch)
            shift = overflow ? 0 : difference
            if shift < last.nanoseconds {
                problem(at: "its beginning", "it is dated before the end of the recording before: is the order right?")
            }
        } else {
            shift = last.nanoseconds
            assume("\(name) begins when the recording before it ends, for their times have no date in common")
        }
        try add(TraceEvent(.zero, .note("what follows is imported from \(name)")))
    }

    /// Whether it was said that the recording ends before its end.
    private(set) var hasToldEnd = false

    /// Forgets all that it was given; possible while the first recording is read.
    func startAgain() {
        precondition(isFirst, "what other recordings gave would be lost")
        hasBegun = false
        writer = nil
        summary = ImportSummary()
        last = .zero
        hasToldEnd = false
    }

    /// Writes an event. One before its predecessor, as clocks that are set back make it, comes at its predecessor's time,
    /// and is counted. - Throws: `CaptureError` of the trace's file.
    package func add(_ event: TraceEvent) throws(CaptureError) {
        if case .data(let direction, let bytes) = event.kind { return try add(bytes.span, direction, at: event.time) }
        if case .lost(let direction, let count, _) = event.kind { summary.addLost(count, direction) }
        summary.note(event.kind)
        try began().write(TraceEvent(inOrder(event.time), event.kind))
    }

    /// Writes a run of data without an event being made of it. - Throws: as `add(_:)`.
    package func add(_ bytes: Span<UInt8>, _ direction: Direction, at time: Instant) throws(CaptureError) {
        summary.byteCount[direction] += bytes.count
        try began().write(bytes, direction, at: inOrder(time))
    }

    /// Something in the recording is wrong, and reading goes on. - Parameter place: "line 7", "byte 4096".
    package func problem(at place: String, _ message: String) {
        summary.add(isFirst ? "\(place): \(message)" : "\(source): \(place): \(message)")
    }

    /// The recording ends before its end, as `problem` has it.
    package func end(at place: String, _ message: String) {
        hasToldEnd = true
        problem(at: place, message)
    }

    /// Something that the recording does not say was taken to be so: "TX is what the host sends".
    package func assume(_ assumption: String) {
        summary.assume(assumption)
    }

    /// Gives the trace its name. - Throws: `CaptureError` of the trace's file.
    func finish() throws(CaptureError) {
        try writer?.close()
    }

    private func began() throws(CaptureError) -> TraceWriter {
        guard let writer else { preconditionFailure("an event before the session began") }
        return writer
    }

    private func inOrder(_ time: Instant) -> Instant {
        let time = Instant(nanoseconds: time.nanoseconds.addingReportingOverflow(shift).partialValue)
        if time < last { summary.outOfOrderCount += 1 }
        last = max(last, time)
        return last
    }
}

/// What an import found.
package struct ImportSummary: Sendable {
    /// Problems that are kept in words; more are counted.
    package static let problemLimit = 20

    /// The kind of recording, by its importer's name.
    package internal(set) var kind = ""
    /// What was taken to be so where the recording does not say it.
    package private(set) var assumptions: [String] = []

    package fileprivate(set) var byteCount = Pair(hostToChip: 0, chipToHost: 0)
    /// Bytes that the recording says it does not have.
    package fileprivate(set) var lostByteCount = Pair(hostToChip: 0, chipToHost: 0)
    /// Changes of a rate.
    package private(set) var baudCount = 0
    /// The rates that were set, each once, in the order in which they came; the first of them.
    package private(set) var bauds: [UInt32] = []
    /// Characters that were received with an error.
    package private(set) var receiveErrorCount = 0
    package fileprivate(set) var clock = SessionDescription.Clock.host
    /// What the recording says of itself: its adapter, its device.
    package fileprivate(set) var properties: [SessionDescription.Property] = []
    /// Events whose times went back.
    package fileprivate(set) var outOfOrderCount = 0
    /// Places that were passed over, and why: the first of them.
    package private(set) var problems: [String] = []
    package private(set) var problemCount = 0

    /// A recording may say any number: the sum stays at the highest.
    fileprivate mutating func addLost(_ count: Int, _ direction: Direction) {
        let (sum, overflow) = lostByteCount[direction].addingReportingOverflow(count)
        lostByteCount[direction] = overflow ? .max : sum
    }

    fileprivate mutating func note(_ event: TraceEvent.Kind) {
        switch event {
        case .baud(_, let rate):
            baudCount += 1
            if bauds.count < Self.problemLimit, !bauds.contains(rate) { bauds.append(rate) }
        case .receiveError(_, _, let count): receiveErrorCount += count
        default: break
        }
    }

    fileprivate mutating func assume(_ assumption: String) {
        if assumptions.count < Self.problemLimit, !assumptions.contains(assumption) { assumptions.append(assumption) }
    }

    fileprivate mutating func add(_ problem: String) {
        if problems.count < Self.problemLimit { problems.append(problem) }
        problemCount += 1
    }
}
