import ArgumentParser
import Bench
import Check
import Emulator
import Files
import Foundation
import Line
import Ports
import ScenarioFiles
import Scenarios
import Synchronization
import Words

#if canImport(Glibc)
    import Glibc
#endif

/// One run of `check`, in a process of its own: what the program leaves behind becomes this process's, and ends with it.
///
/// It says how it came out as JSON (`CheckedRun`), and is for `check` alone.
struct CheckRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-run", abstract: "One run of check.", shouldDisplay: false)

    @Option var scenario: String
    @Option var seed: UInt64
    /// In seconds.
    @Option var timeout: Double
    /// Where the trace goes.
    @Option var trace: String
    /// Where the flash goes in the end.
    @Option var flash: String
    @Option(name: .customLong("look-for")) var texts: [String] = []
    @Option var prompt: String?
    @Option var answer = ""
    @Flag var noLines = false
    @OptionGroup var cuts: CheckRunCuts
    @Argument(parsing: .postTerminator) var command: [String] = []

    func run() async throws {
        let output = try RunOutput(lookingFor: texts, prompt: prompt)
        let child = Child(on: output.terminal)
        let scenario = try ScenarioOptions.scenario(scenario)
        // `check` says why there is none.
        let library = noLines ? nil : try? LinesLibrary(for: command.map(\.keptBytes))
        var plan = try plan(scenario)
        plan.hasLines = library != nil
        let hand = PowerHand(scenario.power)
        if prompt != nil, hand.waitsForPrompt { plan.setup = try setup(scenario, power: hand.rest) }
        let emulation = try await EmulationThread.start(
            plan, log: ConsoleLog.logger(isQuiet: true),
            heardSignal: { signal in
                heardSignal.store(signal, ordering: .relaxed)
                Task { await Descendants.end() }
            })
        let orphaned = Task { await Self.endWhenAlone() }
        output.follow { [answer] in
            if !answer.isEmpty { output.terminal.type(answer) }
            if let control = emulation.control { hand.act(through: control) }
        }
        // Only our own hosts can be told to begin later; another is started later.
        try? await Task.sleep(for: scenario.host.delay)
        let stalls = StallWatch()
        let ending = await child.run(
            command.map { $0.keptBytes.replacing(Array("{port}".utf8), with: emulation.path.keptBytes) },
            port: emulation.path, control: nil,
            variables: [("TERM", "dumb"), ("NO_COLOR", "1")] + (library?.variables(for: emulation) ?? []),
            output: STDOUT_FILENO, timeout: timeout)
        let stall = stalls.end()
        let refusal = hand.end()
        let (summary, failure) = await emulation.stop()
        await output.end()
        orphaned.cancel()
        if let failure { throw failure }
        let signal = heardSignal.load(ordering: .relaxed)
        guard signal == 0 else { throw Failure(ExitCode(128 + signal), "stopped by \(signalName(signal))") }
        if let refusal { throw Failure(.environment, "the chip's power could not be switched: \(refusal)") }
        guard let summary else { throw Failure(.environment, "the bench ended without a word") }
        try FileStore.replace(path: flash, with: summary.flash.contents.span)
        var run = CheckedRun(ending: ending, summary: summary, output: output.watch, prompt: prompt, hand)
        run.lateness = max(run.lateness, stall)
        Console.print(run.json.description)
    }

    private func plan(_ scenario: Scenario) throws -> EmulationPlan {
        var plan = EmulationPlan(try setup(scenario, power: nil))
        plan.scenario = scenario.name
        plan.flashTimes = try Catalogue.flashParts()[scenario.flashID]?.times
        plan.tracePath = trace
        plan.replacesTrace = true
        plan.keepsLastExchange = true
        plan.flashSource = cuts.flash
        plan.cut = cuts.plan
        plan.control = prompt == nil ? .none : .wanted(nil)
        plan.programVersion = Solderless.version
        plan.commandLine = command.joined(separator: " ")
        return plan
    }

    private func setup(_ scenario: Scenario, power: PowerSchedule?) throws -> Setup {
        var overrides = Overrides()
        overrides.power = power
        return try Setup(scenario, seed: seed, overrides: overrides)
    }

    /// Without `check` nobody would read what comes of this: whatever has ended it, the program ends too.
    private static func endWhenAlone() async {
        let parent = getppid()
        while getppid() == parent {
            do { try await Task.sleep(for: .milliseconds(300)) } catch { return }
        }
        await Descendants.end()
    }
}

