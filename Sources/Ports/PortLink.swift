import Files
import Glibc
import SystemPackage
import Words

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
        if let path, linkTarget(of: path) == target { unlink(path.systemName) }
    }

    private static func make(_ path: String, to target: String) throws(PortError) {
        try checkReplaceable(path, by: target)
        Leftovers.remove(beside: path)
        // A name that nobody else has: what stands there by chance is not ours to remove.
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).partial"
        guard symlink(target.systemName, temporary.systemName) == 0 else {
            throw .last(path: path, "cannot make the link to \(target)", remedy: "choose a folder you can write to")
        }
        guard rename(temporary.systemName, path.systemName) == 0 else {
            let reason = Errno.last
            unlink(temporary.systemName)
            throw .last(path: path, "cannot make the link to \(target)", number: reason)
        }
    }

    private static func checkReplaceable(_ path: String, by target: String) throws(PortError) {
        guard let link = statusWithoutFollowing(path) else { return }
        guard link.st_mode & S_IFMT == S_IFLNK, let old = linkTarget(of: path), old.hasPrefix("/dev/pts/") else {
            throw PortError(
                .linkTaken, path: path, "something other than a link to a pseudo-terminal has this path",
                remedy: "name another with --link OTHER, or move it")
        }
        // Gone, or the number has come round to us: stale.
        guard old != target, let terminal = statusWithoutFollowing(old) else { return }
        // An emulator sets its terminal up and then makes the link. A terminal younger than the link is somebody
        // else's, who got the number after the emulator had died without tidying up.
        let isStale =
            (terminal.st_ctim.tv_sec, terminal.st_ctim.tv_nsec) > (link.st_ctim.tv_sec, link.st_ctim.tv_nsec)
        guard isStale else {
            throw PortError(
                .busy, path: path, "another emulation uses this link for its port \(old)",
                remedy: "name another with --link OTHER, or end that emulation: solderless ctl --port "
                    + "\(shellWord(absolute(path))) stop; if there is none, remove the link")
        }
    }
}

extension PseudoTerminal {
    /// Where a port goes by default: `name` in the runtime folder (`RuntimeFolder`).
    ///
    /// - Parameter name: one file name, without a slash.
    /// - Throws: `PortError` when the folder cannot be made, or is not ours alone.
    package static func defaultLink(name: String) throws(PortError) -> String {
        precondition(!name.isEmpty && !name.contains("/"), "a link's name is one file name")
        return "\(try RuntimeFolder.path())/\(name)"
    }
}
