package import Line
package import Trace

/// Reads a trace file in constant memory: again and again, or a pipe once.
///
/// Ours are classic pcap with nanoseconds; microseconds and pcapng are read as libpcap reads them.
package struct TraceReader {
    /// Where the trace is.
    package let path: String
    private let growing: GrowingFile?
    /// Hundred years: no sum or difference of two such times overflows.
    private static let nanosecondsLimit: UInt64 = 3_155_760_000_000_000_000

    /// - Parameter path: nothing is opened before it is read.
    package init(opening path: String) {
        self.path = path
        growing = nil
    }

    /// A trace that somebody still writes: it ends when the file's `whenQuiet` says so.
    package init(_ file: GrowingFile) {
        path = file.path
        growing = file
    }

    /// The description with which the trace begins; nil when somebody else's program wrote it.
    /// - Throws: `CaptureError`: `.inaccessible`, `.notACapture`, `.wrongLinkType`, `.damaged`, `.tooNew`.
    package func session() throws(CaptureError) -> SessionDescription? {
        let file = try CaptureFile(opening: path)
        guard let record = try file.next() else { return nil }
        return try Self.session(in: record, Self.header(of: record, file), file)
    }

    /// What is known after the last record.
    package struct Summary: Hashable, Sendable {
        /// Whole records.
        package var recordCount = 0
        /// Where the file breaks off in the middle of a record, as a program that died leaves it; nil at a clean end.
        package var endsTruncated: Int64?
        /// Pieces of information that a newer minor version of the format has added and this program skipped.
        package var skippedItemCount = 0
    }

    /// A record without its payload.
    package struct RecordHead: Hashable, Sendable {
        /// Since the session's epoch, or since the first record in a trace without one.
        package var time: Instant
        package var rtac: RTACHeader
        /// Bytes of payload that crossed the line but were not captured.
        package var missingByteCount: Int
        /// Where the record begins in a classic pcap file.
        package var offset: Int64
    }

    /// Calls `body` with every record; the payload is borrowed from libpcap and not copied. For statistics.
    /// - Throws: `CaptureError` as `session`, and whatever `body` throws.
    @discardableResult
    package func forEachRecord(_ body: (RecordHead, Span<UInt8>) throws -> Void) throws -> Summary {
        let file = try growing.map { file throws(CaptureError) in try CaptureFile(file) } ?? CaptureFile(opening: path)
        var summary = Summary()
        var epoch: Int64?
        while let record = try file.next() {
            try body(
                Self.head(of: record, file, &epoch), record.bytes.span.extracting(droppingFirst: RTACHeader.byteCount))
            summary.recordCount += 1
        }
        summary.endsTruncated = file.truncatedAt
        return summary
    }

    /// - Parameter epoch: the session's; nil before the first record, which tells it.
    static func head(
        of record: CaptureFile.Record, _ file: CaptureFile, _ epoch: inout Int64?
    ) throws(CaptureError) -> RecordHead {
        let rtac = try header(of: record, file)
        if epoch == nil { epoch = try session(in: record, rtac, file)?.epoch ?? record.unixNanoseconds }
        let (time, overflow) = record.unixNanoseconds.subtractingReportingOverflow(epoch ?? 0)
        guard !overflow, time.magnitude < nanosecondsLimit else {
            throw file.damaged("a record's time is a century or more from the session's epoch")
        }
        return RecordHead(
            time: Instant(nanoseconds: time), rtac: rtac, missingByteCount: record.missingByteCount,
            offset: record.offset)
    }

    /// Calls `body` with every event. - Throws: `CaptureError` as `session`, and whatever `body` throws.
    @discardableResult
    package func forEach(_ body: (TraceEvent) throws -> Void) throws -> Summary {
        try follow { bytes, direction, time in
            try body(TraceEvent(time, .data(direction, bytes.withUnsafeBufferPointer { Array($0) })))
        } other: { event in
            try body(event)
        }
    }

    /// Calls `data` with every run of bytes, borrowed and not copied, and `other` with every other event.
    /// - Throws: `CaptureError` as `session`, and whatever the two throw.
    @discardableResult
    package func follow(
        data: (Span<UInt8>, Direction, Instant) throws -> Void, other: (TraceEvent) throws -> Void
    ) throws -> Summary {
        var decoder = TraceDecoder()
        var summary = try forEachRecord { head, payload in
            if let direction = head.rtac.event.direction {
                try data(payload, direction, head.time)
            } else {
                let events: [TraceEvent]
                do throws(TraceError) {
                    events = try decoder.decode(head.rtac, payload: payload, at: head.time)
                } catch {
                    throw Self.captureError(error, path: path, recordAt: head.offset)
                }
                for event in events { try other(event) }
            }
            if head.missingByteCount > 0 { try other(Self.missing(head)) }
        }
        summary.skippedItemCount = decoder.skippedItemCount
        return summary
    }

    /// All events at once, for whoever has the memory. - Throws: as `forEach`.
    package func events() throws -> [TraceEvent] {
        var events: [TraceEvent] = []
        try forEach { events.append($0) }
        return events
    }

    static func missing(_ head: RecordHead) -> TraceEvent {
        let reason = "the capture kept only the beginning of the record"
        switch head.rtac.event {
        case .dataTransmitStart, .dataTransmitEnd:
            return TraceEvent(head.time, .lost(.hostToChip, count: head.missingByteCount, reason: reason))
        case .dataReceiveStart, .dataReceiveEnd:
            return TraceEvent(head.time, .lost(.chipToHost, count: head.missingByteCount, reason: reason))
        default:
            return TraceEvent(head.time, .note("\(reason): \(head.missingByteCount) bytes are missing"))
        }
    }

    private static func header(of record: CaptureFile.Record, _ file: CaptureFile) throws(CaptureError) -> RTACHeader {
        do {
            return try RTACHeader(parsing: record.bytes.span)
        } catch {
            throw captureError(error, path: file.path, recordAt: record.offset)
        }
    }

    private static func session(
        in record: CaptureFile.Record, _ header: RTACHeader, _ file: CaptureFile
    ) throws(CaptureError) -> SessionDescription? {
        guard header.event == .statusChange else { return nil }
        var decoder = TraceDecoder()
        let payload = record.bytes.span.extracting(droppingFirst: RTACHeader.byteCount)
        do {
            for event in try decoder.decode(header, payload: payload, at: .zero) {
                if case .session(let session) = event.kind { return session }
            }
            return nil
        } catch {
            throw captureError(error, path: file.path, recordAt: record.offset)
        }
    }

    static func captureError(_ error: TraceError, path: String, recordAt offset: Int64) -> CaptureError {
        CaptureError(
            error.code == .tooNew ? .tooNew : .damaged, path: path,
            "in the record at byte \(offset) of the file, \(error)", advice: "what comes before it can be read")
    }
}
