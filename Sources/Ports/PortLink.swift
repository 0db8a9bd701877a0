import Files
import Glibc
import SystemPackage

/// A symbolic link with a stable name to a pseudo-terminal, whose own name is another one each time.
///
/// The link is there for as long as this value lives. Only a link to a pseudo-terminal is ever replaced, and only when
/// nobody uses it any more; a file, a folder or somebody's link to a real port stays as it is.
struct PortLink: ~Copyable {
    /// Where the link is; nil when none was wanted.
    let path: String?
    /// Where it points.
    let target: String

    /// Makes the link in one step: nobody ever sees it missing or half made.
    ///
    /// - Throws: `PortError` `.linkTaken` when something stands there that is not ours to replace, `.busy` when a live
    ///   emulator's link does, `.missing` or `.noPermission` for the folder.
    init(path: String?, to target: String) throws(PortError) {
        if let path { try PortLink.make(path, to: target) }
        self.path = path
        self.target = target
    }

    deinit {
        // Somebody may have put a newer link there since.
        if let path, linkTarget(of: path) == target { unlink(path) }
    }

    private static func make(_ path: String, to target: String) throws(PortError) {
        try checkReplaceable(path, by: target)
        // A name that nobody else has: what stands there by chance is not ours to remove.
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).partial"
        guard symlink(target, temporary) == 0 else {
            throw .last(path: path, "cannot make the link to \(target)", remedy: "choose a folder you can write to")
        }
        guard rename(temporary, path) == 0 else {
            let reason = Errno.last
            unlink(temporary)
            throw .last(path: path, "cannot make the link to \(target)", number: reason)
        }
    }

    private static func checkReplaceable(_ path: String, by target: String) throws(PortError) {
        guard let link = statusWithoutFollowing(path) else { return }
        guard link.st_mode & S_IFMT == S_IFLNK, let old = linkTarget(of: path), old.hasPrefix("/dev/pts/") else {
            throw PortError(
                .linkTaken, path: path, "something that is not a link to a pseudo-terminal stands where the link goes",
                remedy: "choose another name, or move it away")
        }
        // Gone, or the number has come round to us: stale.
        guard old != target, let terminal = statusWithoutFollowing(old) else { return }
        // An emulator sets its terminal up and then makes the link. A terminal younger than the link is somebody
        // else's, who got the number after the emulator had died without tidying up.
        let isStale =
            (terminal.st_ctim.tv_sec, terminal.st_ctim.tv_nsec) > (link.st_ctim.tv_sec, link.st_ctim.tv_nsec)
        guard isStale else {
            throw PortError(
                .busy, path: path, "another emulator has its port \(old) there",
                remedy: "choose another name, or end that emulator; if there is none, remove the link")
        }
    }
}

extension PseudoTerminal {
    /// Where a port goes by default: `$XDG_RUNTIME_DIR/solderless/name`, or `solderless-UID/name` in the folder for
    /// temporary files when that is not set or not there (in a container it often is not). Makes the folder (mode 0700) if it is not there.
    ///
    /// - Parameter name: one file name, without a slash.
    /// - Throws: `PortError` when the folder cannot be made, or is not ours alone.
    package static func defaultLink(name: String) throws(PortError) -> String {
        precondition(!name.isEmpty && !name.contains("/"), "a link's name is one file name")
        let folder: String
        if let runtime = environment("XDG_RUNTIME_DIR"), access(runtime, F_OK) == 0 {
            folder = "\(runtime)/solderless"
        } else {
            folder = "\(environment("TMPDIR") ?? "/tmp")/solderless-\(getuid())"
        }
        if mkdir(folder, 0o700) != 0, Errno.last != .fileExists {
            throw .last(path: folder, "cannot make the folder for ports", remedy: "name a link of your own")
        }
        // Anybody may write to /tmp: a folder somebody else has put there could swap our ports under us.
        guard let status = statusWithoutFollowing(folder), status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == getuid(), status.st_mode & 0o022 == 0
        else {
            throw PortError(
                .linkTaken, path: folder, "the folder for ports is not ours alone",
                remedy: "remove it, or name a link of your own")
        }
        return "\(folder)/\(name)"
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }
}
