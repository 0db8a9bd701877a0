import ArgumentParser
import Images
import Story
import Words

struct ImageShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Identify a file: a back-up, an all-in-one image, a stub. With two files, compare them.",
        discussion: """
            For a back-up it shows the partition table, uboot and application with their checksums, whether it would \
            boot and if not why, the MAC, the keys, what is free. Exit code 0; with two files, 1 if they differ. With \
            --json, one \
            object for each file and one for the comparison.
            """)

    @Argument(help: "The file.") var file: String
    @Argument(help: "A second file, to compare with.") var other: String?

    @OptionGroup var report: ReportFormat

    func run() throws {
        let bytes = try ImageFile.read(file)
        guard let other else { return show(file, bytes) }
        let otherBytes = try ImageFile.read(other)
        show(file, bytes)
        show(other, otherBytes, after: "\n")
        let comparison = ImageComparison(bytes, otherBytes)
        report.print(comparison.json, text: "\n" + comparison.text(file, other))
        guard comparison.agrees else { throw ExitCode.failed }
    }

    private func show(_ path: String, _ bytes: [UInt8], after gap: String = "") {
        let inspection = ImageInspection(bytes)
        let text = ImageText(isColoured: Console.isColourful)
        report.print(
            inspection.json(named: path, byteCount: bytes.count),
            text: gap + text.text(inspection, named: path, byteCount: bytes.count))
    }
}
