import Glibc
import SystemPackage

/// A file that is begun under a name of its own and then given the name it is to have, while it stays open.
package struct NewFile {
    /// Open for writing; closed by the caller, with the stream made of it.
    package let descriptor: Int32
    private let path: String
    /// nil when the path is a pipe or a device, which is written to as it is.
    private let temporaryPath: String?
    private let replacing: Bool

    /// - Throws: `FileError`: `.exists` unless it is `replacing`, and what the system refuses.
    package init(at path: String, replacing: Bool) throws(FileError) {
        self.path = path
        self.replacing = replacing
        var status = stat()
        if stat(path.systemName, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR {
                throw FileError(
                    .notAFile, path: path, "this is a folder, not a regular file", remedy: "name a file in it",
                    errno: .isDirectory)
            }
            if kind != S_IFREG {
                temporaryPath = nil
                descriptor = open(path.systemName, O_WRONLY | O_CLOEXEC)
                if descriptor < 0 { throw .last(path: path, "cannot open it", remedy: Self.remedy) }
                return
            }
            if !replacing { throw Self.exists(path) }
        }
        Leftovers.remove(beside: path)
        let temporaryPath = "\(path).\(getpid()).partial"
        // What lies there under this name is of a dead process that had our number.
        unlink(temporaryPath.systemName)
        self.temporaryPath = temporaryPath
        descriptor = open(temporaryPath.systemName, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw .last(path: path, "cannot create a file in this folder", remedy: Self.remedy) }
    }

    /// Gives the file its name. - Throws: `FileError`: `.exists` when another took it meanwhile, and what the system
    /// refuses.
    package func publish() throws(FileError) {
        guard let temporaryPath else { return }
        if !replacing {
            // Unlike rename, link never takes a name from another file.
            if link(temporaryPath.systemName, path.systemName) == 0 {
                unlink(temporaryPath.systemName)
                return
            }
            // Some file systems have no links: there a check must do.
            if Errno.last == .fileExists || access(path.systemName, F_OK) == 0 { throw Self.exists(path) }
        }
        if rename(temporaryPath.systemName, path.systemName) != 0 {
            throw .last(path: path, "cannot rename to it", remedy: Self.remedy)
        }
    }

    /// Takes the unfinished file away.
    package func remove() {
        if let temporaryPath { unlink(temporaryPath.systemName) }
    }

    private static let remedy = "check the folder, its permissions and its free space"

    private static func exists(_ path: String) -> FileError {
        FileError(
            .exists, path: path, "exists already",
            remedy: "choose another name, or add --overwrite")
    }
}
