import Subprocess
import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A program run for the user, its input and output passed through.
final class Child: Sendable {
    private let process = Mutex<ProcessIdentifier?>(nil)

    /// Passes a signal on. A terminal sends SIGINT to the program itself; it needs no second one.
    func forward(_ signal: Int32) {
        guard signal != SIGINT else { return }
        process.withLock { if let process = $0 { _ = kill(process.value, signal) } }
    }

    /// Runs it to its end.
    /// - Returns: its exit code, or 124, 126, 127, 128 + signal as `timeout` and shells do.
    func run(_ words: [String], port: String, timeout: Double?) async -> Int32 {
        let isPath = words[0].contains("/")
        do {
            return try await withThrowingTaskGroup(of: Int32.self) { group in
                group.addTask { try await self.run(words, isPath ? .path(FilePath(words[0])) : .name(words[0]), port) }
                if let timeout {
                    group.addTask {
                        try await Task.sleep(for: .seconds(timeout))
                        return 124
                    }
                }
                let first = try await group.next() ?? 125
                // A child that is out of time is killed by this.
                group.cancelAll()
                return first
            }
        } catch {
            Console.complain("\(words[0]): \(error)")
            return isPath && access(words[0], F_OK) == 0 ? 126 : 127
        }
    }

    private func run(_ words: [String], _ executable: Executable, _ port: String) async throws -> Int32 {
        let result = try await Subprocess.run(
            executable, arguments: Arguments(Array(words.dropFirst())),
            environment: Environment.inherit.updating(["SOLDERLESS_PORT": port]),
            input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
            output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
        ) { execution in
            self.process.withLock { $0 = execution.processIdentifier }
        }
        process.withLock { $0 = nil }
        switch result.terminationStatus {
        case .exited(let code): return code
        case .signaled(let signal): return 128 + signal
        }
    }
}
