import Files
package import SystemPackage

/// Why a port, a link or a control socket could not be used, and what a person can do about it.
package struct PortError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is. More codes may come: keep a default when switching.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's stable name, as reports print it.
        package let description: String

        /// Nothing has that path.
        package static let missing = Code(description: "missing")
        /// It is there, but not for us.
        package static let noPermission = Code(description: "no-permission")
        /// Somebody else is using it.
        package static let busy = Code(description: "busy")
        /// It is there, but it is no terminal.
        package static let notATerminal = Code(description: "not-a-terminal")
        /// The other side is gone: an adapter was unplugged, or an emulator ended.
        package static let hungUp = Code(description: "hung-up")
        /// The driver does not do that baud rate.
        package static let unsupportedBaud = Code(description: "unsupported-baud")
        /// Something that is not ours stands where a link should be made.
        package static let linkTaken = Code(description: "link-taken")
        /// No room is left on the disk, or in the quota.
        package static let noSpace = Code(description: "no-space")
        /// More bytes than the caller was ready to take.
        package static let tooLarge = Code(description: "too-large")
        /// A path that the system does not take for its length.
        package static let nameTooLong = Code(description: "name-too-long")
        /// Nobody listens there, or who does says nothing.
        package static let noAnswer = Code(description: "no-answer")
        /// Any other refusal of the operating system; `errno` says which.
        package static let system = Code(description: "system")
    }

    package var code: Code
    /// The path in question; empty when there is none (a pipe, a clock).
    package var path: String
    /// What happened, without a full stop: "cannot open the port".
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
        var text = path.isEmpty ? happened : "\(path): \(happened)"
        if let errno { text += " (\(errno.description), errno \(errno.rawValue))" }
        if !remedy.isEmpty { text += "; \(remedy)" }
        return text
    }
}

extension PortError {
    /// An error from the calling thread's errno, with the code that usually goes with it.
    ///
    /// - Parameter number: the errno to report; by default the one the last system call left.
    static func last(
        path: String, _ happened: String, remedy: String = "", number: Errno = .last
    ) -> PortError {
        PortError(code(for: number), path: path, happened, remedy: remedy, errno: number)
    }

    private static func code(for number: Errno) -> Code {
        switch number {
        case .noSuchFileOrDirectory, .notDirectory, .noSuchAddressOrDevice, .operationNotSupportedByDevice: .missing
        case .permissionDenied, .notPermitted, .readOnlyFileSystem: .noPermission
        case .resourceBusy, .wouldBlock: .busy
        case .inappropriateIOCTLForDevice: .notATerminal
        case .noSpace, .diskQuotaExceeded: .noSpace
        case .ioError: .hungUp
        case .connectionRefused: .noAnswer
        case .fileNameTooLong: .nameTooLong
        default: .system
        }
    }
}
