import Words

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
    let recording = try ImportSource(opening: source)
    let importer = try importer(for: recording, options)
    try refuseUnused(options, by: importer, recording)
    let sink = ImportSink(
        source: recording.path, destination: destination, replacing: replacing, programVersion: programVersion)
    try importer.read(recording, options, into: sink)
    if let problem = recording.packingProblem {
        // What came before it is there, if that was anything.
        guard !sink.isEmpty else { throw recording.problem ?? noSession(recording, options) }
        if !sink.hasToldEnd { sink.end(at: "the file", "\(problem): what follows is not read") }
    }
    guard !sink.isEmpty else { throw noSession(recording, options) }
    try sink.finish()
    var summary = sink.summary
    summary.kind = importer.name
    return summary
}

private func importer(for source: ImportSource, _ options: ImportOptions) throws(CaptureError) -> any Importer.Type {
    if let name = options.format {
        guard let importer = Importers.all.first(where: { $0.name == name }) else {
            throw CaptureError(
                .badLine, path: source.path,
                "\(excerpt(name)) is no kind of recording"
                    + Nearest.advice(for: name, among: Importers.all.map { $0.name }),
                advice: "`solderless import --help` lists them")
        }
        return importer
    }
    if let importer = Importers.all.first(where: { $0.recognises(source.head) }) { return importer }
    if source.head.isEmpty, let problem = source.problem { throw problem }
    if source.head.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { throw noSession(source, options) }
    if let capture = CaptureKind(head: source.head) { throw capture.complaint(path: source.path) }
    throw CaptureError(
        .badLine, path: source.path, "is no recording that is known here",
        advice: "known are \(Importers.all.map { $0.name }.joined(separator: ", ")): name its kind with --from, "
            + "or look at `solderless import --help`")
}

/// What would be passed over in silence is refused.
private func refuseUnused(
    _ options: ImportOptions, by importer: any Importer.Type, _ source: ImportSource
) throws(CaptureError) {
    let unused = options.given.filter { !importer.uses.contains($0) }.map(\.rawValue)
    guard !unused.isEmpty else { return }
    let used = importer.uses.map(\.rawValue).sorted()
    throw CaptureError(
        .unusedOption, path: source.path,
        "is a recording of the kind \(importer.name), which has no use for \(unused.joined(separator: " and "))",
        advice: "leave \(unused.count == 1 ? "it" : "them") out"
            + (used.isEmpty ? "" : "; it takes \(used.joined(separator: ", "))"))
}

private func noSession(_ source: ImportSource, _ options: ImportOptions) -> CaptureError {
    CaptureError(
        .badLine, path: source.path, "holds no session: there is nothing in it that crossed a line",
        advice: options.format.map { "is it \($0)? without --from its kind is told from its beginning" }
            ?? "record it again")
}
