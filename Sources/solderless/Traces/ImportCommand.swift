import ArgumentParser
import Capture
import Line

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Turn somebody's recording of a session into a trace.",
        discussion: """
            Its kind is told from its beginning; --from NAME says it. It may be gzipped. Several recordings of one \
            session, such as a capture that was stopped and started again, become one trace: name them in their order.

            Known are:

            \(Importers.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))
            """)

    @Argument(
        help: ArgumentHelp(
            "The recorded session; - for standard input. Several are taken one after the other.", valueName: "recording"
        ))
    var recordings: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("The trace to write.", valueName: "file")) var output: String

    @Flag(help: "Replace the trace if it exists.") var overwrite = false

    @Option(help: ArgumentHelp("The kind of recording, by its name above.", valueName: "name")) var from: String?

    @OptionGroup(title: "What a recording does not say") var unsaid: UnsaidOptions
    @OptionGroup(title: "USB captures") var usb: USBOptions
    @OptionGroup var report: ReportFormat

    func validate() throws {
        guard recordings.count(where: { $0 == "-" }) < 2 else {
            throw ValidationError("- is standard input, which is read once")
        }
    }

    func run() throws {
        var options = ImportOptions(format: from)
        unsaid.set(&options)
        options.usb = usb.choice
        for recording in recordings { try requireDifferent(input: recording, output: output) }
        let summary = try importRecordings(
            from: recordings, to: output, options, replacing: overwrite, programVersion: Solderless.version)
        report.print(summary.json(recordings: recordings, trace: output)) {
            Console.error("wrote \(output): \(summary.inWords)")
            for line in summary.remarks { Console.error(line) }
        }
    }
}

/// What recordings of wires, relays and plain bytes leave open.
struct UnsaidOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The rate, where the recording does not say it or its guess is wrong.", valueName: "N"))
    var baud: UInt32?

    @Option(help: ArgumentHelp("Data bits, parity and stop bits on a wire. (default: 8N1)", valueName: "8N1"))
    var format: String?

    @Option(help: "Which way bytes went that have no direction: host-to-chip or chip-to-host.")
    var direction: String?

    @Option(help: "socat: the side of the host, left or right. (default: left)")
    var host: RelaySide?

    @Option(help: ArgumentHelp("The wire on which the host sends. (default: one named TX)", valueName: "name"))
    var hostWire: String?

    @Option(help: ArgumentHelp("The wire on which the chip sends. (default: one named RX)", valueName: "name"))
    var chipWire: String?

    func validate() throws {
        if baud == 0 { throw ValidationError("--baud 0: a rate is at least 1") }
        if let format, FrameFormat(format) == nil {
            throw ValidationError("--format \(format): it is written as 8N1, 7E1, 8O2")
        }
        if let direction, Direction(name: direction) == nil {
            throw ValidationError("--direction \(direction): it is host-to-chip or chip-to-host")
        }
        if let hostWire, hostWire == chipWire {
            throw ValidationError("--host-wire and --chip-wire name the same wire: each end has its own")
        }
    }

    func set(_ options: inout ImportOptions) {
        options.baud = baud
        options.frameFormat = format.flatMap(FrameFormat.init)
        options.direction = direction.flatMap(Direction.init(name:))
        options.hostSide = host
        options.hostWire = hostWire
        options.chipWire = chipWire
    }
}

extension RelaySide: ExpressibleByArgument {}
