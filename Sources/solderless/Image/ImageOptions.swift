import ArgumentParser
import Files
import Flasher
import Images
import Wire

/// An image file and where it goes.
struct ImageOptions: ParsableArguments {
    @Argument(help: "An all-in-one image (oneb) or a raw one.") var image: String

    @Option(
        help: ArgumentHelp(
            "Address of a raw image: 0 for a full back-up. (default: the one in the file's name, as in "
                + "NV_Develop_0x1FB000_V2.0.1.bin or cpu@0x7000.bin)", valueName: "address"))
    var address: Offset?

    /// Larger than any flash that the chip can have (16 MB), with room for an all-in-one image's stub.
    private static let byteLimit = 17 << 20

    /// The image's file. - Throws: `FileError`, `Failure`.
    func read() throws -> [UInt8] {
        let bytes = try FileStore.read(path: image, limit: Self.byteLimit)
        guard !bytes.isEmpty else { throw Failure(.environment, "\(image) is empty: it ends at offset 0") }
        return bytes
    }

    /// The parts of the image that belong into the flash. - Throws: `FileError`, `Failure`.
    func segments() throws -> [Segment] { try segments(of: read()) }

    /// The same of a file that has been read. - Throws: `Failure`.
    func segments(of bytes: [UInt8]) throws -> [Segment] {
        guard bytes.starts(with: AllInOneImage.magic) else {
            guard let address = try ImageFile.address(image, or: address) else {
                throw Failure(
                    .usage,
                    "\(image) is a raw image without an address in its name: add --address (0 for a full back-up)")
            }
            return [Segment(address: address, bytes: bytes)]
        }
        guard address == nil else {
            throw Failure(.usage, "\(image) is an all-in-one image, which holds its addresses: leave --address out")
        }
        do {
            let parsed = try AllInOneImage(parsing: bytes.span)
            let segments = parsed.entries.filter { $0.type == .flash && !$0.data.isEmpty }.map {
                Segment(address: Int($0.address), bytes: $0.data)
            }
            guard !segments.isEmpty else {
                throw Failure(.environment, "\(image): it holds nothing for the flash")
            }
            return segments
        } catch let error as WireError {
            throw Failure(.environment, "\(image) is a damaged all-in-one image: \(error)")
        }
    }
}

/// Where the back-up goes.
struct BackupOptions: ParsableArguments {
    @Flag(help: "Skip the back-up. A full back-up is the only way back.") var noBackup = false

    @Option(
        help: ArgumentHelp(
            "File for the back-up. (default: backup-DATE-TIME.bin in the current folder)", valueName: "file"))
    var backup: String?

    mutating func validate() throws {
        guard backup == nil || !noBackup else {
            throw ValidationError(
                "--backup and --no-backup exclude each other: leave one out")
        }
    }

    func files() -> FlashFiles { FlashFiles(backup: noBackup ? nil : backup ?? FlashFiles.datedBackup) }
}
