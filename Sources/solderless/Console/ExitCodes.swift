import ArgumentParser
import Bench
import Capture
import Files
import Line
import Ports
import ScenarioFiles
import Words

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
    /// `run` itself failed, or was used wrongly: as `timeout` does, it leaves all lower codes to the command.
    static let runFailed = ExitCode(125)

    /// Ends the process after a command that threw nothing: well, unless its data did not reach standard output.
    static func endWell() -> Never {
        exit(sayWhetherOutputFailed() ? environment.rawValue : 0)
    }

    /// Says what went wrong and ends the process with the code that belongs to it.
    ///
    /// - Parameter words: those of the command line.
    static func end(after error: any Error, of words: [String]) -> Never {
        let isRun = words.first == RunCommand.name
        let outputFailed = sayWhetherOutputFailed()
        switch error {
        case let code as ExitCode:
            exit(code == .success && outputFailed ? environment.rawValue : code.rawValue)
        case is ToldError:
            exit((isRun ? runFailed : environment).rawValue)
        case let error as CaptureError where error.code == .unusedOption:
            Console.complain("\(error)")
            exit(usage.rawValue)
        case is PortError, is FileError, is CaptureError, is FileProblem:
            Console.complain("\(error)")
            exit((isRun ? runFailed : environment).rawValue)
        // What a scenario or an option asks for and cannot be had.
        case is FaultError, is EmulationPlanError:
            Console.complain("\(error)")
            exit((isRun ? runFailed : usage).rawValue)
        case let refused as RemoteEmulation.Refused:
            Console.complain(refused.message)
            exit(environment.rawValue)
        case let failure as Failure:
            Console.complain(failure.message)
            exit((isRun ? runFailed : failure.code).rawValue)
        default:
            switch Solderless.exitCode(for: error) {
            case .success:
                // Help and version.
                Solderless.exit(withError: error)
            case .validationFailure:
                Console.error(CommandLineWords.message(for: error, words))
                exit((isRun ? runFailed : usage).rawValue)
            default:
                // Nothing that the parser throws: something around us did not work.
                Console.complain("\(error)")
                exit((isRun ? runFailed : environment).rawValue)
            }
        }
    }

    private static func sayWhetherOutputFailed() -> Bool {
        guard let reason = Console.outputFailure else { return false }
        Console.complain("writing to standard output failed (\(String(cString: strerror(reason))))")
        return true
    }
}

/// A command's own complaint.
/// - Throws: `Failure` where what is read would be replaced by what is written; `-` is no file.
func requireDifferent(input: String, output: String) throws {
    guard input != "-", output != "-", isSameFile(input, output) else { return }
    throw Failure(.usage, "\(printable(output)) is what is read: name another file to write")
}

struct Failure: Error, CustomStringConvertible {
    var code: ExitCode
    var message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }

    var description: String { message }
}
