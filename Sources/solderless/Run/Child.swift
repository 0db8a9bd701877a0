import ArgumentParser
import Files
import Foundation
import Ports
import Synchronization
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// A program run for the user, its input and output passed through.
///
/// Away from a terminal it gets a process group of its own. On a terminal it stays in ours: a terminal lets only its
/// foreground group read. Either way what it starts ends with it, for whoever loses its parent becomes our child; and it
/// ends with us. `runByItself` does neither.
final class Child: Sendable {
    /// How it came out.
    struct Ending: Sendable {
        /// Its own, or 124, 126, 127, 128 + signal as `timeout` and shells have them.
        var code: Int32
        /// What ended it; nil where it ended by itself.
        var signal: Int32?
        var hasStarted = true
        var isOutOfTime = false
    }

    private struct State {
        var process: pid_t?
        var hasEnded = false
        /// Signals that came before there was somebody to have them.
        var early: [Int32] = []
        var isOutOfTime = false
    }

    private let state = Mutex(State())
    private let hasOwnGroup: Bool
    /// What it reads from and writes to, in a session of its own; nil for what we have.
    private let terminal: OutputTerminal?
    /// Whether a person is told that its time is up.
    private let tellsTimeout: Bool

    /// The command of ours that runs it.
    private let command: String

    /// Its input and output are ours. - Parameter command: the command of ours that runs it, as messages name it.
    init(of command: String = RunCommand.name) {
        self.command = command
        hasOwnGroup = isatty(STDIN_FILENO) != 1
        terminal = nil
        tellsTimeout = true
    }

    /// It has a terminal of its own, and nobody is told anything.
    init(on terminal: OutputTerminal) {
        command = ""
        hasOwnGroup = true
        self.terminal = terminal
        tellsTimeout = false
    }

    /// Passes a signal on, now or once the program runs. What a terminal's ^C and ^\ send to us they send to all of its
    /// foreground group: a program in there needs no second one.
    func forward(_ signal: Int32) {
        guard signal != SIGINT && signal != SIGQUIT || !sharesForegroundGroup else { return }
        state.withLock { state in
            guard !state.hasEnded else { return }
            // Under the lock: once it has ended it is buried, and its number may be another's.
            if let process = state.process { send(signal, to: process) } else { state.early.append(signal) }
        }
    }

    private func send(_ signal: Int32, to process: pid_t) {
        _ = kill(hasOwnGroup ? -process : process, signal)
    }

    /// Runs it to its end, and ends what it leaves behind.
    /// - Parameters:
    ///   - words: the program and its arguments, in the bytes that it is to get.
    ///   - port: what it finds in SOLDERLESS_PORT.
    ///   - control: what it finds in SOLDERLESS_CONTROL; nil for nothing.
    ///   - output: what becomes its standard output.
    ///   - variables: what else its environment has.
    ///   - timeout: in seconds; nil for no limit.
    func run(
        _ words: [[UInt8]], port: String, control: String?, variables more: [(name: String, value: String?)] = [],
        output: Int32, timeout: Double?
    ) async -> Ending {
        guard isNamed(words) else { return Ending(code: 127, hasStarted: false) }
        ChildProcess.adoptOrphans()
        let limit = timeout.map { timeout in
            Task {
                try await Task.sleep(for: .seconds(timeout))
                self.state.withLock { $0.isOutOfTime = true }
                if self.tellsTimeout { Console.log("solderless \(self.command): timed out after \(timeout) s") }
                await Descendants.end()
            }
        }
        let variables: [(name: String, value: String?)] =
            [("SOLDERLESS_PORT", port), ("SOLDERLESS_CONTROL", control)] + more
        var ending = await untilItEnds(words, variables, output, outlivesUs: false)
        ending.isOutOfTime = state.withLock(\.isOutOfTime)
        if ending.isOutOfTime {
            // It has gone at the first word; what it started may still need the second.
            try? await limit?.value
            ending.code = ExitCode.timedOut.rawValue
        } else {
            limit?.cancel()
        }
        await Descendants.end()
        return ending
    }

    /// Runs it to its end and leaves it to itself: what it leaves behind goes on, and so does it when we are killed.
    /// - Parameters:
    ///   - variables: what its environment has beside ours.
    ///   - output: what becomes its standard output.
    func runByItself(
        _ words: [[UInt8]], _ variables: [(name: String, value: String?)], output: Int32
    ) async -> Ending {
        guard isNamed(words) else { return Ending(code: 127, hasStarted: false) }
        // A caller that ignored it would have the kernel bury the program, and nobody could say how it ended.
        signal(SIGCHLD, SIG_DFL)
        return await untilItEnds(words, variables, output, outlivesUs: true)
    }

    private func isNamed(_ words: [[UInt8]]) -> Bool {
        if words[0].isEmpty { Console.complain("the command after -- has an empty name") }
        return !words[0].isEmpty
    }

    /// On a thread of its own: the kernel kills the program when the thread that has started it ends.
    private func untilItEnds(
        _ words: [[UInt8]], _ variables: [(name: String, value: String?)], _ output: Int32, outlivesUs: Bool
    ) async -> Ending {
        await withCheckedContinuation { ended in
            Thread.detachNewThread {
                ended.resume(returning: self.startAndFollow(words, variables, output, outlivesUs: outlivesUs))
            }
        }
    }

    private func startAndFollow(
        _ words: [[UInt8]], _ variables: [(name: String, value: String?)], _ output: Int32, outlivesUs: Bool
    ) -> Ending {
        do {
            return follow(
                try ChildProcess(
                    words, setting: variables, output: output, hasOwnGroup: hasOwnGroup, terminal: terminal,
                    outlivesUs: outlivesUs))
        } catch {
            Console.complain("\(error)\(Self.advice(error, words[0]))")
            let isThere = words[0].contains(UInt8(ascii: "/")) && access(error.path.systemName, F_OK) == 0
            return Ending(code: error.code == .missing && !isThere ? 127 : 126, hasStarted: false)
        }
    }

    /// What to do about a program that a shell would not have found either.
    private static func advice(_ error: PortError, _ name: [UInt8]) -> String {
        let path = String(keeping: name)
        guard error.code == .missing, !name.contains(UInt8(ascii: "/")), access(path.systemName, F_OK) == 0 else {
            return ""
        }
        return "; it is in no folder of PATH: call it ./\(printable(path)), or name the program that runs it"
    }

    private func follow(_ child: ChildProcess) -> Ending {
        state.withLock { state in
            state.process = child.process
            for signal in state.early { send(signal, to: child.process) }
        }
        let ending = child.untilItEnds()
        state.withLock { $0.hasEnded = true }
        child.bury()
        return switch ending {
        case .exited(let code): Ending(code: code)
        case .signalled(let signal): Ending(code: 128 + signal, signal: signal)
        }
    }

    private var sharesForegroundGroup: Bool {
        guard !hasOwnGroup else { return false }
        let terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return false }
        defer { close(terminal) }
        return tcgetpgrp(terminal) == getpgrp()
    }
}
