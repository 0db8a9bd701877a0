import Files
import Glibc
package import SystemPackage
import Words

/// Where the system finds a program: as execvp looks for it, in the folders of PATH unless its name has a slash.
package enum ProgramSearch {
    /// Its path; the errno of starting it where it cannot be started.
    /// - Parameter word: its name, as the command line has it.
    package static func path(of word: [UInt8]) -> Result<String, Errno> {
        guard !word.isEmpty else { return .failure(.noSuchFileOrDirectory) }
        let name = String(keeping: word)
        var paths = [name]
        if !word.contains(UInt8(ascii: "/")) {
            let folders = environmentVariable("PATH") ?? "/bin:/usr/bin"
            paths = folders.split(separator: ":", omittingEmptySubsequences: false)
                .map { "\($0.isEmpty ? "." : String($0))/\(name)" }
        }
        // It goes on to the next folder where there is none, or one that may not be executed; the latter is remembered.
        var reason = ENOENT
        for path in paths {
            let refusal = refusal(of: path)
            if refusal == 0 { return .success(path) }
            if reason != EACCES { reason = refusal }
        }
        return .failure(Errno(rawValue: reason))
    }

    /// The errno of executing a file; 0 for none.
    private static func refusal(of path: String) -> Int32 {
        var status = stat()
        guard stat(path.systemName, &status) == 0 else { return errno }
        guard status.st_mode & S_IFMT == S_IFREG else { return EACCES }
        return access(path.systemName, X_OK) == 0 ? 0 : errno
    }
}
