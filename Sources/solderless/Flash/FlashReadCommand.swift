import ArgumentParser
import Flasher

struct FlashReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read the flash, or part of it, into a file: a back-up.")

    @OptionGroup var options: FlashOptions
    @OptionGroup var compression: CompressionOptions

    @Argument(help: "The file to write; it appears only once everything is verified.") var file: String

    @Option(help: "First address; goes with --length. (default: the whole flash)") var address: Offset?
    @Option(help: "Number of bytes; from 0 on where there is no --address.") var length: Offset?

    mutating func validate() throws {
        try compression.check(with: options.dialect)
        guard address == nil || length != nil else { throw ValidationError("--address needs --length") }
        guard length?.value != 0 else { throw ValidationError("--length must be at least 1") }
    }

    func run() throws {
        let start = address?.value ?? 0
        try options.perform(
            .read(length.map { start..<(start + $0.value) }), keeping: FlashFiles(output: file),
            compression: compression.level)
    }
}
