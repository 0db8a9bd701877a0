import ArgumentParser
import Capture

/// How `record` records in front of a port.
struct FrontPortOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "End the recording before the trace becomes larger, such as 100MB; the session goes on.", valueName: "size")
    )
    var maxSize: String?

    @Option(
        help: ArgumentHelp(
            "Symbolic link to the flasher's port. (default: record in the runtime folder)", valueName: "path"))
    var link: String?

    @Flag(help: "Make no link; the flasher's port then has no name but /dev/pts/N.")
    var noLink = false

    @Flag(name: .shortAndLong, help: "Print only warnings and errors.")
    var quiet = false

    /// The first of these options that was given, by its name; nil for none.
    var firstGiven: String? {
        let asked: [(Bool, String)] = [
            (maxSize != nil, "--max-size"), (link != nil, "--link"), (noLink, "--no-link"), (quiet, "--quiet"),
        ]
        return asked.first { $0.0 }?.1
    }

    func validate() throws {
        guard link == nil || !noLink else { throw ValidationError("--link contradicts --no-link") }
        guard link?.isEmpty != true else { throw ValidationError("--link takes a path, which is empty here") }
        _ = try mostBytes()
    }

    func mostBytes() throws -> Int? {
        try maxSize.map { try ByteCount.parse($0, of: "--max-size", in: TraceWriter.leastLimit...(1 << 50)) }
    }
}
