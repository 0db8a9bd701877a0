import Files
import Glibc
import SystemPackage

/// Where this user's control sockets are found: those in the runtime folder, and links there to those that lie elsewhere.
package enum ControlFolder {
    /// What their names end in.
    package static let suffix = ".ctl"

    /// The socket beside a port's link.
    package static func socket(besideLink link: String) -> String { link + suffix }

    /// The socket of an emulation whose port has no link. - Throws: `PortError` when there is no runtime folder.
    package static func socketWithoutLink() throws(PortError) -> String {
        "\(try RuntimeFolder.path())/\(getpid())\(suffix)"
    }

    /// All of them that somebody listens to, in the order of their names. Sockets and links there that lead to nobody are
    /// removed; what is no socket is left alone.
    /// - Throws: `PortError` when there is no runtime folder.
    package static func sockets() throws(PortError) -> [String] {
        let folder = try RuntimeFolder.path()
        var found: Set<String> = []
        for name in Files.names(in: folder) where name.hasSuffix(suffix) {
            let path = "\(folder)/\(name)"
            guard !ListeningSocket.removeIfStale(path), let place = resolved(path), isSocket(place)
            else { continue }
            found.insert(place)
        }
        return found.sorted()
    }

    /// Removes what emulations without a link, or other owners of sockets that are named after their process, have left that
    /// were killed.
    package static func removeThoseOfTheDead(suffix: String = suffix) {
        guard let folder = try? RuntimeFolder.path() else { return }
        for name in Files.names(in: folder) where name.hasSuffix(suffix) {
            guard let process = pid_t(name.dropLast(suffix.count)), process > 0, kill(process, 0) != 0,
                Errno.last == .noSuchProcess
            else { continue }
            _ = ListeningSocket.removeIfStale("\(folder)/\(name)")
        }
    }

    /// Makes a socket that lies elsewhere known in the runtime folder. - Returns: the link to it; nil where it needs none,
    /// or there is no such folder: it is then found by its own name only.
    package static func register(_ socket: String) -> String? {
        guard let folder = try? RuntimeFolder.path(), let place = resolved(socket),
            folderAndName(of: place).folder != resolved(folder)
        else { return nil }
        let link = "\(folder)/\(getpid())\(suffix)"
        guard ListeningSocket.removeIfStale(link), symlink(place.systemName, link.systemName) == 0 else { return nil }
        return link
    }

    /// Whether a socket stands there itself, a link not followed.
    package static func isSocket(_ path: String) -> Bool {
        statusWithoutFollowing(path).map { $0.st_mode & S_IFMT == S_IFSOCK } ?? false
    }

    /// Takes back what `register` made.
    package static func unregister(_ link: String) {
        unlink(link.systemName)
    }
}
