import ArgumentParser
import Flasher

struct FlashEraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase part of the flash, or all of it with --all.",
        discussion: """
            Erasing the whole chip also erases the MAC in nv_amt; all plugs erased this way share one generic MAC. A \
            back-up is the only way back, and is made first.
            """)

    @OptionGroup var options: FlashOptions
    @OptionGroup var backup: BackupOptions

    @Option(help: "First address; a multiple of 4096.") var address: Offset?
    @Option(help: "Number of bytes; a multiple of 4096.") var length: Offset?
    @Flag(help: "Erase the whole chip.") var all = false

    mutating func validate() throws {
        guard all != (address != nil || length != nil) else {
            throw ValidationError("name --address and --length, or --all")
        }
        guard all || (address != nil && length != nil) else {
            throw ValidationError("--address and --length go together")
        }
        guard (address?.value ?? 0) % 4096 == 0, (length?.value ?? 4096) % 4096 == 0, length?.value != 0 else {
            throw ValidationError(
                "the flash is erased in sectors: --address and --length must be multiples of 4096 (0x1000)")
        }
    }

    func run() throws {
        let range = address.flatMap { start in length.map { start.value..<(start.value + $0.value) } }
        try options.perform(.erase(range, backup: !backup.noBackup), keeping: backup.files())
    }
}
