import ArgumentParser

struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Record a session of a flasher as a trace.",
        discussion: """
            The command's input and output pass through, and so does its exit code. docs/attach.md says what is seen \
            and what is not.

            Example: solderless record --attach -o session.pcap -- my-flasher --port /dev/ttyUSB0 write image.bin
            """)

    @Option(name: .shortAndLong, help: ArgumentHelp("The trace to write.", valueName: "file")) var output: String

    @Flag(help: "Replace the trace if it exists.") var overwrite = false

    @Flag(name: .shortAndLong, help: "Print the session on standard error, as it happens.") var verbose = false

    @OptionGroup var attached: AttachOptions

    func validate() throws {
        guard attached.attach else { throw ValidationError("--attach is missing") }
    }

    func run() async throws {
        throw try await AttachedCommand(
            options: attached, output: output, replacing: overwrite, isVerbose: verbose
        ).run()
    }
}