/// What has ended the program in the midst of its run; 0 for nothing.
private let heardSignal = Atomic<Int32>(0)

/// Somebody's hand at the supply's switch, who reads what the program prints.
final class PowerHand: Sendable {
    /// Of the scenario: the first switch, if it waits for the host.
    private let first: PowerSchedule.Switch?
    private let schedule: PowerSchedule
    private let state: Mutex<State>

    private struct State {
        var prompts: PowerPrompts
        /// The program has ended: that the bench goes as well is no failure.
        var isOver = false
        var refusal: String?
    }

    init(_ schedule: PowerSchedule) {
        self.schedule = schedule
        first = schedule.switches.first.flatMap { $0.isOn && $0.trigger == .firstHostByte ? $0 : nil }
        state = Mutex(State(prompts: PowerPrompts(waits: first != nil)))
    }

    /// Whether the chip gets its power when the program asks for it, in place of when the host begins.
    var waitsForPrompt: Bool { first != nil }
    /// How often the program has asked.
    var prompts: Int { state.withLock { $0.prompts.count } }

    /// What of the schedule is not left to the hand.
    var rest: PowerSchedule { PowerSchedule(Array(schedule.switches.dropFirst())) }

    /// The program asks: power comes as late as the scenario says. When it asks again, power is switched off and on.
    func act(through control: String) {
        guard let number = state.withLock({ $0.prompts.next(at: .now) }) else { return }
        let request: ControlRequest = number == 1 ? .power(on: true) : .cyclePower(off: .milliseconds(500))
        let delay = first?.delay ?? .zero
        Task {
            try? await Task.sleep(for: delay)
            var refusal: String?
            do {
                var bench = try RemoteEmulation(socket: control)
                _ = try bench.ask(request)
            } catch {
                refusal = "\(error)"
            }
            state.withLock { [refusal] in
                $0.prompts.acted()
                if !$0.isOver, $0.refusal == nil { $0.refusal = refusal }
            }
        }
    }

    /// The program has ended. - Returns: why a request was refused; nil for none.
    func end() -> String? {
        state.withLock {
            $0.isOver = true
            return $0.refusal
        }
    }
}

/// The terminal that the program prints on, read on a thread of its own.
final class RunOutput: Sendable {
    let terminal: OutputTerminal
    private let state: Mutex<OutputWatch>
    private let prompt: String?
    private let finished: AsyncStream<Void>
    private let finish: AsyncStream<Void>.Continuation

    /// How long what is printed may take to come through once the program has ended.
    private static let patience = Duration.seconds(2)

    /// - Throws: `PortError`.
    init(lookingFor texts: [String], prompt: String?) throws(PortError) {
        terminal = try OutputTerminal()
        self.prompt = prompt
        state = Mutex(OutputWatch(lookingFor: texts + (prompt.map { [$0] } ?? [])))
        (finished, finish) = AsyncStream<Void>.makeStream()
    }

    var watch: OutputWatch { state.withLock { $0 } }

    /// - Parameter prompted: called each time the program has printed its prompt.
    func follow(_ prompted: @escaping @Sendable () -> Void) {
        Thread.detachNewThread {
            self.terminal.follow { bytes in
                let news = self.state.withLock { $0.take(bytes) }
                for text in news where text == self.prompt { prompted() }
            }
            self.finish.finish()
        }
    }

    /// Waits until everything that was printed is there.
    func end() async {
        terminal.letGo()
        let limit = Task {
            try await Task.sleep(for: Self.patience)
            terminal.stop()
        }
        for await _ in finished {}
        limit.cancel()
    }
}
