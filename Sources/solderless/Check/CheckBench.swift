import Capture
import Check
import Emulator
import Files
import Foundation
import Line
import Reports
import Scenarios
import Subprocess
import SystemPackage
import Words

/// Runs a flasher once in a scenario and judges it.
struct CheckBench: Sendable {
    let plan: CheckPlan
    let folder: String
    let report: CheckReportOptions
    /// What is known of commands that were given again after a cut.
    let givenAgain = RunsGivenAgain()
    let again: @Sendable (CheckCase, CheckJob) -> String
    /// The path of this program.
    private let program: String

    /// The most that a run says of itself, in bytes.
    private static let mostOutput = 4 << 20

    /// - Parameters:
    ///   - folder: for what comes and goes.
    ///   - again: the command that repeats a run.
    /// - Throws: `Failure`.
    init(
        _ plan: CheckPlan, folder: String, report: CheckReportOptions,
        again: @escaping @Sendable (CheckCase, CheckJob) -> String
    ) throws {
        guard let program = linkTarget(of: "/proc/self/exe") else {
            throw Failure(.environment, "cannot find the path of this program")
        }
        self.plan = plan
        self.folder = folder
        self.report = report
        self.again = again
        self.program = program
    }

    /// - Parameter attempt: from 1.
    /// - Throws: `Failure`, `.environment`, when the bench failed or the command could not be started; `FaultError`,
    ///   `FileError`.
    func run(_ run: CheckCase, attempt: Int) async throws -> CheckReport.Entry {
        if let cut = run.cut { return try await runCut(run, cut, attempt: attempt) }
        let work = try CheckWork(run, on: self)
        defer { work.remove() }
        let one = try await perform(run, work.job, work)
        var result = one.trial.result(command: work.words)
        complete(&result, [one], attempt)
        // Where it is run again, what is kept is of the last run.
        result.trace = try report.keep(one.trace, of: result)
        var named = run
        if run.scenarioName == nil {
            named.scenarioName = try report.keep(work.scenario, of: result, as: "yaml")
        }
        result.repeating = again(named, work.job)
        return CheckReport.Entry(result, one.session)
    }

    /// One run of the command: how it came out, and what it has left.
    struct Performed {
        var outcome: CheckedRun
        var trial: CheckTrial
        var session: CheckedSession?
        /// Files.
        var trace: String
        var flash: String
    }

    /// - Parameters:
    ///   - job: what it is held against.
    ///   - number: of several on the same flash, from 0.
    ///   - flash: the file that it begins with; nil for what the seed makes.
    ///   - cut: where it is cut; nil for nowhere.
    /// - Throws: as `run`.
    func perform(
        _ run: CheckCase, _ job: CheckJob, _ work: CheckWork, number: Int = 0, from flash: String? = nil,
        _ cut: PlannedCut? = nil
    ) async throws -> Performed {
        let (trace, end) = ("\(work.place)/trace-\(number).pcap", "\(work.place)/flash-\(number).bin")
        let (outcome, ending) = try await start(
            run, work, trace: trace, flash: end, and: CheckRunCuts.words(from: flash, cut))
        let session = Self.session(trace, isCutOff: ending.way == .outOfTime)
        let found = try FileStore.read(path: end, limit: 64 << 20)
        let reading = run.task == .backup ? try? FileStore.read(path: work.out, limit: 64 << 20) : nil
        // What a run leaves there is not the next one's.
        if run.task == .backup { try? FileManager.default.removeItem(atPath: work.out) }
        let trial = CheckTrial(
            run, job, plan.flasher, ending: ending, duration: outcome.duration, limit: plan.limit(run, work.job),
            found: found, reading: reading,
            reportedSizes: work.setup.reportedSizes(outcome.firings.map { ($0.fault, $0.count) }),
            firings: outcome.firings, output: outcome.output,
            powerNeverCame: outcome.waitsForPrompt && outcome.prompts == 0,
            session: session.map {
                .init(openings: $0.openings, lateByteCount: $0.lateByteCount, wasVerified: $0.wasVerified)
            })
        return Performed(outcome: outcome, trial: trial, session: session, trace: trace, flash: end)
    }

    func complete(_ result: inout CheckResult, _ runs: [Performed], _ attempt: Int) {
        result.lateness = runs.map(\.outcome.lateness).max() ?? .zero
        result.attempt = attempt
        result.lastExchange = runs.last?.outcome.lastExchange ?? ""
    }

    /// - Parameters:
    ///   - trace: the file where it goes; and the flash in the end.
    ///   - options: more of them.
    /// - Throws: `Failure`.
    private func start(
        _ run: CheckCase, _ work: CheckWork, trace: String, flash: String, and options: [String]
    ) async throws -> (CheckedRun, ProgramEnding) {
        var arguments = [
            "check-run", "--scenario", work.scenario, "--seed", "\(run.seed)", "--timeout",
            "\(plan.timeout(run, work.job))", "--trace", trace, "--flash", flash,
        ]
        arguments += options
        if plan.options.noLines { arguments.append("--no-lines") }
        for text in plan.flasher.texts { arguments.append("--look-for=\(text)") }
        if let prompt = plan.flasher.powerPrompt {
            arguments.append("--prompt=\(prompt.text)")
            if !prompt.answer.isEmpty { arguments.append("--answer=\(prompt.answer)") }
        }
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(8))]
        let result = try await Subprocess.run(
            .path(FilePath(platformString: program.systemName)),
            arguments: Arguments((arguments + ["--"] + started(work.words)).map { $0.keptBytes + [0] }),
            platformOptions: options, input: .none, output: .string(limit: Self.mostOutput),
            error: .string(limit: Self.mostOutput))
        try Task.checkCancellation()
        let line = result.standardOutput.split(separator: "\n").last ?? ""
        guard let outcome = (try? JSONReader.value(of: String(line))).flatMap(CheckedRun.init) else {
            throw Failure(
                .environment,
                "\(run.label): the bench failed: \(Self.complaint(result.standardError))")
        }
        guard let ending = outcome.ending else {
            throw Failure(.environment, Self.complaint(result.standardError))
        }
        return (outcome, ending)
    }

    /// What the other process complained of, without its own "error:".
    private static func complaint(_ error: String) -> String {
        let lines = error.split(separator: "\n").map { printable(String($0)) }
        guard let first = lines.first else { return "it gave no reason" }
        return ([String(first.trimmingPrefix("error: "))] + lines.dropFirst()).joined(separator: "\n")
    }

    /// Our own flasher is this very program, wherever it stands: another one of its name may be in a folder of PATH.
    private func started(_ words: [String]) -> [String] {
        plan.options.flasher == CheckOptions.ownFlasher ? [program] + words.dropFirst() : words
    }

    /// What the trace tells; nil where it cannot be read.
    static func session(_ path: String, isCutOff: Bool) -> CheckedSession? {
        var session = CheckedSession(isCutOff: isCutOff)
        let summary = try? TraceReader(opening: path).follow { bytes, direction, time in
            session.data(bytes, direction, at: time)
        } other: { event in
            session.other(event)
        }
        guard summary != nil else { return nil }
        session.finish()
        return session
    }
}
