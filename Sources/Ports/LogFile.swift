import Files
import Glibc
import SystemPackage

/// Where a detached program writes what it says once nobody reads its outputs.
package struct LogFile: ~Copyable {
    package let path: String
    private let log: OwnedDescriptor
    private let nowhere: OwnedDescriptor

    /// A file with the process's number in the runtime folder, in the place of an older process's. - Throws: `PortError`.
    package static func inRuntimeFolder() throws(PortError) -> LogFile {
        do {
            return try LogFile("\(try RuntimeFolder.path())/\(getpid()).log", flags: O_TRUNC | O_NOFOLLOW)
        } catch {
            var error = error
            error.remedy = "name a file with --log"
            throw error
        }
    }

    /// A file that grows, whatever is in it. - Throws: `PortError`.
    package init(_ path: String) throws(PortError) {
        try self.init(path, flags: 0)
    }

    private init(_ path: String, flags: Int32) throws(PortError) {
        // Not blocking: a pipe that nobody reads is an error and not a wait for ever.
        let flags = flags | O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC | O_NONBLOCK
        guard let log = OwnedDescriptor(uninterrupted { open(path, flags, 0o600) }) else {
            throw .last(path: path, "cannot write the log", remedy: "name another file with --log")
        }
        guard let nowhere = OwnedDescriptor(open("/dev/null", O_RDWR | O_CLOEXEC)) else {
            throw .last(path: "/dev/null", "cannot open it")
        }
        self.path = path
        self.log = log
        self.nowhere = nowhere
    }

    /// Standard output goes nowhere from now on, standard error to the log: whoever read them reads their end.
    package func takeOutputs() throws(PortError) {
        guard dup2(nowhere.raw, STDOUT_FILENO) >= 0, dup2(log.raw, STDERR_FILENO) >= 0 else {
            throw .last(path: path, "cannot write the log")
        }
    }
}
