import Files
import Glibc
import SystemPackage

/// Where a detached program writes what it says once nobody reads its outputs.
package struct LogFile: ~Copyable {
    package let path: String
    private let log: OwnedDescriptor
    private let nowhere: OwnedDescriptor

    /// A file with the process's number in the runtime folder. What others have left there for a day goes.
    /// - Throws: `PortError`.
    package static func inRuntimeFolder() throws(PortError) -> LogFile {
        do {
            let folder = try RuntimeFolder.path()
            removeOld(in: folder)
            return try LogFile("\(folder)/\(getpid())\(suffix)", flags: O_TRUNC | O_NOFOLLOW)
        } catch {
            var error = error
            error.remedy = "name a file with --log"
            throw error
        }
    }

    /// Removes what processes have left that ended more than a day ago.
    private static func removeOld(in folder: String) {
        for name in Files.names(in: folder) where name.hasSuffix(suffix) {
            guard let process = pid_t(name.dropLast(suffix.count)), process > 0, kill(process, 0) != 0,
                let status = statusWithoutFollowing("\(folder)/\(name)"),
                time(nil) - status.st_mtim.tv_sec > secondsToKeep
            else { continue }
            unlink("\(folder)/\(name)".systemName)
        }
    }

    private static let suffix = ".log"
    private static let secondsToKeep = 86_400

    /// A file that grows, whatever is in it. - Throws: `PortError`.
    package init(_ path: String) throws(PortError) {
        try self.init(path, flags: 0)
    }

    private init(_ path: String, flags: Int32) throws(PortError) {
        // Not blocking: a pipe that nobody reads is an error and not a wait for ever.
        let flags = flags | O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC | O_NONBLOCK
        guard let log = OwnedDescriptor(uninterrupted { open(path.systemName, flags, 0o600) }) else {
            throw .last(path: path, "cannot write the log", remedy: "name another file with --log")
        }
        guard let nowhere = OwnedDescriptor(open("/dev/null", O_RDWR | O_CLOEXEC)) else {
            throw .last(path: "/dev/null", "cannot open it")
        }
        self.path = path
        self.log = log
        self.nowhere = nowhere
    }

    /// From now on standard output goes to /dev/null and standard error to the log; readers of either see end of file.
    package func takeOutputs() throws(PortError) {
        guard dup2(nowhere.raw, STDOUT_FILENO) >= 0, dup2(log.raw, STDERR_FILENO) >= 0 else {
            throw .last(path: path, "cannot write the log")
        }
    }
}
