import Files

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

    /// Whether all of them can be written, told before the first one is. - Throws: `PortError`, `Failure`.
    static func check(_ paths: [String], overwrites: Bool) throws {
        for path in paths {
            try FileStore.checkReplaceable(path: path)
            try FlashFiles.check(path, overwrites: overwrites)
        }
    }

    /// Writes a file by renaming, never half of it, and says so. - Throws: `PortError`.
    static func write(_ bytes: [UInt8], to path: String) throws {
        try FileStore.replace(path: path, with: bytes.span)
        Console.error("wrote \(path), \(bytes.count) bytes")
    }
}
