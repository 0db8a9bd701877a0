import ArgumentParser
import Bench
import Capture
import Files
import Images
import Ports
import Replay
import Trace
import Words

#if canImport(Glibc)
    import Glibc
#endif

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play one side of a trace: the chip to your flasher, or the flasher to a chip.",
        discussion: """
            The chip is played on a pseudo-terminal, whose name is the first line on standard output; or give your \
            flasher's command after --, with {port} in the port's place. The first thing that is not as recorded is \
            explained: the step, both sides' bytes, what the chip would have answered, and a trace of the replay to \
            compare.

            Examples: solderless replay session.pcap --match frames -- my-flasher --port {port} write image.bin
                      solderless replay session.pcap --as host --port /dev/ttyUSB0 --match frames

            Exit code 0 if all was as recorded, 1 if not, 124 out of time. The page docs/replay.md has more.
            """)

    @Argument(help: "The trace.") var trace: String

    @OptionGroup var matching: ReplayMatchOptions

    @Option(
        help: ArgumentHelp(
            "Symbolic link to the chip's port. (default: replay in the runtime folder; none with a command)",
            valueName: "path"))
    var link: String?

    @Option(help: ArgumentHelp("With --as host: the serial port of the chip.", valueName: "device")) var port: String?

    @Option(help: ArgumentHelp("End the replay after this long, with exit code 124.", valueName: "seconds"))
    var timeout: Double?

    @OptionGroup(title: "The trace of the replay") var output: ReplayTraceOptions
    @OptionGroup(title: "The emulated chip") var chip: ReplayChipOptions
    @OptionGroup var report: ReportFormat

    @Argument(parsing: .postTerminator, help: "Your flasher's command, after --.")
    var command: [String] = []

    mutating func validate() throws {
        if let timeout, !(0.001...604_800).contains(timeout) {
            throw ValidationError("--timeout takes 0.001 to 604800 seconds, not \(timeout)")
        }
        if matching.side == .host {
            guard port != nil else { throw ValidationError("--as host needs the chip's port: --port /dev/ttyUSB0") }
            guard command.isEmpty else { throw ValidationError("--as host plays the flasher: leave out the command") }
            guard link == nil else { throw ValidationError("--link is for a chip that is played, not for --as host") }
        } else if port != nil {
            throw ValidationError("--port is for --as host; a chip that is played makes its own port (--link names it)")
        }
        for (option, path) in [("--link", link), ("--port", port)] where path == "" {
            throw ValidationError("\(option) takes a path, which is empty here")
        }
    }

    func run() async throws {
        var plan = try self.plan()
        let kept = try output.file(beside: trace)
        plan.tracePath = kept?.recording
        for assumption in plan.assumptions { Console.log("assumed: \(assumption)") }
        do {
            let (result, ending) =
                matching.side == .host ? (try playHost(plan), nil) : try await playChip(plan)
            var told = ReplayReport(command: self, plan: plan, result: result, ending: ending)
            if let kept {
                told.failedTrace = try keep(kept, told.isFailure || output.trace != nil) ? kept.path : nil
            }
            report.print(told.json, text: told.text)
            if told.exitCode != 0 { throw ExitCode(told.exitCode) }
        } catch {
            if !(error is ExitCode) { kept?.discard() }
            throw error
        }
    }

    /// - Throws: `CaptureError`, `FileError`, `Failure`.
    private func plan() throws -> ReplayPlan {
        var events: [TraceEvent] = []
        let summary = try TraceReader(opening: trace).forEach { events.append($0) }
        let recording = Recording(events, isCutOff: summary.endsTruncated != nil)
        guard !recording.isEmpty else {
            throw Failure(
                .environment,
                "\(trace) has no byte that a host or a chip is known to have sent: there is nothing to play. `show` tells "
                    + "what is in it")
        }
        guard matching.match == .exact || !recording.isTooLong else {
            throw Failure(
                .environment,
                "\(trace) has more than \(Recording.mostMessages) messages: --match exact plays it byte by byte")
        }
        var plan = ReplayPlan(recording, match: matching.match)
        plan.pace = matching.pace
        plan.patience = .seconds(matching.patience)
        plan.tolerates = matching.tolerate
        plan.knowsStub = { StubImage(identifying: $0) != nil }
        plan.chip = try chip.chip()
        plan.programVersion = Solderless.version
        plan.commandLine = CommandLineWords.all.joined(separator: " ")
        return plan
    }

    /// A trace that does not get its name costs no verdict. - Returns: whether it is there.
    private func keep(_ trace: FailureTrace, _ isKept: Bool) throws -> Bool {
        do {
            return try trace.settle(keeping: isKept)
        } catch {
            Console.complain("\(error)")
            return false
        }
    }

    private func playHost(_ plan: ReplayPlan) throws -> ReplayResult {
        try plan.playHost(on: port ?? "", timeout: timeout.map { .seconds($0) }) { !$0.isEmpty }
    }

    private func playChip(_ plan: ReplayPlan) async throws -> (ReplayResult, Child.Ending?) {
        guard !command.isEmpty else {
            let replay = try await ReplayThread.start(
                plan, link: link ?? PseudoTerminal.defaultLink(name: "replay"), heardSignal: { _ in true })
            Console.printName(replay.link ?? replay.path)
            Console.log("port: \(replay.path)\(replay.link.map { " (\($0))" } ?? ""); waiting for a host")
            return (try await withTimeout(replay), nil)
        }
        let child = Child(of: "replay")
        let replay = try await ReplayThread.start(plan, link: link) { signal in
            child.forward(signal)
            return false
        }
        let name = replay.link ?? replay.path
        let ending = await child.run(
            command.map { $0.keptBytes.replacing(Array("{port}".utf8), with: name.keptBytes) }, port: name,
            control: nil, output: report.json ? STDERR_FILENO : STDOUT_FILENO, timeout: timeout)
        var result = try await replay.stop()
        result.isOutOfTime = ending.isOutOfTime
        return (result, ending)
    }

    /// Waits for the end of a replay, or of the time.
    private func withTimeout(_ replay: ReplayThread) async throws -> ReplayResult {
        guard let timeout else { return try await replay.result() }
        return try await withThrowingTaskGroup(of: ReplayResult?.self) { tasks in
            tasks.addTask { try await replay.result() }
            tasks.addTask {
                try await Task.sleep(for: .seconds(timeout))
                return nil
            }
            defer { tasks.cancelAll() }
            if let result = try await tasks.next() ?? nil { return result }
            var result = try await replay.stop()
            result.isOutOfTime = true
            return result
        }
    }
}
