import ArgumentParser
import Bench
import Files
import Line
import Ports
import SystemPackage
import Trace
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// Runs a command and records what it does with its port.
struct AttachedCommand {
    var options: AttachOptions
    /// The trace.
    var output: String
    /// Whether a file of that name may be replaced.
    var replacing: Bool
    /// Whether the session is told on standard error while it happens.
    var isVerbose: Bool

    /// - Returns: the command's own exit code; 126 or 127 where there is no such command, and then no file is made or
    ///   replaced; where it succeeded and nothing could be recorded, 3.
    /// - Throws: `Failure`, `PortError`, `CaptureError` before the command is started.
    func run() async throws -> ExitCode {
        let words = options.command.map(\.keptBytes)
        if let obstacle = PreloadObstacle.to(words) { throw Failure(.usage, obstacle) }
        let child = Child()
        // Says that, and starts nothing.
        if words[0].isEmpty { return ExitCode(await child.runByItself(words, []).code) }
        if case .failure(let reason) = ProgramSearch.path(of: words[0]) { return refuse(words[0], reason) }
        let library = try PreloadLibrary()
        let recording = try await AttachedRecording.start(
            AttachedPlan(
                tracePath: output, replacesTrace: replacing, port: options.port,
                commandLine: options.command.map(shellWord).joined(separator: " "),
                programVersion: Solderless.version),
            story: isVerbose ? ConsoleLog.story : nil, tell: { Console.log("solderless record: \($0)") },
            heardSignal: child.forward)
        let chosen = options.port.flatMap(Terminals.device)
        let ending = await child.runByItself(
            words,
            library.variables(socket: recording.socketPath, exceptions: Terminals.own().filter { $0 != chosen }))
        let (summary, failure) = await recording.stop()
        if let failure { Console.complain("\(failure)") }
        guard ending.hasStarted else {
            // Only trying shows it: a script's interpreter is missing, for example. A trace of nothing would be in the
            // way of the next try.
            if let status = statusWithoutFollowing(output), status.st_mode & S_IFMT == S_IFREG {
                unlink(output.systemName)
            }
            return ExitCode(ending.code)
        }
        var isGood = failure == nil
        if let summary { isGood = tell(summary) && isGood }
        return ending.code == 0 && !isGood ? .environment : ExitCode(ending.code)
    }

    /// Says why a command cannot be started, as `Child` would. - Returns: the code that shells have for it.
    private func refuse(_ word: [UInt8], _ reason: Errno) -> ExitCode {
        let isMissing = reason == .noSuchFileOrDirectory || reason == .notDirectory
        let code: PortError.Code = isMissing ? .missing : reason == .permissionDenied ? .noPermission : .system
        Console.complain(
            "\(PortError(code, path: String(keeping: word), "cannot start the command", errno: reason))")
        return ExitCode(isMissing ? 127 : 126)
    }

    /// Says what was recorded. - Returns: whether that is what happened.
    private func tell(_ summary: AttachedSummary) -> Bool {
        for line in summary.remarks(wanted: options.port) { Console.error(line) }
        Console.error("wrote \(output): \(summary.inWords)")
        return summary.traceFailure == nil && summary.processCount > 0
    }
}

extension AttachedSummary {
    /// `/dev/ttyUSB0, 5120 B sent, 70.2 KB received, at 115200 and 921600 baud`
    fileprivate var inWords: String {
        guard let port else { return "no port was recorded" }
        let rates = bauds.isEmpty ? "" : ", at \(bauds.map(String.init).joined(separator: ", ")) baud"
        let counts = port.byteCount
        return "\(printable(port.name)), \(Format.bytes(Int64(counts.hostToChip))) sent, "
            + "\(Format.bytes(Int64(counts.chipToHost))) received\(rates)"
    }

    /// What the user should know, a sentence each.
    fileprivate func remarks(wanted: String?) -> [String] {
        var remarks: [String] = []
        if processCount == 0 {
            remarks.append(
                "The preload library was not loaded, so nothing was recorded: does the command run another one with an "
                    + "environment of its own (sudo, env -i) or in a container?")
        } else if recorded == nil, let wanted {
            remarks.append("The command did not open \(printable(wanted)).")
        } else if recorded == nil {
            remarks.append("The command opened no port.")
        }
        let others = ports.filter { $0.device != recorded }.map { printable($0.name) }
        if !others.isEmpty {
            remarks.append(
                "Also opened and not recorded: \(others.joined(separator: ", ")) (--port chooses).")
        }
        let missing = lost.hostToChip.addingReportingOverflow(lost.chipToHost)
        if missing.partialValue != 0 || lostOthers > 0 {
            remarks.append(
                "The recorder fell behind: \(lost.hostToChip) bytes sent, \(lost.chipToHost) received and "
                    + "\(lostOthers) other events are missing, of all ports together; the trace says where.")
        }
        if !stillHolding.isEmpty {
            let processes = stillHolding.map(String.init).joined(separator: ", ")
            remarks.append(
                "The port is still open in what the command left running (process \(processes)); recording ended.")
        }
        return remarks
    }
}
