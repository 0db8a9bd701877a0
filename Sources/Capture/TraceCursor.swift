package import Trace

/// The events of a trace file one by one, in constant memory, so that two traces can be read side by side.
package final class TraceCursor {
    private let file: CaptureFile
    private var epoch: Int64?
    private var decoder = TraceDecoder()
    /// Events of the record at hand that are still to come, the next one last.
    private var waiting: [TraceEvent] = []

    /// - Throws: `CaptureError` as `TraceReader`.
    package init(opening path: String) throws(CaptureError) {
        file = try CaptureFile(opening: path)
    }

    /// Where the file breaks off in the middle of a record, once that is known; nil at a clean end.
    package var endsTruncated: Int64? { file.truncatedAt }

    /// The next event; nil at the end, and where the file breaks off. - Throws: `CaptureError`.
    package func next() throws(CaptureError) -> TraceEvent? {
        while waiting.isEmpty {
            guard let record = try file.next() else { return nil }
            let head = try TraceReader.head(of: record, file, &epoch)
            let payload = record.bytes.span.extracting(droppingFirst: RTACHeader.byteCount)
            var events: [TraceEvent]
            if let direction = head.rtac.event.direction {
                events = [TraceEvent(head.time, .data(direction, payload.withUnsafeBufferPointer { Array($0) }))]
            } else {
                do throws(TraceError) {
                    events = try decoder.decode(head.rtac, payload: payload, at: head.time)
                } catch {
                    throw TraceReader.captureError(error, path: file.path, recordAt: head.offset)
                }
            }
            if head.missingByteCount > 0 { events.append(TraceReader.missing(head)) }
            waiting = events.reversed()
        }
        return waiting.removeLast()
    }
}
