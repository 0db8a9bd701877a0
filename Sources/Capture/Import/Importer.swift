/// A kind of recording that other programs make, and how it becomes a trace. One file each, and one line in `Importers`.
package protocol Importer: SendableMetatype {
    /// As `--from` and messages have it: "usbmon", "esptool".
    static var name: String { get }
    /// What it is, in a few words, for `solderless import --help`.
    static var summary: String { get }

    /// Whether a file that begins like this is one. - Parameter head: up to `ImportSource.headByteCount` bytes, unpacked.
    static func recognises(_ head: [UInt8]) -> Bool

    /// Reads all of it, in constant memory, and goes on where the format allows it after telling `sink` of a problem.
    /// - Throws: `CaptureError` with the place and the reason, where it cannot go on; nothing is left of the trace then.
    static func read(_ source: ImportSource, _ options: ImportOptions, into sink: ImportSink) throws(CaptureError)
}

/// All kinds of recordings, in the order in which they are tried.
package enum Importers {
    package static let all: [any Importer.Type] = [JSONLinesImporter.self]
}

/// What a recording does not say itself, and its user does.
package struct ImportOptions: Hashable, Sendable {
    /// The kind of recording, by its importer's name; nil to tell from its beginning.
    package var format: String?

    package init(format: String? = nil) {
        self.format = format
    }
}
