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
    /// Whether a report is printed; the command's standard output then goes to standard error.
    var isReported: Bool

    /// - Returns: the command's own exit code; 126 or 127 where it cannot be started, and then no file is made or
    ///   replaced; 3 where it succeeded and the library was not loaded into it, or the trace could not be written.
    /// - Throws: `Failure`, `PortError`, `CaptureError` before the command is started.
    func run() async throws -> ExitCode {
        let words = options.command.map(\.keptBytes)
        if let obstacle = PreloadObstacle.to(words) {
            let remedy = obstacle.remedy.map { "\($0), or " } ?? ""
            throw Failure(
                .usage, "\(obstacle.reason); \(remedy)record in front of the port: solderless record DEVICE")
        }
        let child = Child()
        // Says that, and starts nothing.
        if words[0].isEmpty { return ExitCode(await child.runByItself(words, [], output: STDOUT_FILENO).code) }
        if case .failure(let reason) = ProgramSearch.path(of: words[0]) { return refuse(words[0], reason) }
        let library = try PreloadLibrary(.attach)
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
            library.variables(socket: recording.socketPath, exceptions: Terminals.own().filter { $0 != chosen }),
            output: isReported ? STDERR_FILENO : STDOUT_FILENO)
        // Only trying shows that it cannot be: a script's interpreter is missing, for example.
        let (summary, failure) = await recording.stop(isInVain: !ending.hasStarted)
        if let failure { Console.complain("\(failure)") }
        guard ending.hasStarted else { return ExitCode(ending.code) }
        var isGood = failure == nil
        if let summary {
            isGood = tell(summary) && isGood
            if isReported { Console.print(summary.json(trace: absolute(output), code: ending.code).description) }
        }
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
