import CPorts
import Files
import Glibc
import SystemPackage

/// A local socket that listens, and its name in the file system, which nobody takes away as long as it does.
struct ListeningSocket: ~Copyable {
    let path: String
    let listener: OwnedDescriptor
    private let device: dev_t
    private let number: ino_t

    /// Clients that wait to be taken in.
    private static let backlog: Int32 = 32

    /// Makes a socket of that name that listens. - Throws: `PortError`.
    init(_ path: String) throws(PortError) {
        let name = path.systemName
        guard name.count - 1 <= Int(ports_local_path_most) else {
            throw PortError(
                .nameTooLong, path: path,
                "the control socket's path has \(name.count - 1) bytes; the system allows \(ports_local_path_most)",
                remedy: "name a shorter --link, or another path with --control, or add --no-control")
        }
        // Between binding and listening nobody answers: it must not be taken for a stale one.
        let lock = FolderLock(around: path)
        defer { lock.release() }
        var raw = ports_local_bind(name)
        if raw < 0, Errno.last == .addressInUse {
            try Self.makeRoom(path)
            raw = ports_local_bind(name)
        }
        guard let listener = OwnedDescriptor(raw) else {
            throw .last(
                path: path, "cannot make the control socket",
                remedy: "name another path with --control, or add --no-control")
        }
        guard let status = statusWithoutFollowing(path), status.st_mode & S_IFMT == S_IFSOCK,
            status.st_mode & 0o077 == 0, listen(listener.raw, Self.backlog) == 0
        else { throw .last(path: path, "cannot listen on the control socket") }
        self.path = path
        self.listener = listener
        device = status.st_dev
        number = status.st_ino
    }

    /// One for programs that are started here. - Parameter purpose: what it is, in words: "the socket for control lines".
    /// - Throws: `PortError`, which says what to do where no option names the socket.
    static func forPrograms(_ path: String, _ purpose: String) throws(PortError) -> ListeningSocket {
        do {
            return try ListeningSocket(path)
        } catch {
            throw PortError(
                error.code, path: path, "cannot make \(purpose)",
                remedy: "set XDG_RUNTIME_DIR or TMPDIR to a folder of yours with a short path", errno: error.errno)
        }
    }

    /// Where such a socket is made: in the runtime folder, named after this process. Those of processes that were killed go
    /// now. - Throws: `PortError`.
    static func pathForPrograms(suffix: String) throws(PortError) -> String {
        ControlFolder.removeThoseOfTheDead(suffix: suffix)
        return "\(try RuntimeFolder.path())/\(getpid())\(suffix)"
    }

    /// Removes the socket, unless somebody else's stands there by now.
    func leave() {
        guard let status = statusWithoutFollowing(path), status.st_dev == device, status.st_ino == number else {
            return
        }
        unlink(path.systemName)
    }

    /// Removes a socket that nobody listens to. - Throws: `PortError`: `.busy`, `.linkTaken`.
    private static func makeRoom(_ path: String) throws(PortError) {
        guard let status = statusWithoutFollowing(path) else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw PortError(
                .linkTaken, path: path, "something other than a socket has this path",
                remedy: "move it, or name another path with --control")
        }
        guard !isAnswered(path) else {
            throw PortError(
                .busy, path: path, "another emulation listens there",
                remedy: "choose another name, or end that emulation (solderless ctl list)")
        }
        guard unlink(path.systemName) == 0 else { throw .last(path: path, "cannot remove the stale control socket") }
    }

    /// Whether somebody listens to the socket; a queue that is full is somebody's as well, and so is one that is not
    /// ours to ask.
    private static func isAnswered(_ path: String) -> Bool {
        guard OwnedDescriptor(ports_local_connect(path.systemName, 0)) == nil else { return true }
        return Errno.last != .connectionRefused && Errno.last != .noSuchFileOrDirectory
    }

    /// Removes what stands at `path`, if it is a socket, or a link to one, that nobody listens to. Of a link only the link:
    /// what it leads to may be another program's, and a start that wants the place removes it.
    /// - Returns: whether nothing is left.
    static func removeIfStale(_ path: String) -> Bool {
        guard let status = statusWithoutFollowing(path) else { return true }
        let isLink = status.st_mode & S_IFMT == S_IFLNK
        guard isLink || ControlFolder.isSocket(path), status.st_uid == getuid() else { return false }
        if isLink, let target = resolved(path), !ControlFolder.isSocket(target) { return false }
        let lock = FolderLock(around: (isLink ? resolved(path) : nil) ?? path)
        defer { lock.release() }
        guard !isAnswered(path) else { return false }
        return unlink(path.systemName) == 0
    }

}

/// A lock on a folder, held briefly while a control socket in it is made or removed.
private struct FolderLock {
    private let descriptor: Int32

    /// Waits for those who do the same, but not for one who never lets go: it only keeps two starts apart.
    init(around path: String) {
        descriptor = open(folderAndName(of: path).folder.systemName, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        for _ in 0..<100 where flock(descriptor, LOCK_EX | LOCK_NB) != 0 { usleep(5000) }
    }

    func release() {
        if descriptor >= 0 { close(descriptor) }
    }
}
