import Files
import Glibc
import SystemPackage

/// The folder for links to ports and for control sockets: `$XDG_RUNTIME_DIR/solderless`, or `solderless-UID` in the
/// folder for temporary files when that is not set or not there (in a container it often is not).
package enum RuntimeFolder {
    /// Makes the folder (mode 0700) if it is not there.
    ///
    /// - Throws: `PortError` when it cannot be made, or is not ours alone.
    package static func path() throws(PortError) -> String {
        let folder: String
        if let runtime = environmentVariable("XDG_RUNTIME_DIR"), access(runtime.systemName, F_OK) == 0 {
            folder = "\(runtime)/solderless"
        } else {
            folder = "\(environmentVariable("TMPDIR") ?? "/tmp")/solderless-\(getuid())"
        }
        if mkdir(folder.systemName, 0o700) != 0, Errno.last != .fileExists {
            throw .last(path: folder, "cannot make the folder for ports", remedy: "name a path with --link")
        }
        // Anybody may write to /tmp: a folder somebody else has put there could swap our ports under us.
        guard let status = statusWithoutFollowing(folder), status.st_mode & S_IFMT == S_IFDIR,
            status.st_uid == getuid(), status.st_mode & 0o022 == 0
        else {
            throw PortError(
                .linkTaken, path: folder, "other users can write to the folder for ports",
                remedy: "remove it, or name a path with --link")
        }
        return folder
    }
}
