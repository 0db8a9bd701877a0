import Glibc

/// A file that is begun under a name of its own and then given the name it is to have, while it stays open.
struct NewFile {
    /// Open for writing; whoever makes a stream of it closes it.
    let descriptor: Int32
    private let path: String
    /// nil when the path is a pipe or a device, which is written to as it is.
    private let temporaryPath: String?
    private let replacing: Bool

    /// - Throws: `CaptureError`: `.exists`, `.inaccessible`.
    init(at path: String, replacing: Bool) throws(CaptureError) {
        self.path = path
        self.replacing = replacing
        var status = stat()
        if stat(path, &status) == 0 {
            let kind = status.st_mode & S_IFMT
            if kind == S_IFDIR {
                throw CaptureError(
                    .inaccessible, path: path, "is a folder", advice: "name a file in it", errno: EISDIR)
            }
            if kind != S_IFREG {
                temporaryPath = nil
                descriptor = open(path, O_WRONLY | O_CLOEXEC)
                if descriptor < 0 { throw error(.inaccessible, "cannot open", errno: errno) }
                return
            }
            if !replacing { throw Self.exists(path) }
        }
        let temporaryPath = "\(path).\(getpid()).partial"
        // What lies there under this name is of a dead process that had our number.
        unlink(temporaryPath)
        self.temporaryPath = temporaryPath
        descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw error(.inaccessible, "cannot create a file in this folder", errno: errno) }
    }

    /// Gives the file its name. - Throws: `CaptureError`: `.exists` when another took it meanwhile, `.inaccessible`.
    func publish() throws(CaptureError) {
        guard let temporaryPath else { return }
        if !replacing {
            // Unlike rename, link never takes a name from another file.
            if link(temporaryPath, path) == 0 {
                unlink(temporaryPath)
                return
            }
            // Some file systems have no links: there a check must do.
            if errno == EEXIST || access(path, F_OK) == 0 { throw Self.exists(path) }
        }
        if rename(temporaryPath, path) != 0 { throw error(.inaccessible, "cannot rename to", errno: errno) }
    }

    /// Takes the unfinished file away.
    func remove() {
        if let temporaryPath { unlink(temporaryPath) }
    }

    /// An error about this file.
    func error(_ code: CaptureError.Code, _ message: String, errno: Int32?) -> CaptureError {
        CaptureError(
            code, path: path, errno.map { "\(message): \(SystemMessage.of($0))" } ?? message,
            advice: "check the folder, its permissions and its free space", errno: errno)
    }

    private static func exists(_ path: String) -> CaptureError {
        CaptureError(
            .exists, path: path, "exists already", advice: "choose another name, or say that it is to be overwritten",
            errno: EEXIST)
    }
}

/// The system's words for an error number.
enum SystemMessage {
    /// "No space left on device" and the like.
    static func of(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
