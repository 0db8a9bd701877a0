import Glibc
package import SystemPackage

/// Why a file could not be read or written, and what a person can do about it.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is. More codes may come: keep a default when switching.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's stable name, as reports print it.
        package let description: String

        /// Nothing has that path.
        package static let missing = Code(description: "missing")
        /// Something has that path already, and was not to be replaced.
        package static let exists = Code(description: "exists")
        /// It is there, but not for us.
        package static let noPermission = Code(description: "no-permission")
        /// No room is left on the disk, or in the quota.
        package static let noSpace = Code(description: "no-space")
        /// More bytes than the caller was ready to take.
        package static let tooLarge = Code(description: "too-large")
        /// It is there, but it is no regular file: a folder, a pipe, a device.
        package static let notAFile = Code(description: "not-a-file")
        /// Another program has it.
        package static let busy = Code(description: "busy")
        /// Another program has changed it meanwhile.
        package static let changed = Code(description: "changed")
        /// It is there, but what is in it is not what it should be.
        package static let unfit = Code(description: "unfit")
        /// Any other refusal of the operating system; `errno` says which.
        package static let system = Code(description: "system")
    }

    package var code: Code
    /// The path in question.
    package var path: String
    /// What happened, without a full stop: "cannot read the file".
    package var happened: String
    /// What to do about it, as a sentence without a full stop; empty when nothing useful can be said.
    package var remedy: String
    /// What the operating system said, if it was asked.
    package var errno: Errno?

    package init(_ code: Code, path: String, _ happened: String, remedy: String = "", errno: Errno? = nil) {
        self.code = code
        self.path = path
        self.happened = happened
        self.remedy = remedy
        self.errno = errno
    }

    /// One line: path, what happened, the system's words, what to do.
    package var description: String {
        let reason = errno.map { " (\($0.description), errno \($0.rawValue))" } ?? ""
        return "\(path): \(happened)\(reason)" + (remedy.isEmpty ? "" : "; \(remedy)")
    }
}

extension FileError {
    /// An error from the calling thread's errno, with the code that usually goes with it.
    ///
    /// - Parameter number: the errno to report; by default the one the last system call left.
    package static func last(path: String, _ happened: String, remedy: String = "", number: Errno = .last) -> FileError
    {
        FileError(code(for: number), path: path, happened, remedy: remedy, errno: number)
    }

    private static func code(for number: Errno) -> Code {
        switch number {
        case .noSuchFileOrDirectory, .notDirectory: .missing
        case .permissionDenied, .notPermitted, .readOnlyFileSystem: .noPermission
        case .noSpace, .diskQuotaExceeded: .noSpace
        default: .system
        }
    }
}
