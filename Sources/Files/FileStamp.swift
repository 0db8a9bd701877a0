import Glibc

/// What tells one state of a file from another without reading it: which file it is, its size, and when it was written.
package struct FileStamp: Hashable, Sendable {
    private let device: dev_t
    private let number: ino_t
    private let size: off_t
    private let seconds: Int
    private let nanoseconds: Int

    /// Of what is at a path, links followed; nil when nothing is.
    package init?(path: String) {
        var status = stat()
        guard stat(path.systemName, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Of an open file. Renaming does not change it.
    init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = status.st_dev
        number = status.st_ino
        size = status.st_size
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
