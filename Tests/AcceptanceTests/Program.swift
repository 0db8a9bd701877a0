import Foundation
import Subprocess
import SystemPackage
import Testing

// Whole programs in real time, which wait most of it. Within a row they come one after the other, the rows beside each
// other (`make test`): two cores can serve a few programs that keep time, but not twenty.

/// `emulate`.
@Suite(.serialized) enum BenchCommands {}
/// `ctl`.
@Suite(.serialized) enum CtlCommands {}
/// `learn`.
@Suite(.serialized) enum LearnCommands {}
/// `run`.
@Suite(.serialized) enum RunCommands {}
/// `scenarios`.
@Suite(.serialized) enum ScenarioCommands {}
/// `flash`.
@Suite(.serialized) enum FlashCommands {}
/// What all commands report.
@Suite(.serialized) enum ReportCommands {}
/// `record`, `show`, `export`.
@Suite(.serialized) enum TraceCommands {}
/// `record --attach`.
@Suite(.serialized) enum AttachCommands {}
/// `replay`.
@Suite(.serialized) enum ReplayCommands {}
// These two wait nearly all the time: their suites run side by side.

/// Clients that nobody here wrote.
@Suite enum ForeignHosts {}
/// `check`, which repeats a run when the bench was late.
@Suite enum CheckCommands {}

/// Clients that fail when they have to wait: one after the other, with nothing beside them.
@Suite(.serialized) enum QuietCommands {}

/// Commands that keep no clock: any number side by side.
@Suite enum OfflineCommands {}

/// The program under test, run as a child, as a user would run it.
enum Program {
    /// A stub for tests that do not depend on its size: the smallest one in ECR6600 facts §4.
    static let smallStub = [UInt8](repeating: 0x55, count: 6860)
    /// Where the build put it: beside the tests.
    static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("solderless").path
    }()

    /// The repository.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Python with pySerial and xmodem, as `tools/bootstrap --with-tests` sets it up.
    static let python = "\(root)/.build/venv/bin/python"
    static var hasPython: Bool { FileManager.default.isExecutableFile(atPath: python) }
    static let noPython: Comment = "no .build/venv: `make test` sets it up, or tools/bootstrap --with-tests"

    struct Result: Sendable {
        var code: Int32
        var output: String
        var error: String
    }

    /// Runs it to its end, which must come within `seconds`.
    static func run(_ arguments: [String], within seconds: Double = 60) async throws -> Result {
        try await run([path] + arguments, seconds)
    }

    /// Runs a line of a shell in which `$0` is the program.
    static func shell(_ line: String, within seconds: Double = 60) async throws -> Result {
        try await run(["sh", "-c", line, path], seconds)
    }

    /// Runs another program to its end.
    static func command(_ words: [String], within seconds: Double = 60) async throws -> Result {
        try await run(words, seconds)
    }

    private static func run(_ words: [String], _ seconds: Double) async throws -> Result {
        let result = try await Subprocess.run(
            .name("timeout"), arguments: Arguments(["-k", "5", "\(seconds)"] + words), input: .none,
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        let code: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Result(code: code, output: result.standardOutput, error: result.standardError)
    }

    /// Starts it, waits for the port that it prints, calls `body` with port and process; ends it by SIGTERM afterwards,
    /// unless it ends of itself.
    static func withPort<Value: Sendable>(
        _ arguments: [String], endsOfItself: Bool = false, _ body: (String, ProcessIdentifier) async throws -> Value
    ) async throws -> (value: Value, status: TerminationStatus) {
        let result = try await Subprocess.run(
            .path(FilePath(path)), arguments: Arguments(arguments), input: .none, output: .sequence, error: .discarded
        ) { execution in
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            let port = try await lines.next() ?? ""
            let value: Swift.Result<Value, any Error>
            do {
                value = .success(
                    try await body(port.trimmingCharacters(in: .whitespacesAndNewlines), execution.processIdentifier))
            } catch {
                value = .failure(error)
            }
            if !endsOfItself { try? execution.send(signal: .terminate) }
            while try await lines.next() != nil {}
            return value
        }
        return (try result.closureResult.get(), result.terminationStatus)
    }
}
