import Files
package import USBExport

/// Bytes that are gathered before they are handed to the file.
private let pieceByteCount = 65_536

/// Writes a trace as a USB capture, in constant memory.
/// - Parameters:
///   - source: the trace, gzipped or not; `-` for standard input.
///   - destination: the capture to be written; it appears when all of it is there.
///   - replacing: whether a file of that name may be replaced.
/// - Returns: what was written and what was not; where the trace breaks off, if it does.
/// - Throws: `CaptureError` for the trace, `FileError` for the capture; nothing is left of the capture then.
@discardableResult
package func exportTrace(
    from source: String, to destination: String, as kind: USBExportKind, replacing: Bool = false
) throws -> (summary: USBExportSummary, endsTruncated: Int64?) {
    let file = try ByteFile(creating: destination, replacing: replacing)
    var exporter = USBExporter(kind)
    func write(atLeast count: Int) throws(FileError) {
        guard exporter.waitingByteCount >= count else { return }
        try exporter.takeBytes { bytes throws(FileError) in try file.write(bytes) }
    }
    let reader = TraceReader(opening: source == "-" ? "/dev/stdin" : source)
    let trace = try reader.follow { bytes, direction, time in
        exporter.data(bytes, direction, at: time)
        try write(atLeast: pieceByteCount)
    } other: { event in
        exporter.note(event)
        try write(atLeast: pieceByteCount)
    }
    exporter.finish()
    try write(atLeast: 0)
    try file.finish()
    return (exporter.summary, trace.endsTruncated)
}
