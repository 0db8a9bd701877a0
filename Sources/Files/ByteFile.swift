import Glibc

/// A file that is written piece by piece, and appears under its name when all of it is there.
package final class ByteFile {
    private static let pieceByteCount = 65_536

    private let path: String
    private let file: NewFile
    private let descriptor: OwnedDescriptor
    private var buffer: [UInt8] = []
    private var isNamed = false

    /// - Parameter replacing: whether a file of that name may be replaced. - Throws: `FileError`, as `NewFile` does.
    package init(creating path: String, replacing: Bool) throws(FileError) {
        self.path = path
        file = try NewFile(at: path, replacing: replacing)
        guard let descriptor = OwnedDescriptor(file.descriptor) else {
            throw .last(path: path, "cannot create the file")
        }
        self.descriptor = descriptor
    }

    deinit {
        if !isNamed { file.remove() }
    }

    /// Appends to it. - Throws: `FileError`, `.noSpace` among others; the file never appears then.
    package func write(_ bytes: some Sequence<UInt8>) throws(FileError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.pieceByteCount { try flush() }
    }

    /// Gives it its name. - Throws: `FileError`, likewise.
    package func finish() throws(FileError) {
        try flush()
        try file.publish()
        isNamed = true
    }

    private func flush() throws(FileError) {
        var written = 0
        while written < buffer.count {
            let count = buffer.withUnsafeBytes { bytes in
                uninterrupted { Glibc.write(descriptor.raw, bytes.baseAddress! + written, bytes.count - written) }
            }
            guard count >= 0 else { throw .last(path: path, "cannot write the file", remedy: "free some space") }
            written += count
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
