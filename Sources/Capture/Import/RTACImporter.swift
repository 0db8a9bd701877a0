import Line
import Trace

/// Captures of link type 250 (RTAC serial) by other programs. The only public one writes bytes of either direction as
/// event 06, CAPTURE_COMPLETE, and nothing says whose they are (trace formats §B.1): `--direction` does.
package enum RTACImporter: Importer {
    package static let name = "rtac"
    package static let summary = "captures of link type 250 by other programs; --direction for bytes without one"
    package static let uses: Set<ImportOption> = [.baud, .direction]

    package static func recognises(_ head: [UInt8]) -> Bool {
        PcapHead(head)?.linkType == TraceFormat.linkType
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        let file = try CaptureFile(source)
        var decoder = TraceDecoder()
        var epoch: Int64?
        var undirected = 0
        while let record = try file.next() {
            let head = try TraceReader.head(of: record, file, &epoch)
            let payload = record.bytes.span.extracting(droppingFirst: RTACHeader.byteCount)
            let events: [TraceEvent]
            do throws(TraceError) {
                events = try decoder.decode(head.rtac, payload: payload, at: head.time)
            } catch {
                throw TraceReader.captureError(error, path: file.path, recordAt: head.offset)
            }
            if events.contains(where: { if case .session = $0.kind { true } else { false } }), !sink.hasBegun {
                throw CaptureKind.serial.complaint(path: source.path)
            }
            if !sink.hasBegun { try sink.begin(clock: .host, epoch: epoch ?? 0, baud: options.baud) }
            if head.rtac.event == .captureComplete, !payload.isEmpty {
                undirected += payload.count
                if let direction = options.direction {
                    try sink.add(payload, direction, at: head.time)
                    continue
                }
            }
            for event in events { try sink.add(event) }
            if head.missingByteCount > 0 { try sink.add(TraceReader.missing(head)) }
        }
        if let offset = file.truncatedAt {
            sink.problem(at: "byte \(offset)", "the capture breaks off in the middle of a record")
        }
        guard undirected > 0, options.direction == nil else { return }
        let directed = sink.summary.byteCount
        guard directed.hostToChip + directed.chipToHost > 0 else {
            throw CaptureError(
                .badLine, path: source.path, "does not say which way \(undirected) bytes went",
                advice: "say it with --direction host-to-chip or chip-to-host")
        }
        sink.problem(
            at: "\(undirected) bytes",
            "no direction is known: they are remarks in the trace (--direction makes them data)")
    }
}
