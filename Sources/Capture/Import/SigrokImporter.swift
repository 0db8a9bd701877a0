import Line
import Trace
import Words

/// Sessions of sigrok and PulseView, `.sr`: a zip file with `version`, `metadata` and the samples of all channels in
/// `logic-1-1`, `logic-1-2` … (trace formats §B.7).
package enum SigrokImporter: Importer {
    package static let name = "sigrok"
    package static let summary = "a session of sigrok or PulseView (.sr); --baud, --format, --host-wire, --chip-wire"
    package static let uses: Set<ImportOption> = ImportOption.ofWires

    /// The most that `metadata` may say.
    static let metadataByteLimit = 1_048_576

    package static func recognises(_ head: [UInt8]) -> Bool {
        guard head.starts(with: [0x50, 0x4B, 3, 4]) else { return false }
        // The names of its members; "version" is the first.
        var scanner = LineScanner(Array(head.prefix(4096)))
        return scanner.skip(behind: "version") || scanner.skip(behind: "metadata")
    }

    package static func read(
        _ source: ImportSource, _ options: ImportOptions, into sink: ImportSink
    ) throws(CaptureError) {
        var session = Session(source, options, sink)
        do {
            try session.read()
        } catch  where error.code == .damaged && session.samples != nil {
            // What comes before the damage is there.
            sink.problem(at: "the session", error.message)
        }
        guard session.samples != nil else {
            throw bad(source, "is a zip file without metadata of sigrok", "save it again with sigrok-cli or PulseView")
        }
        try session.samples?.end()
    }

    fileprivate static func bad(_ source: ImportSource, _ message: String, _ advice: String) -> CaptureError {
        CaptureError(.damaged, path: source.path, message, advice: advice)
    }
}

/// Where the reading of a session is.
private struct Session {
    private let source: ImportSource
    private let options: ImportOptions
    private let sink: ImportSink
    private let zip: ZipReader
    private var captureFile = ""
    private var chunk = 0
    /// nil before the metadata.
    var samples: SigrokSamples?

    init(_ source: ImportSource, _ options: ImportOptions, _ sink: ImportSink) {
        self.source = source
        self.options = options
        self.sink = sink
        zip = ZipReader(source.take(), path: source.path)
    }

    mutating func read() throws(CaptureError) {
        while let member = try zip.next() {
            if member.name == "metadata" {
                try readMetadata()
            } else if member.name.hasPrefix("logic") {
                try readSamples(member.name)
            }
        }
    }

    private mutating func readMetadata() throws(CaptureError) {
        var text: [UInt8] = []
        var piece: [UInt8] = []
        while try zip.read(into: &piece) {
            text += piece
            guard text.count <= SigrokImporter.metadataByteLimit else {
                throw SigrokImporter.bad(
                    source, "has metadata of more than \(SigrokImporter.metadataByteLimit) bytes", "is it a session?")
            }
        }
        let metadata = SigrokMetadata(text)
        captureFile = metadata.captureFile
        samples = try SigrokSamples(metadata, options, source.path, sink)
    }

    private mutating func readSamples(_ name: String) throws(CaptureError) {
        guard samples != nil else {
            throw SigrokImporter.bad(
                source, "has samples before its metadata", "save it again with sigrok-cli or PulseView")
        }
        chunk += 1
        if name != captureFile, name != "\(captureFile)-\(chunk)" {
            sink.problem(
                at: quotedExcerpt(name), "comes where \(excerpt(captureFile))-\(chunk) should: samples are missing")
        }
        var piece: [UInt8] = []
        while try zip.read(into: &piece) { try samples?.take(piece) }
    }
}
