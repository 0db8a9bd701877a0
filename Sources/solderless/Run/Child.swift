import ArgumentParser
import Subprocess
import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A program run for the user, its input and output passed through.
///
/// Away from a terminal it gets a process group of its own, so that what it starts ends with it. On a terminal it stays
/// in ours: a terminal lets only its foreground group read.
final class Child: Sendable {
    private struct State {
        var process: pid_t?
        var hasEnded = false
        /// Signals that came before there was somebody to have them.
        var early: [Int32] = []
        var isOutOfTime = false
    }

    private let state = Mutex(State())
    private let hasOwnGroup = isatty(STDIN_FILENO) != 1

    /// How long a command that is out of time may take to tidy up after SIGTERM.
    private static let grace = Duration.seconds(2)

    /// Passes a signal on, now or once the program runs. What a terminal's ^C sends to us it sends to all of its
    /// foreground group: a program in there needs no second SIGINT.
    func forward(_ signal: Int32) {
        guard signal != SIGINT || !sharesForegroundGroup else { return }
        let process: pid_t? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            if state.process == nil { state.early.append(signal) }
            return state.process
        }
        if let process { _ = kill(hasOwnGroup ? -process : process, signal) }
    }

    /// Runs it to its end.
    /// - Returns: its exit code, or 124, 126, 127, 128 + signal as `timeout` and shells do.
    /// - Parameters:
    ///   - port: what it finds in SOLDERLESS_PORT.
    ///   - control: what it finds in SOLDERLESS_CONTROL; nil for nothing.
    func run(_ words: [String], port: String, control: String?, timeout: Double?) async -> Int32 {
        guard !words[0].isEmpty else {
            Console.complain("the command after -- has an empty name")
            return 127
        }
        let isPath = words[0].contains("/")
        do {
            return try await withThrowingTaskGroup(of: Int32?.self) { group in
                group.addTask {
                    try await self.run(
                        words, isPath ? .path(FilePath(words[0])) : .name(words[0]),
                        ["SOLDERLESS_PORT": port, "SOLDERLESS_CONTROL": control])
                }
                if let timeout {
                    group.addTask {
                        try await Task.sleep(for: .seconds(timeout))
                        self.state.withLock { $0.isOutOfTime = true }
                        Console.log("solderless run: timed out after \(timeout) s")
                        await self.end()
                        return nil
                    }
                }
                let first = try await group.next() ?? nil
                let isOutOfTime = self.state.withLock(\.isOutOfTime)
                // It has gone at the first word; what it started may still need the second.
                if isOutOfTime, first != nil { _ = try await group.next() }
                group.cancelAll()
                return isOutOfTime ? ExitCode.timedOut.rawValue : first ?? ExitCode.runFailed.rawValue
            }
        } catch {
            Console.complain("\(words[0]): \(error)")
            return isPath && access(words[0], F_OK) == 0 ? 126 : 127
        }
    }

    private func run(_ words: [String], _ executable: Executable, _ variables: [Environment.Key: String?]) async throws
        -> Int32
    {
        var options = PlatformOptions()
        if hasOwnGroup { options.processGroupID = 0 }
        let result = try await Subprocess.run(
            executable, arguments: Arguments(Array(words.dropFirst())),
            environment: Environment.inherit.updating(variables), platformOptions: options,
            input: .fileDescriptor(.standardInput, closeAfterSpawningProcess: false),
            output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
        ) { execution in
            let process = execution.processIdentifier.value
            let early = self.state.withLock { state in
                state.process = process
                return state.early
            }
            for signal in early { _ = kill(self.hasOwnGroup ? -process : process, signal) }
        }
        state.withLock { $0.hasEnded = true }
        switch result.terminationStatus {
        case .exited(let code): return code
        case .signaled(let signal): return 128 + signal
        }
    }

    // MARK: Ending it

    /// Asks the program and what it has started to end, and ends what does not.
    private func end() async {
        guard let process = state.withLock(\.process) else { return }
        // Now: whose parent has ended is nobody's descendant any more.
        let targets = hasOwnGroup ? [-process] : [process] + Descendants.of(process)
        for target in targets { _ = kill(target, SIGTERM) }
        let limit = ContinuousClock.now + Self.grace
        while ContinuousClock.now < limit, targets.contains(where: { kill($0, 0) == 0 }) {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for target in targets { _ = kill(target, SIGKILL) }
    }

    private var sharesForegroundGroup: Bool {
        guard !hasOwnGroup else { return false }
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return tcgetpgrp(terminal) == getpgrp()
    }
}
