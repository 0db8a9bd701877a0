import Glibc
import SystemPackage

/// Whole files, read and replaced: whoever reads one meanwhile sees the old content or the new, never a part.
package enum FileStore {
    /// Reads a whole file.
    ///
    /// - Parameter limit: the most bytes to take; a longer file is an error and not a cut.
    /// - Throws: `PortError`: `.missing`, `.noPermission`, `.tooLarge`.
    package static func read(path: String, limit: Int) throws(PortError) -> [UInt8] {
        guard let file = OwnedDescriptor(uninterrupted { open(path, O_RDONLY | O_CLOEXEC) }) else {
            throw .last(path: path, "cannot open the file")
        }
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw .last(path: path, "cannot read the file") }
        // Only a hint: what is no regular file says 0, and a regular one may grow.
        var content = [UInt8](repeating: 0, count: min(max(Int(status.st_size), 0), limit) + 1)
        var filled = 0
        while true {
            let count = content.withUnsafeMutableBytes { bytes in
                uninterrupted { Glibc.read(file.raw, bytes.baseAddress! + filled, bytes.count - filled) }
            }
            guard count >= 0 else { throw .last(path: path, "cannot read the file") }
            if count == 0 { break }
            filled += count
            guard filled <= limit else {
                throw PortError(.tooLarge, path: path, "the file has more than the \(limit) bytes allowed here")
            }
            if filled == content.count {
                content.append(contentsOf: repeatElement(0, count: min(content.count, limit + 1 - filled)))
            }
        }
        content.removeLast(content.count - filled)
        return content
    }

    /// Replaces a file's content, or makes the file. Once this returns, the content has reached the disk.
    ///
    /// The bytes go to a new file in the same folder, which then takes the old one's place and keeps its mode. A link
    /// at `path` stays, and what it points to is replaced.
    ///
    /// - Throws: `PortError`, `.noSpace` among others. The old file is then as it was, and nothing else is left behind.
    package static func replace(path: String, with content: Span<UInt8>) throws(PortError) {
        // Not there yet, or a link to nothing: `path` itself is made.
        let place = resolved(path) ?? path
        let (folder, name) = folderAndName(of: place)
        let temporary = "\(folder)/.\(name).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).partial"
        guard let file = OwnedDescriptor(open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)) else {
            throw .last(path: path, "cannot write next to the file", remedy: "choose a folder you can write to")
        }
        do throws(PortError) {
            try fill(file.raw, with: content, like: place, reportedAs: path)
            guard rename(temporary, place) == 0 else { throw .last(path: path, "cannot replace the file") }
        } catch {
            unlink(temporary)
            throw error
        }
        try makeDurable(folder: folder, reportedAs: path)
    }

    private static func fill(
        _ file: Int32, with content: Span<UInt8>, like old: String, reportedAs path: String
    ) throws(PortError) {
        if let status = statusWithoutFollowing(old), fchmod(file, status.st_mode & 0o7777) != 0 {
            throw .last(path: path, "cannot keep the file's mode")
        }
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes { bytes in
                uninterrupted { Glibc.write(file, bytes.baseAddress! + written, bytes.count - written) }
            }
            guard count >= 0 else {
                throw .last(
                    path: path, "cannot write all \(content.count) bytes", remedy: "make room; the old file is unharmed"
                )
            }
            written += count
        }
        guard uninterrupted({ fsync(file) }) == 0 else {
            throw .last(path: path, "the disk did not take the file", remedy: "the old file is unharmed")
        }
    }

    /// The new name must last too. Some file systems cannot be asked for that; then there is nothing more to do.
    private static func makeDurable(folder: String, reportedAs path: String) throws(PortError) {
        guard let directory = OwnedDescriptor(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else { return }
        guard uninterrupted({ fsync(directory.raw) }) == 0 || Errno.last == .invalidArgument else {
            throw .last(path: path, "the new file is in place, but the disk may forget it if the power fails now")
        }
    }
}
