import ArgumentParser
import Bench
import Emulator
import Files
import Ports
import Scenarios
import Words

#if canImport(Glibc)
    import Glibc
#endif

struct RunCommand: AsyncParsableCommand {
    static let name = "run"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Start a chip, run a command against it, and exit with the command's exit code.",
        discussion: """
            {port} in the command is replaced by the port, which is also in SOLDERLESS_PORT. SOLDERLESS_CONTROL names \
            the chip for solderless ctl, for example to switch its power. The port has control lines for the command, \
            by a preload library, and orders them, rates and flushes with the data; docs/lines.md has more. Input and \
            output of the command pass through. What the command starts in the background ends with it. Exit codes of run itself: 124 timed out, \
            125 wrong usage or the emulation failed, 126 the command cannot be executed, 127 it was not found; \
            128 + n when signal n ended it; 1 when the command succeeded and the flash is not as expected.

            Example: solderless run --power-after 0.5 -- my-flasher --port {port} write image.bin
            """)

    @OptionGroup var options: EmulationOptions

    @Option(help: ArgumentHelp("End the command after this long, with exit code 124.", valueName: "seconds"))
    var timeout: Double?

    @Option(
        help: ArgumentHelp(
            "Keep a trace (pcap) only if the command fails. With --overwrite it may replace an older one.",
            valueName: "file"))
    var traceOnFailure: String?

    @Option(
        help: ArgumentHelp(
            "At the end, compare the flash with this file, from the address on (default: 0); exit with 1 if it differs "
                + "and the command did not fail itself. Repeatable.", valueName: "file[@address]"))
    var expectFlash: [FlashExpectation] = []

    @Flag(
        help: """
            Print a report as JSON on standard output when the command has ended; the command's own standard output \
            then goes to standard error. docs/json.md describes it.
            """)
    var json = false

    @Flag(
        help: """
            Preload nothing into the command: its port then is a bare pseudo-terminal, without control lines. \
            docs/pty.md says what else that lacks.
            """)
    var noLines = false

    @Flag(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Print what happens on the line and in the chip, as it happens, on standard error."))
    var verbose = false

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
    var command: [String] = []

    mutating func validate() throws {
        guard !command.isEmpty else { throw ValidationError("no command given; put it after --") }
        if let timeout, !(0.001...604_800).contains(timeout) {
            throw ValidationError("--timeout takes 0.001 to 604800 seconds, not \(timeout)")
        }
        guard !options.overwrite || options.trace != nil || traceOnFailure != nil else {
            throw ValidationError("--overwrite needs --trace or --trace-on-failure")
        }
        guard traceOnFailure == nil || options.trace == nil else {
            throw ValidationError("--trace-on-failure contradicts --trace, which keeps a trace anyway")
        }
        guard traceOnFailure != "" else {
            throw ValidationError("--trace-on-failure takes a path, which is empty here")
        }
        for (option, path) in [("--trace", options.trace), ("--trace-on-failure", traceOnFailure)] {
            guard let path else { continue }
            try options.checkApart(option, path, from: expectFlash.map { ("--expect-flash", $0.path) })
        }
    }

    func run() async throws {
        let child = Child()
        let library = noLines ? nil : linesLibrary()
        let (plan, failureTrace, emulation) = try await start(child, hasLines: library != nil)
        if let warning = plan.setup.scenario.flashID.communityStubRemark { Console.log("warning: \(warning)") }
        if verbose { Console.log("chip: \(options.summary(of: plan)), seed \(options.seed)") }
        let port = emulation.link ?? emulation.path
        let ending = await child.run(
            words(port: port), port: port, control: emulation.control,
            variables: library?.variables(for: emulation) ?? [], output: json ? STDERR_FILENO : STDOUT_FILENO,
            timeout: timeout)
        let (summary, failure) = await emulation.stop()
        if let failure, !(failure is ToldError) { Console.complain("\(failure)") }
        throw ExitCode(tell(ending, summary, hasFailed: failure != nil, plan, failureTrace))
    }

    /// Nil where the command cannot have it; then it is said why, and the command runs as it always did.
    private func linesLibrary() -> LinesLibrary? {
        do throws(LinesLibrary.Obstacle) {
            return try LinesLibrary(for: command.map(\.keptBytes))
        } catch {
            Console.log("solderless run: \(error)")
            return nil
        }
    }

    /// Starts the chip. - Throws: the exit code, when everything has been said.
    private func start(_ child: Child, hasLines: Bool) async throws -> (EmulationPlan, FailureTrace?, EmulationThread) {
        var trace: FailureTrace?
        do {
            // Several of these run side by side in CI: no link unless one is asked for.
            var plan = try options.plan(linksByDefault: false)
            trace = try failureTrace(&plan)
            plan.expectedFlash = try expectations(plan)
            plan.keepsLastExchange = true
            plan.hasLines = hasLines
            let emulation = try await EmulationThread.start(
                plan, log: verbose ? ConsoleLog.logger(isQuiet: false) : ConsoleLog.brief,
                story: verbose ? ConsoleLog.story : nil, heardSignal: child.forward)
            return (plan, trace, emulation)
        } catch {
            trace?.discard()
            if !(error is ToldError) { Console.complain("\(error)") }
            throw ExitCode.runFailed
        }
    }

    /// - Throws: `FileError`.
    private func failureTrace(_ plan: inout EmulationPlan) throws -> FailureTrace? {
        guard let traceOnFailure else { return nil }
        let trace = try FailureTrace(traceOnFailure, replacing: options.overwrite)
        plan.tracePath = trace.recording
        plan.replacesTrace = true
        return trace
    }

    /// - Throws: `FileError`, `Failure`.
    private func expectations(_ plan: EmulationPlan) throws -> [ExpectedFlash] {
        guard !expectFlash.isEmpty else { return [] }
        let byteCount = plan.setup.sampleFlash().byteCount
        var expected: [ExpectedFlash] = []
        for expectation in expectFlash { expected.append(try expectation.read(flashByteCount: byteCount)) }
        return expected
    }

    /// The command with the port in its place, in the bytes that it was given in.
    private func words(port: String) -> [[UInt8]] {
        command.map { $0.keptBytes.replacing(Array("{port}".utf8), with: port.keptBytes) }
    }

    // MARK: The end

    /// Says how it came out. - Returns: the exit code.
    private func tell(
        _ ending: Child.Ending, _ summary: EmulationSummary?, hasFailed: Bool, _ plan: EmulationPlan,
        _ failureTrace: FailureTrace?
    ) -> Int32 {
        let complaints = (summary?.flashDifferences ?? []).compactMap(\.complaint)
        for complaint in complaints { Console.complain(complaint) }
        let (outcome, code) = Self.verdict(ending, benchFailed: hasFailed, flashDiffers: !complaints.isEmpty)
        var trace = options.trace
        if let failureTrace { trace = settle(failureTrace, keeping: code != 0) }
        guard let summary else { return code }
        let report = RunReport(
            command: command, ending: ending, exitCode: code, outcome: outcome, summary: summary,
            seed: plan.setup.seed, scenario: plan.scenario, board: plan.setup.scenario.board,
            flash: options.flash.map(absolute), trace: trace.map(absolute))
        if code != 0, ending.hasStarted { for line in report.lines { Console.log("solderless run: \(line)") } }
        if json { Console.print(report.json.description) }
        return code
    }

    /// A trace that does not get its name costs no verdict. - Returns: where it is; nil where it was not to be kept.
    private func settle(_ trace: FailureTrace, keeping: Bool) -> String? {
        do {
            return try trace.settle(keeping: keeping) ? trace.path : nil
        } catch {
            Console.complain("\(error)")
            return trace.recording
        }
    }

    /// What the command has to say comes first, then the bench, then the flash.
    private static func verdict(
        _ ending: Child.Ending, benchFailed: Bool, flashDiffers: Bool
    ) -> (RunReport.Outcome, Int32) {
        if !ending.hasStarted { return (.notStarted, ending.code) }
        if ending.isOutOfTime { return (.timedOut, ending.code) }
        if ending.code != 0 { return (.failed, ending.code) }
        if benchFailed { return (.benchFailed, ExitCode.runFailed.rawValue) }
        return flashDiffers ? (.flashDiffers, ExitCode.failed.rawValue) : (.passed, 0)
    }
}
