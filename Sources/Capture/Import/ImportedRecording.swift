import Words

/// Makes a trace of a recording, or of several of one session, one after the other.
/// - Parameters:
///   - sources: the recordings in their order, all of one kind; `-` for standard input. At least one.
///   - destination: the trace to be written; it appears when all of it is there.
///   - options: what the recordings do not say themselves.
///   - replacing: whether a file of that name may be replaced.
///   - programVersion: of the importing program, for the session's description.
/// - Returns: what was found.
/// - Throws: `CaptureError`; nothing is left of the trace then.
@discardableResult
package func importRecordings(
    from sources: [String], to destination: String, _ options: ImportOptions = ImportOptions(), replacing: Bool = false,
    programVersion: String = "0.1.0"
) throws(CaptureError) -> ImportSummary {
    precondition(!sources.isEmpty, "there is no session without a recording")
    let first = try ImportSource(opening: sources[0])
    let kind = try importer(for: first, options)
    let sink = ImportSink(
        source: first.path, destination: destination, replacing: replacing, programVersion: programVersion)
    try read(first, kind, options, into: sink)
    for source in sources.dropFirst() {
        let recording = try ImportSource(opening: source)
        let other = try importer(for: recording, options)
        guard other == kind else {
            throw CaptureError(
                .badLine, path: recording.path, "is of the kind \(other.name), and \(first.path) is \(kind.name)",
                advice: "recordings of one session are of one kind: import it by itself, or say --from")
        }
        sink.goOn(with: recording.path)
        try read(recording, kind, options, into: sink)
    }
    try sink.finish()
    var summary = sink.summary
    summary.kind = kind.name
    return summary
}

/// Makes a trace of one recording, as `importRecordings` does.
@discardableResult
package func importRecording(
    from source: String, to destination: String, _ options: ImportOptions = ImportOptions(), replacing: Bool = false
) throws(CaptureError) -> ImportSummary {
    try importRecordings(from: [source], to: destination, options, replacing: replacing)
}

private func read(
    _ recording: ImportSource, _ importer: any Importer.Type, _ options: ImportOptions, into sink: ImportSink
) throws(CaptureError) {
    try refuseUnused(options, by: importer, recording)
    try importer.read(recording, options, into: sink)
    if let problem = recording.packingProblem {
        // What came before it is there, if that was anything.
        guard sink.hasBegun else { throw recording.problem ?? noSession(recording, options) }
        if !sink.hasToldEnd { sink.end(at: "the file", "\(problem): what follows is not read") }
    }
    guard sink.hasBegun else { throw noSession(recording, options) }
}

private func importer(for source: ImportSource, _ options: ImportOptions) throws(CaptureError) -> any Importer.Type {
    if let name = options.format {
        guard let importer = Importers.all.first(where: { $0.name == name }) else {
            throw CaptureError(
                .unusedOption, path: source.path,
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
