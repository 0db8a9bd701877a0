import ArgumentParser
import Capture
import Ports

#if canImport(Glibc)
    import Glibc
#endif

extension ExitCode {
    /// The thing under test failed or diverged.
    static let failed = ExitCode(1)
    /// Wrong usage.
    static let usage = ExitCode(2)
    /// Port, file, permission.
    static let environment = ExitCode(3)
    /// Out of time.
    static let timedOut = ExitCode(124)

    /// Says what went wrong and ends the process with the code that belongs to it.
    static func end(after error: any Error) -> Never {
        switch error {
        case let code as ExitCode:
            exit(code.rawValue)
        case is PortError, is CaptureError:
            Console.complain("\(error)")
            exit(environment.rawValue)
        case let failure as Failure:
            Console.complain(failure.message)
            exit(failure.code.rawValue)
        default:
            // Help and version end well; everything else that the parser throws is wrong usage.
            guard Solderless.exitCode(for: error) != .success else { Solderless.exit(withError: error) }
            Console.error(Solderless.fullMessage(for: error))
            exit(usage.rawValue)
        }
    }
}

/// A command's own complaint.
struct Failure: Error {
    var code: ExitCode
    var message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}
