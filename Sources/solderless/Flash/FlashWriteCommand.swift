import ArgumentParser
import Digests
import Flasher
import Images

struct FlashWriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "write",
        abstract: "Back up the flash, write an image, verify it.",
        discussion: """
            An all-in-one image says where its parts go; a raw one needs --address, or the address in its name. The \
            rest of a sector that an image fills only in part is kept.

            What would overwrite the partition table or uboot with something that does not boot is named before \
            anything begins, and you are asked; a script says --yes.
            """)

    @OptionGroup var options: FlashOptions
    @OptionGroup var compression: CompressionOptions
    @OptionGroup var image: ImageOptions
    @OptionGroup var backup: BackupOptions

    @Flag(help: "Write it even if the plug will not boot afterwards, without asking.") var yes = false
    @Flag(help: "Write even a file that is no flash image: an OTA package, a gzip file.") var force = false

    mutating func validate() throws { try compression.check(with: options.dialect) }

    func run() throws {
        let file = try image.read()
        try refuse(file)
        let segments = try image.segments(of: file)
        try confirm(segments)
        try options.perform(
            .write(segments, backup: !backup.noBackup), keeping: backup.files(), compression: compression.level)
    }

    /// Files that flash contents are made of, and that are none. - Throws: `Failure`.
    private func refuse(_ file: [UInt8]) throws {
        let (what, advice): (String, String)
        if (try? UpdatePackage(parsing: file.span)) != nil {
            what = "an OTA package, an update over the air: a plug written with it does not boot"
            advice = "The all-in-one image of the same firmware is what goes over the UART"
        } else if Gzip.begins(file) {
            (what, advice) = ("a gzip file", "Unpack it first (gunzip)")
        } else {
            return
        }
        guard force else {
            throw Failure(.usage, "\(image.image) is \(what). \(advice); --force writes it all the same")
        }
        Console.error("beware: \(image.image) is \(what)")
    }

    /// Says what would not boot, and asks. - Throws: `Failure`.
    private func confirm(_ segments: [Segment]) throws {
        let planned = PlannedWrite(segments.map { PlannedWrite.Piece(at: $0.address, $0.bytes) })
        guard let hazard = planned.hazard else { return }
        let consequence = "after this write the plug would not boot: \(hazard)"
        if yes {
            Console.error("beware: \(consequence)")
            return
        }
        guard Console.canAsk else {
            throw Failure(.usage, "\(consequence). Nothing was written; --yes writes it all the same")
        }
        Console.error("beware: \(consequence)")
        guard Console.ask("Write it all the same?") else { throw Failure(.failed, "nothing was written") }
    }
}
