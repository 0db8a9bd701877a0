import Glibc
import SystemPackage

/// Whole files, read and replaced: whoever reads one meanwhile sees the old content or the new, never a part.
package enum FileStore {
    /// Reads a whole file.
    ///
    /// - Parameter limit: the most bytes to take; a longer file is an error and not a cut.
    /// - Throws: `FileError`: `.missing`, `.noPermission`, `.tooLarge`, `.notAFile`: a pipe may never end, and a device
    ///   may do something when it is read.
    package static func read(path: String, limit: Int) throws(FileError) -> [UInt8] {
        guard
            let file = OwnedDescriptor(
                uninterrupted { open(path.systemName, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) })
        else {
            throw .last(path: path, "cannot open the file")
        }
        var status = stat()
        guard fstat(file.raw, &status) == 0 else { throw .last(path: path, "cannot read the file") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw notAFile(path, status.st_mode) }
        // Only a hint: files of the kernel say 0, and others may grow.
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
                throw FileError(.tooLarge, path: path, "the file is larger than the \(limit) bytes allowed here")
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
    /// at `path` stays, and what it points to is replaced. A character device or a pipe is never replaced: it is given
    /// the bytes, so that `/dev/stdout` and `/dev/null` mean what they mean everywhere.
    ///
    /// - Returns: the new file's stamp; nil for a device or a pipe.
    /// - Throws: `FileError`, `.noSpace` among others, `.notAFile` for a folder, a disk or a socket. The old file is
    /// then as it was, and nothing else is left behind.
    @discardableResult
    package static func replace(path: String, with content: Span<UInt8>) throws(FileError) -> FileStamp? {
        // Not there yet, or a link to nothing: `path` itself is made.
        let place = resolved(path) ?? path
        var status = stat()
        if stat(place.systemName, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            guard takesBytesInTurn(status.st_mode) else { throw notAFile(path, status.st_mode) }
            try pour(content, into: path)
            return nil
        }
        let (folder, name) = folderAndName(of: place)
        let temporary = "\(folder)/.\(name).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).partial"
        guard let file = OwnedDescriptor(open(temporary.systemName, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666))
        else {
            throw .last(path: path, "cannot write next to the file", remedy: "choose a folder you can write to")
        }
        let stamp: FileStamp?
        do throws(FileError) {
            try fill(file.raw, with: content, like: place, reportedAs: path)
            stamp = FileStamp(descriptor: file.raw)
            guard rename(temporary.systemName, place.systemName) == 0 else {
                throw .last(path: path, "cannot replace the file")
            }
        } catch {
            unlink(temporary.systemName)
            throw error
        }
        try makeDurable(folder: folder, reportedAs: path)
        return stamp
    }

    /// Whether a path can be given to `replace`, as far as that can be told before: for whoever has a long way to go
    /// until then.
    ///
    /// - Throws: `FileError` that `replace` would throw.
    package static func checkReplaceable(path: String) throws(FileError) {
        let place = resolved(path) ?? path
        var status = stat()
        let isThere = stat(place.systemName, &status) == 0
        if isThere, status.st_mode & S_IFMT != S_IFREG {
            guard takesBytesInTurn(status.st_mode) else { throw notAFile(path, status.st_mode) }
            guard access(place.systemName, W_OK) == 0 else { throw .last(path: path, "cannot write there") }
            return
        }
        let (folder, name) = folderAndName(of: place)
        guard !name.isEmpty else { throw FileError(.missing, path: path, "this does not name a file") }
        guard stat(folder.systemName, &status) == 0 else {
            throw .last(path: path, "there is no folder \(folder)", remedy: "make it, or name another")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw .last(path: path, "\(folder) is not a folder", number: .notDirectory)
        }
        guard access(folder.systemName, W_OK | X_OK) == 0 else {
            throw .last(path: path, "cannot write next to the file", remedy: "choose a folder you can write to")
        }
    }

    /// How long a file is now; nil where there is none.
    package static func byteCount(path: String) -> Int? {
        var status = stat()
        return stat(path.systemName, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Whether a file's mode keeps this user from writing to it. Root, whom the system lets write to everything, is held to
    /// the mode: who took the right to write away meant it. What is not there is not read-only.
    package static func isReadOnly(path: String) -> Bool {
        var status = stat()
        guard stat(path.systemName, &status) == 0 else { return false }
        return geteuid() == 0 ? status.st_mode & 0o222 == 0 : access(path.systemName, W_OK) != 0
    }

    /// Whether something with that path is there that `replace` would take the place of. Devices and pipes stay.
    package static func wouldReplace(path: String) -> Bool {
        var status = stat()
        return stat(path.systemName, &status) == 0 ? !takesBytesInTurn(status.st_mode) : false
    }

    /// Makes a folder and those it lies in, as far as they are not there yet.
    ///
    /// - Throws: `FileError`.
    package static func makeFolder(path: String) throws(FileError) {
        var status = stat()
        if stat(path.systemName, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw .last(path: path, "this is not a folder", number: .notDirectory)
            }
            return
        }
        let (parent, name) = folderAndName(of: path)
        if !name.isEmpty, parent != path { try makeFolder(path: parent) }
        guard !name.isEmpty, mkdir(path.systemName, 0o777) != 0 else { return }
        let failure = Errno.last
        // Another process may have made it at this moment.
        guard stat(path.systemName, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw .last(path: path, "cannot make the folder", number: failure)
        }
    }

    private static func takesBytesInTurn(_ mode: mode_t) -> Bool {
        mode & S_IFMT == S_IFCHR || mode & S_IFMT == S_IFIFO
    }

    private static func notAFile(_ path: String, _ mode: mode_t) -> FileError {
        let kind =
            switch mode & S_IFMT {
            case S_IFDIR: "a folder"
            case S_IFIFO: "a pipe"
            case S_IFCHR, S_IFBLK: "a device"
            default: "a socket"
            }
        return FileError(.notAFile, path: path, "this is \(kind), not a regular file", remedy: "name a file")
    }

    /// Gives a device or a pipe the bytes, waiting for a slow reader.
    private static func pour(_ content: Span<UInt8>, into path: String) throws(FileError) {
        // Not blocking, so that a pipe nobody reads is an error and not a wait for ever.
        let flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        guard let device = OwnedDescriptor(uninterrupted { open(path.systemName, flags) }) else {
            throw .last(path: path, "cannot write there")
        }
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes { bytes in
                uninterrupted { Glibc.write(device.raw, bytes.baseAddress! + written, bytes.count - written) }
            }
            if count < 0, Errno.last == .wouldBlock {
                var polled = pollfd(fd: device.raw, events: Int16(POLLOUT), revents: 0)
                _ = poll(&polled, 1, -1)
            } else if count < 0 {
                throw .last(path: path, "cannot write all \(content.count) bytes")
            } else {
                written += count
            }
        }
    }

    private static func fill(
        _ file: Int32, with content: Span<UInt8>, like old: String, reportedAs path: String
    ) throws(FileError) {
        let status = statusWithoutFollowing(old)
        if let status, fchmod(file, status.st_mode & 0o7777) != 0 {
            throw .last(path: path, "cannot keep the file's mode")
        }
        let consolation = status == nil ? "" : "the old file is unchanged"
        var written = 0
        while written < content.count {
            let count = content.withUnsafeBytes { bytes in
                uninterrupted { Glibc.write(file, bytes.baseAddress! + written, bytes.count - written) }
            }
            guard count >= 0 else {
                throw .last(
                    path: path, "cannot write all \(content.count) bytes",
                    remedy: ["free some space", consolation].filter { !$0.isEmpty }.joined(separator: "; "))
            }
            written += count
        }
        guard uninterrupted({ fsync(file) }) == 0 else {
            throw .last(path: path, "cannot write the file to the disk", remedy: consolation)
        }
    }

    /// The new name must last too. Some file systems cannot be asked for that; then there is nothing more to do.
    private static func makeDurable(folder: String, reportedAs path: String) throws(FileError) {
        guard let directory = OwnedDescriptor(open(folder.systemName, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else {
            return
        }
        guard uninterrupted({ fsync(directory.raw) }) == 0 || Errno.last == .invalidArgument else {
            throw .last(path: path, "the new file is in place, but may be lost if the power fails now")
        }
    }
}
