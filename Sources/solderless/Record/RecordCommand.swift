import ArgumentParser

struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record what a flasher and a chip on a real port say to each other.",
        discussion: """
            With a port, it makes another for your flasher, passes on what is said in both directions, and records it. \
            What the flasher does to its port (rate, flush, close) is done to the real one at once. The first line on \
            standard output is the flasher's port, for scripts to read. Faults can be put between the two. It ends in \
            good order with ^C or any signal that ends a program. The page docs/record.md says what it cannot see.

            With --attach and a command, it records inside that command: nothing lies between flasher and port, and DTR \
            and RTS are recorded. The command's input and output pass through, and so does its exit code. The page \
            docs/attach.md says what is seen and what is not.

            Examples: solderless record /dev/ttyUSB0 -o session.pcap
                      solderless record --attach -o session.pcap -- my-flasher --port /dev/ttyUSB0 write image.bin
            """)

    @Argument(help: "The serial port of the chip, such as /dev/ttyUSB0.") var device: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The trace to write.", valueName: "file")) var output: String

    @Flag(help: "Replace the trace if it exists.") var overwrite = false

    @Flag(
        name: .shortAndLong,
        help: ArgumentHelp("Print what happens on the line, as it happens, on standard error."))
    var verbose = false

    @Flag(
        help: """
            Print a report as JSON at the end, after the line with the port; with --attach, the command's own standard \
            output then goes to standard error. docs/json.md describes it.
            """)
    var json = false

    @OptionGroup(title: "In front of a port") var front: FrontPortOptions
    @OptionGroup(title: "Faults") var faults: RecordedFaultOptions
    @OptionGroup(title: "Inside the flasher") var attached: AttachOptions

    mutating func validate() throws {
        guard !output.isEmpty else { throw ValidationError("--output takes a path, which is empty here") }
        guard !front.quiet || !verbose else { throw ValidationError("--quiet contradicts --verbose: leave one out") }
        guard attached.attach else {
            guard let device else {
                throw ValidationError("name the port to record, or a command to record in: --attach -- COMMAND")
            }
            guard !device.isEmpty else { throw ValidationError("the port needs a name, which is empty here") }
            return
        }
        if device != nil {
            throw ValidationError("--attach records in a command: put it after --, and the port in its own options")
        }
        if let option = front.firstGiven ?? faults.firstGiven {
            throw ValidationError("\(option) is for a recording in front of a port: leave it out with --attach")
        }
    }

    func run() async throws {
        if let device {
            try FrontPortRecording(
                device: device, output: output, replacing: overwrite, isVerbose: verbose, isReported: json,
                options: front, faults: faults
            ).run()
        } else {
            throw try await AttachedCommand(
                options: attached, output: output, replacing: overwrite, isVerbose: verbose, isReported: json
            ).run()
        }
    }
}
