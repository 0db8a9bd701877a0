import ArgumentParser
import Flasher

struct FlashWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write",
        abstract: "Back up the flash, write an image, verify it.",
        discussion: """
            An all-in-one image says where its parts go; a raw one needs --address. The rest of a sector that an \
            image fills only in part is kept.
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
