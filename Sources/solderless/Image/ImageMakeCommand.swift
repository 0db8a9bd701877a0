import ArgumentParser
import Images
import Wire

struct ImageMakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make an all-in-one image (oneb) from a stub and files with their addresses.",
        discussion: """
            solderless image make --stub stub.bin table.bin@0 uboot.bin@0x1000 app.bin@0x7000 -o all.bin
            The stub comes first, then the files in the order given. A file with its address in its name, as `image \
            split` writes them (02-cpu@0x7000.bin), needs no @ADDRESS.
            """)

    @Argument(help: "Files with their flash addresses: FILE@ADDRESS.") var parts: [Part]

    @Option(help: ArgumentHelp("The stub for RAM; flashers with their own stub skip it.", valueName: "file"))
    var stub: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The image to write.", valueName: "file")) var output: String

    @Flag(help: "Replace the file if it exists.") var overwrite = false

    /// A file and its address.
    struct Part: ExpressibleByArgument {
        let path: String
        let address: Offset

        init?(argument: String) {
            guard let mark = argument.lastIndex(of: "@"), mark > argument.startIndex else { return nil }
            let tail = String(argument[argument.index(after: mark)...])
            if let address = Offset(argument: tail) {
                (path, self.address) = (String(argument[..<mark]), address)
            } else if let name = tail.split(separator: ".", maxSplits: 1).first,
                let address = Offset(argument: String(name))
            {
                // As `split` names its pieces.
                (path, self.address) = (argument, address)
            } else {
                return nil
            }
        }

        static var allValueStrings: [String] { [] }
        var defaultValueDescription: String { "file@address" }
    }

    func run() throws {
        try ImageFile.check([output], overwrites: overwrite)
        var entries: [AllInOneImage.Entry] = []
        if let stub {
            entries.append(.init(.stub, at: BootProtocol.loadAddress, data: try ImageFile.read(stub)))
        }
        for part in parts {
            let data = try ImageFile.read(part.path)
            entries.append(.init(.flash, at: UInt32(part.address.value), data: data))
        }
        do {
            let image = try AllInOneImage(entries: entries)
            if let fault = image.faults.first { throw Failure(.usage, "this makes no image: \(fault)") }
            image.remarks.forEach { Console.error("beware: \($0)") }
            try ImageFile.write(image.bytes, to: output)
        } catch let error as WireError {
            throw Failure(.usage, "this makes no image: \(error)")
        }
    }
}
