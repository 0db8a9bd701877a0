import ArgumentParser
import Capture

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Turn a session recorded as JSON lines into a trace.",
        discussion: """
            Each line is {"t": seconds, "dir": "host-to-chip" or "chip-to-host", "baud": 115200, "hex": "636e7973"}; \
            baud is optional.
            """)

    @Argument(help: "The recorded session.") var session: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The trace to write.", valueName: "file")) var output: String

    @Flag(help: "Replace the trace if it exists.") var overwrite = false

    func run() throws {
        try importRecording(from: session, to: output, replacing: overwrite, programVersion: Solderless.version)
        Console.error("wrote \(output)")
    }
}
