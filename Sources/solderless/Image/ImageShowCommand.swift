import ArgumentParser
import Images
import Story
import Words

struct ImageShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Tell what a file is: a back-up, an all-in-one image, a stub. With two, whether they agree.",
        discussion: """
            Of a back-up: the partition table, uboot and application with their sums, whether it would boot and why not, \
            the MAC, the keys, what is free. Exit code 0; with two files 1 when they differ.
            """)

    @Argument(help: "The file.") var file: String
    @Argument(help: "Another one, to compare with.") var other: String?

    @Flag(help: "JSON instead of text, one object a file and one for the comparison.") var json = false

    func run() throws {
        let bytes = try ImageFile.read(file)
        guard let other else { return show(file, bytes) }
        let otherBytes = try ImageFile.read(other)
        show(file, bytes)
        if !json { Console.print("") }
        show(other, otherBytes)
        let comparison = ImageComparison(bytes, otherBytes)
        if json {
            Console.print(comparison.json.description)
        } else {
            Console.write("\n" + comparison.text(file, other), to: 1)
        }
        guard comparison.agrees else { throw ExitCode.failed }
    }

    private func show(_ path: String, _ bytes: [UInt8]) {
        let inspection = ImageInspection(bytes)
        if json {
            Console.print(inspection.json(named: path, byteCount: bytes.count).description)
        } else {
            let text = ImageText(isColoured: Console.isColourful)
            Console.write(text.text(inspection, named: path, byteCount: bytes.count), to: 1)
        }
    }
}
