/// Makes a trace of a recording.
/// - Parameters:
///   - source: the recording; `-` for standard input.
///   - destination: the trace to be written; it appears when all of it is there.
///   - options: what the recording does not say itself.
///   - replacing: whether a file of that name may be replaced.
///   - programVersion: of the importing program, for the session's description.
/// - Returns: what was found.
/// - Throws: `CaptureError`; nothing is left of the trace then.
@discardableResult
package func importRecording(
    from source: String, to destination: String, _ options: ImportOptions = ImportOptions(), replacing: Bool = false,
    programVersion: String = "0.1.0"
) throws(CaptureError) -> ImportSummary {
    if source != "-", let capture = CaptureKind(of: source) { throw capture.complaint(path: source) }
    let recording = try ImportSource(opening: source)
    let importer = try importer(for: recording, options)
    let sink = ImportSink(
        source: recording.path, destination: destination, replacing: replacing, programVersion: programVersion)
    try importer.read(recording, options, into: sink)
    guard !sink.isEmpty else {
        throw CaptureError(
            .badLine, path: recording.path, "holds no session: there is nothing in it that crossed a line",
            advice: "record it again")
    }
    try sink.finish()
    return sink.summary
}

private func importer(for source: ImportSource, _ options: ImportOptions) throws(CaptureError) -> any Importer.Type {
    if let name = options.format {
        guard let importer = Importers.all.first(where: { $0.name == name }) else {
            throw CaptureError(
                .badLine, path: source.path, "\(name) is no kind of recording",
                advice: "use one of \(Importers.all.map { $0.name }.joined(separator: ", "))")
        }
        return importer
    }
    if let importer = Importers.all.first(where: { $0.recognises(source.head) }) { return importer }
    // What is not known at all is most likely a mistake in lines written by hand: their messages say what is wrong.
    return JSONLinesImporter.self
}
