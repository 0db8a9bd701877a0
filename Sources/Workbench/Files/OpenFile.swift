import Files
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A file that is being sent, as long as it was when it was opened.
final class OpenFile: Sendable {
    let byteCount: Int
    private let path: String
    private let descriptor: Int32

    /// - Throws: `FileError`.
    init(_ path: String) throws(FileError) {
        let descriptor = open(path.systemName, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .last(path: path, "cannot open the file") }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            Glibc.close(descriptor)
            throw .last(path: path, "cannot read the file")
        }
        self.path = path
        self.descriptor = descriptor
        byteCount = Int(status.st_size)
    }

    deinit { Glibc.close(descriptor) }

    /// - Returns: nothing at its end. - Throws: `FileError`.
    func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = uninterrupted { pread(descriptor, &bytes, count, off_t(offset)) }
        guard got >= 0 else { throw .last(path: path, "cannot read the file") }
        bytes.removeLast(count - got)
        return bytes
    }
}
