import Glibc
import SystemPackage

/// A claim to a file that is replaced by renaming, and therefore cannot be locked itself: a locked file beside it, gone
/// with this value. The kernel lets go of it when the process ends, however it ends, and the next one takes it over.
package final class FileLock: Sendable {
    private let path: String
    private let file: OwnedDescriptor

    /// Claims a file, or the place where one is going to be.
    /// - Throws: `FileError`: `.busy` when another has it, and what the system refuses.
    package init(on path: String) throws(FileError) {
        let (folder, name) = folderAndName(of: resolved(path) ?? path)
        self.path = "\(folder)/.\(name).solderless-lock"
        file = try Self.claim(self.path, for: path)
        let process = Array("\(getpid())\n".utf8)
        // For the other's message only.
        if ftruncate(file.raw, 0) == 0 { _ = write(file.raw, process, process.count) }
    }

    private static func claim(_ lock: String, for path: String) throws(FileError) -> OwnedDescriptor {
        while true {
            let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
            guard let file = OwnedDescriptor(uninterrupted { open(lock.systemName, flags, 0o666) }) else {
                throw .last(path: path, "cannot lock it with \(lock)", remedy: "choose a folder you can write to")
            }
            if uninterrupted({ flock(file.raw, LOCK_EX | LOCK_NB) }) != 0, Errno.last == .wouldBlock {
                throw FileError(
                    .busy, path: path, "another emulation\(holder(of: file.raw)) keeps its flash in this file",
                    remedy: "end that one, name another file, or start from this one with --flash-from")
            }
            // Its owner may have removed it while it was being opened; then this lock holds nothing.
            if isStillThere(file.raw, lock) { return file }
        }
    }

    deinit {
        // Before it is let go of: after that it may be another's.
        if Self.isStillThere(file.raw, path) { unlink(path.systemName) }
    }

    private static func isStillThere(_ file: Int32, _ path: String) -> Bool {
        var opened = stat()
        guard fstat(file, &opened) == 0, let found = statusWithoutFollowing(path) else { return false }
        return (opened.st_dev, opened.st_ino) == (found.st_dev, found.st_ino)
    }

    private static func holder(of file: Int32) -> String {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(file, &text, text.count, 0)
        let digits = text.prefix(max(0, count)).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        return digits.isEmpty ? "" : " (process \(String(decoding: digits, as: UTF8.self)))"
    }
}
