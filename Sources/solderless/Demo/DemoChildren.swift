import ArgumentParser
import Files
import Subprocess
import SystemPackage
import Words

/// This program run as a child of itself, its output passed through.
struct DemoChildren {
    /// The path of this program.
    let program: String

    init() throws {
        guard let program = linkTarget(of: "/proc/self/exe") else {
            throw Failure(.environment, "cannot find the path of this program")
        }
        self.program = program
    }

    /// Runs a command to its end. - Throws: `Failure` unless it ended well.
    func run(_ arguments: [String]) async throws {
        let code = try await code(of: arguments)
        guard code == 0 else {
            throw Failure(ExitCode(code), "solderless \(arguments[0]) ended with exit code \(code)")
        }
    }

    /// Runs a command to its end and says how it ended.
    func code(of arguments: [String]) async throws -> Int32 {
        announce(arguments)
        let result = try await Subprocess.run(
            executable, arguments: words(arguments), input: .none,
            output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
        return code(result.terminationStatus)
    }

    /// Runs a command that provides a port, calls `body` once it is there, then lets the command end: of
    /// itself if it does within five seconds, by SIGTERM otherwise.
    /// - Throws: `Failure` unless it ended well; whatever `body` throws.
    func with(_ arguments: [String], _ body: () async throws -> Void) async throws {
        announce(arguments)
        let result = try await Subprocess.run(
            executable, arguments: words(arguments), input: .none, output: .sequence,
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
        ) { execution in
            var lines = execution.standardOutput.strings().makeAsyncIterator()
            guard try await lines.next() != nil else {
                throw Failure(.environment, "solderless \(arguments[0]) printed no port")
            }
            let isReplay = arguments[0] == "replay"
            do {
                try await body()
            } catch {
                try? execution.send(signal: .terminate)
                throw error
            }
            if !isReplay { try execution.send(signal: .terminate) }
            while let line = try await lines.next() { Console.write(line, to: 1) }
        }
        let code = code(result.terminationStatus)
        guard code == 0 else {
            throw Failure(ExitCode(code), "solderless \(arguments[0]) ended with exit code \(code)")
        }
    }

    private var executable: Executable { .path(FilePath(platformString: program.systemName)) }

    /// A zero ends each.
    private func words(_ arguments: [String]) -> Arguments { Arguments(arguments.map { $0.keptBytes + [0] }) }

    private func announce(_ arguments: [String]) {
        Console.print(Console.paint("$ solderless \(arguments.joined(separator: " "))", .blue))
    }

    private func code(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
