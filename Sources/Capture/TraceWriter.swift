import CPcap
import Files
import Glibc
package import Line
import SystemPackage
package import Trace
import Words

/// Writes a trace file: classic pcap, nanoseconds, link type 250 (RTAC serial), by libpcap.
///
/// The file appears under its name at once, with header and session in it, and every later event is appended to it:
/// whatever kills the program, what was flushed is there to be read. Another file of that name is replaced only when
/// asked for, and not before the new one has begun well. What is made of other files appears when it is whole.
///
/// Not safe to share between threads; give it to one.
package final class TraceWriter {
    /// Where the trace is.
    package let path: String
    private var encoder: TraceEncoder
    private var record: [UInt8] = []
    private var format: OpaquePointer?
    private var dumper: OpaquePointer?
    private var failure: CaptureError?
    /// Bytes that the file has, what is not flushed included.
    package private(set) var byteCount = TraceWriter.fileHeaderByteCount
    /// More of them are never written; nil for no limit.
    private let mostBytes: Int?
    /// What has no name yet; nil when it has.
    private var unnamed: NewFile?

    /// When the file of a trace appears under its name.
    package enum Appearance: Sendable {
        /// With its first record, to grow: what is recorded must not be lost with its program.
        case atOnce
        /// When it is closed, unless `appear` is called before: what can be made again must not stand there half.
        case whole
    }

    /// Creates the file and writes the session's description.
    /// - Parameters:
    ///   - path: the file; a pipe or device of that name is written to as it is.
    ///   - session: the first event; its epoch says what `Instant.zero` is.
    ///   - replacing: whether a file of that name may be replaced.
    ///   - mostBytes: how large the file may become; before the event that would make it larger, the trace ends with a
    ///     note that says so. At least `leastLimit`.
    ///   - appearance: when it appears; one that is to be whole and is not closed never does.
    /// - Throws: `CaptureError`: `.exists`, `.inaccessible`, `.writeFailed`, `.unwritableEvent`.
    package init(
        creating path: String, session: SessionDescription, replacing: Bool = false, mostBytes: Int? = nil,
        appears appearance: Appearance = .atOnce
    ) throws(CaptureError) {
        self.path = path
        self.mostBytes = mostBytes
        encoder = TraceEncoder(epoch: session.epoch)
        let place: NewFile
        do {
            place = try NewFile(at: path, replacing: replacing)
        } catch {
            throw CaptureError(error)
        }
        do throws(CaptureError) {
            try begin(place, appearance)
            try write(TraceEvent(.zero, .session(session)))
            try flush()
        } catch {
            place.remove()
            throw error
        }
        unnamed = place
        if appearance == .atOnce { try appear() }
    }

    deinit {
        unnamed?.remove()
        if let dumper { pcap_dump_close(dumper) }
        if let format { pcap_close(format) }
    }

    /// Appends an event; runs of data that are too long for one record become several. It may stay in memory until
    /// `flush`. - Throws: `CaptureError`: `.writeFailed` or `.full` now and for every later event, `.unwritableEvent`.
    package func write(_ event: TraceEvent) throws(CaptureError) {
        if case .data(let direction, let data) = event.kind {
            return try write(data.span, direction, at: event.time)
        }
        record.removeAll(keepingCapacity: true)
        let time: Int64
        do {
            time = try encoder.encode(event, into: &record)
        } catch {
            throw unwritable(error)
        }
        try appendRecord(at: time)
    }

    /// Appends a run of data without an event being made of it. - Throws: as `write(_:)`.
    package func write(_ data: Span<UInt8>, _ direction: Direction, at moment: Instant) throws(CaptureError) {
        var offset = 0
        repeat {
            let end = min(data.count, offset + TraceEncoder.dataByteLimit)
            record.removeAll(keepingCapacity: true)
            let time: Int64
            do {
                time = try encoder.encode(data.extracting(offset..<end), direction, at: moment, into: &record)
            } catch {
                throw unwritable(error)
            }
            try appendRecord(at: time)
            offset = end
        } while offset < data.count
    }

    /// Hands everything to the operating system: from now on it survives the program. A driver calls it after every
    /// turn or at least every 100 ms. - Throws: `CaptureError` `.writeFailed`.
    package func flush() throws(CaptureError) {
        if let failure { throw failure }
        guard let dumper else { return }
        if pcap_dump_flush(dumper) != 0 { throw fail(errno) }
    }

    /// Flushes and closes; later events are refused. Closing twice is no error.
    /// - Throws: `CaptureError` `.writeFailed`; where it is to appear whole, `.exists` and `.inaccessible` as well.
    package func close() throws(CaptureError) {
        guard dumper != nil else { return }
        defer {
            if let dumper { pcap_dump_close(dumper) }
            dumper = nil
        }
        if failure?.code != .full { try flush() }
        try appear()
    }

    /// Takes a file away that has no name yet; later events are refused.
    package func discard() {
        guard let place = unnamed, let dumper else { return }
        pcap_dump_close(dumper)
        self.dumper = nil
        place.remove()
        unnamed = nil
    }

    /// Gives the file its name, if it has none yet; from then on it grows there.
    /// - Throws: `CaptureError` `.exists`, `.inaccessible`.
    package func appear() throws(CaptureError) {
        guard let place = unnamed else { return }
        unnamed = nil
        do {
            try place.publish()
        } catch {
            place.remove()
            throw CaptureError(error)
        }
    }

    private func begin(_ place: NewFile, _ appearance: Appearance) throws(CaptureError) {
        guard
            let format = pcap_open_dead_with_tstamp_precision(
                TraceFormat.linkType, Int32(TraceEncoder.recordByteLimit), UInt32(PCAP_TSTAMP_PRECISION_NANO))
        else { throw CaptureError(.inaccessible, path: path, "libpcap is out of memory", advice: "", errno: ENOMEM) }
        self.format = format
        guard let stream = fdopen(place.descriptor, "wb") else {
            throw CaptureError(
                .inaccessible, path: path, "cannot write: \(Errno(rawValue: errno).description)", advice: "",
                errno: errno)
        }
        // What is made in one go is handed over in larger pieces.
        if appearance == .whole { setvbuf(stream, nil, _IOFBF, 256 << 10) }
        guard let dumper = pcap_dump_fopen(format, stream) else {
            let message = String(cString: pcap_geterr(format))
            fclose(stream)
            throw CaptureError(.writeFailed, path: path, message, advice: "")
        }
        self.dumper = dumper
    }

    private func appendRecord(at time: Int64) throws(CaptureError) {
        if let failure { throw failure }
        if let mostBytes, byteCount + Self.recordHeaderByteCount + record.count + Self.reserved > mostBytes {
            throw try endFull(mostBytes, at: time)
        }
        try put(at: time)
    }

    /// Ends the trace with a note: what would come next has no room.
    private func endFull(_ mostBytes: Int, at time: Int64) throws(CaptureError) -> CaptureError {
        let error = CaptureError(
            .full, path: path, "the trace ends here: it has reached its limit of \(Dimension.size.text(mostBytes))",
            advice: "")
        record.removeAll(keepingCapacity: true)
        let moment = Instant(nanoseconds: time - encoder.epoch)
        do {
            _ = try encoder.encode(TraceEvent(moment, .note(error.message)), into: &record)
        } catch {
            throw unwritable(error)
        }
        try put(at: time)
        try flush()
        failure = error
        return error
    }

    private func put(at time: Int64) throws(CaptureError) {
        guard let dumper else {
            throw CaptureError(.writeFailed, path: path, "the trace is closed", advice: "write before closing")
        }
        var header = pcap_pkthdr()
        header.ts.tv_sec = Int(time / 1_000_000_000)
        // With nanosecond precision libpcap takes nanoseconds here.
        header.ts.tv_usec = Int(time % 1_000_000_000)
        header.caplen = UInt32(record.count)
        header.len = UInt32(record.count)
        record.withUnsafeBufferPointer {
            pcap_dump(UnsafeMutablePointer<UInt8>(dumper), &header, $0.baseAddress)
        }
        if ferror(pcap_dump_file(dumper)) != 0 { throw fail(errno) }
        byteCount += Self.recordHeaderByteCount + record.count
    }

    /// Of classic pcap.
    private static let fileHeaderByteCount = 24
    private static let recordHeaderByteCount = 16
    /// Room that is kept for the note at a limited trace's end.
    private static let reserved = 256
    /// The least that a trace may be limited to: a session's description fits, and something happens.
    package static let leastLimit = 16 << 10

    /// Remembers the failure, and sees to it that nothing more reaches the file: a record after a hole would spoil it.
    private func fail(_ number: Int32) -> CaptureError {
        let advice = number == ENOSPC ? "make room on the disk and record again" : "see the system's message"
        let error = CaptureError(
            .writeFailed, path: path, "writing the trace failed: \(Errno(rawValue: number).description)",
            advice: "what was written before is readable; \(advice)", errno: number)
        failure = error
        if let dumper {
            let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
            if nowhere >= 0 {
                dup2(nowhere, fileno(pcap_dump_file(dumper)))
                Glibc.close(nowhere)
            }
        }
        return error
    }

    private func unwritable(_ error: TraceError) -> CaptureError {
        CaptureError(.unwritableEvent, path: path, error.description, advice: "")
    }
}

/// What makes a pcap file one of ours.
package enum TraceFormat {
    /// LINKTYPE_RTAC_SERIAL (tcpdump.org, trace formats §B.1).
    package static let linkType: Int32 = 250
}
