import ArgumentParser
import Flasher

struct FlashWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write",
        abstract: "Back the flash up, write an image, verify it.",
        discussion: """
            An all-in-one image says itself where its parts go; a raw one needs --address. Sectors that an image fills \
            only in part keep the rest of what is in them.
            """)

    @OptionGroup var options: FlashOptions
    @OptionGroup var compression: CompressionOptions
    @OptionGroup var image: ImageOptions
    @OptionGroup var backup: BackupOptions

    mutating func validate() throws { try compression.check(with: options.dialect) }

    func run() throws {
        let segments = try image.segments()
        try options.perform(
            .write(segments, backup: !backup.noBackup), keeping: backup.files(), compression: compression.level)
    }
}
