import Files
import Images
import Words

/// Files as the image commands take and give them.
enum ImageFile {
    /// Larger than any flash that the chip can have (16 MB), with room for an all-in-one image's stub.
    private static let byteLimit = 17 << 20

    /// A whole file that is not empty. - Throws: `PortError`, `Failure`.
    static func read(_ path: String) throws -> [UInt8] {
        let bytes = try FileStore.read(path: path, limit: byteLimit)
        guard !bytes.isEmpty else { throw Failure(.environment, "\(path) is empty") }
        return bytes
    }

    /// Where in the flash a file goes: as the user says, or as its name does. Says so where the two contradict each
    /// other. - Returns: nil when neither says anything. - Throws: `Failure`.
    static func address(_ path: String, or wanted: Offset?) throws -> Int? {
        do throws(FileNameAddress.Ambiguous) {
            guard let named = try FileNameAddress.find(in: path).map(Int.init) else { return wanted?.value }
            guard let wanted else { return named }
            if wanted.value != named {
                Console.error(
                    "warning: the name of \(path) says \(hex(named)); \(hex(wanted.value)) is used, as you ask")
            }
            return wanted.value
        } catch {
            // The user's own word decides.
            guard let wanted else { throw Failure(.usage, "\(error): say which one is meant") }
            return wanted.value
        }
    }

    /// Whether all of them can be written, told before the first one is. - Throws: `PortError`, `Failure`.
    static func check(_ paths: [String], overwrites: Bool) throws {
        for path in paths {
            try FileStore.checkReplaceable(path: path)
            try FlashFiles.check(path, overwrites: overwrites)
        }
    }

    /// Writes a file by renaming, never half of it, and says so. - Throws: `PortError`.
    static func write(_ bytes: [UInt8], to path: String) throws {
        try replace(path, with: bytes)
        Console.error("wrote \(path), \(bytes.count) bytes")
    }

    /// The same without a word. - Throws: `PortError`.
    static func replace(_ path: String, with bytes: [UInt8]) throws {
        try FileStore.replace(path: path, with: bytes.span)
    }
}
