import ArgumentParser
import Files
import Images

struct ImageSplitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "split",
        abstract: "Split an all-in-one image or a back-up into files, one for each entry or partition.",
        discussion: """
            Their names say what they are and where they go, 02-cpu@0x7000.bin, and `image make` understands them. \
            What \
            lies outside all partitions and is not erased gets files of its own.
            """)

    @Argument(help: "The file to split.") var file: String

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Folder for the parts; made if it is missing.", valueName: "folder"))
    var output: String

    @Flag(help: "Replace existing files.") var overwrite = false

    func run() throws {
        let parts: [ImagePart]
        do {
            parts = try ImagePart.parts(of: ImageFile.read(file))
        } catch let error as ImagePartsError {
            throw Failure(.environment, "\(file): \(error)")
        }
        try FileStore.makeFolder(path: output)
        let paths = parts.map { "\(output)/\($0.name)" }
        try ImageFile.check(paths, overwrites: overwrite)
        for (part, path) in zip(parts, paths) {
            // Said once: on a terminal both outputs are seen.
            try ImageFile.replace(path, with: part.bytes)
            Console.printName(path)
        }
    }
}
