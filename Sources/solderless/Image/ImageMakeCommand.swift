import ArgumentParser
import Images
import Wire

struct ImageMakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Make an all-in-one image (oneb) from a stub and files with their addresses.",
        discussion: """
            solderless image make --stub stub.bin table.bin@0 uboot.bin@0x1000 app.bin@0x7000 -o all.bin
            The stub comes first, then the files in the order given. A file with its address in its name needs no \
            @ADDRESS: 02-cpu@0x7000.bin, as `image split` writes them, or ECR6600F_uboot_0x1000_V1.4.0.bin, as the \
            vendor does. An @ADDRESS wins over the name.
            """)

    @Argument(help: "Files with their flash addresses: FILE@ADDRESS, or FILE if its name holds the address.")
    var parts: [Part]

    @Option(help: ArgumentHelp("The stub for RAM; flashers with their own stub skip it.", valueName: "file"))
    var stub: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The image to write.", valueName: "file")) var output: String

    @Flag(help: "Replace the file if it exists.") var overwrite = false

    /// A file and its address, where that is not in its name.
    struct Part: ExpressibleByArgument {
        let path: String
        let address: Offset?

        init?(argument: String) {
            if let mark = argument.lastIndex(of: "@"), mark > argument.startIndex,
                let address = Offset(argument: String(argument[argument.index(after: mark)...]))
            {
                (path, self.address) = (String(argument[..<mark]), address)
            } else {
                (path, address) = (argument, nil)
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
            guard let address = try ImageFile.address(part.path, or: part.address) else {
                throw Failure(.usage, "\(part.path) has no address in its name: write \(part.path)@ADDRESS")
            }
            entries.append(.init(.flash, at: UInt32(address), data: try ImageFile.read(part.path)))
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
