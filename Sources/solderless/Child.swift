import Subprocess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A program run for the user, its input and output passed through.
struct Child {
    var words: [String]
    var port: String
    var timeout: Double?

    init(_ words: [String], port: String, timeout: Double? = nil) {
        self.words = words
        self.port = port
        self.timeout = timeout
    }

    /// Runs it to its end. - Returns: its exit code, or 124, 126, 127, 128 + signal as `timeout` and shells do.
    func run() async -> Int32 {
        let isPath = words[0].contains("/")
        let executable: Executable = isPath ? .path(FilePath(words[0])) : .name(words[0])
        let environment = Environment.inherit.updating(["SOLDERLESS_PORT": port])
        do {
            return try await withThrowingTaskGroup(of: Int32.self) { group in
                group.addTask {
                    let result = try await Subprocess.run(
                        executable, arguments: Arguments(Array(words.dropFirst())), environment: environment,
                        input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
                        output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                        error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false))
                    switch result.terminationStatus {
                    case .exited(let code): return code
                    case .signaled(let signal): return 128 + signal
                    }
                }
                if let timeout {
                    group.addTask {
                        try await Task.sleep(for: .seconds(timeout))
                        return 124
                    }
                }
                let first = try await group.next() ?? 125
                group.cancelAll()
                return first
            }
        } catch {
            Console.complain("\(words[0]): \(error)")
            return isPath && access(words[0], F_OK) == 0 ? 126 : 127
        }
    }
}
