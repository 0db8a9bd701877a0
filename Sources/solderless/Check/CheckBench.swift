import Capture
import Check
import Emulator
import Files
import Foundation
import Line
import Reports
import ScenarioFiles
import Scenarios
import Subprocess
import SystemPackage
import Words

/// Runs a flasher once in a scenario and judges it.
struct CheckBench: Sendable {
    private let plan: CheckPlan
    private let folder: String
    private let report: CheckReportOptions
    private let again: @Sendable (CheckCase, CheckJob) -> String
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
        let place = "\(folder)/\(run.fileName)"
        try FileStore.makeFolder(path: place)
        defer { try? FileManager.default.removeItem(atPath: place) }
        let setup = try Setup(run.scenario, seed: run.seed)
        if run.task == .write { try requireRoom(in: setup) }
        let job = CheckJob(run, on: setup, firmware: plan.firmware, readByteCount: plan.readByteCount(run))
        let (image, out) = ("\(place)/image.bin", plan.options.out ?? "\(place)/read.bin")
        if let bytes = job.image { try FileStore.replace(path: image, with: bytes.span) }
        let words = plan.words(run, job, image: image, out: out)
        let scenario = run.scenarioName ?? "\(place)/scenario.yaml"
        if run.scenarioName == nil {
            let text = Array(ScenarioFile.text(of: run.scenario).utf8)
            try FileStore.replace(path: scenario, with: text.span)
        }
        let (outcome, ending) = try await start(run, job, words, scenario, in: place)
        let session = Self.session("\(place)/trace.pcap", isCutOff: ending.way == .outOfTime)
        let found = try FileStore.read(path: "\(place)/flash.bin", limit: 64 << 20)
        let reading = run.task == .backup ? try? FileStore.read(path: out, limit: 64 << 20) : nil
        if run.task == .backup, plan.options.out != nil { try? FileManager.default.removeItem(atPath: out) }
        let trial = CheckTrial(
            run, job, plan.flasher, ending: ending, duration: outcome.duration, limit: plan.limit(run, job),
            found: found, reading: reading,
            reportedSizes: setup.reportedSizes(outcome.firings.map { ($0.fault, $0.count) }),
            firings: outcome.firings, output: outcome.output,
            powerNeverCame: outcome.waitsForPrompt && outcome.prompts == 0,
            session: session.map {
                .init(openings: $0.openings, lateByteCount: $0.lateByteCount, wasVerified: $0.wasVerified)
            })
        var result = trial.result(command: words)
        result.lateness = outcome.lateness
        result.attempt = attempt
        result.lastExchange = outcome.lastExchange
        // Where it is run again, what is kept is of the last run.
        result.trace = try report.keep("\(place)/trace.pcap", of: result)
        var named = run
        if run.scenarioName == nil {
            named.scenarioName = try report.keep(scenario, of: result, as: "yaml")
        }
        result.repeating = again(named, job)
        return CheckReport.Entry(result, session)
    }

    /// - Throws: `Failure`, `.usage`, unless the flash has room for what is written.
    private func requireRoom(in setup: Setup) throws {
        let byteCount = setup.sampleFlash().contents.count
        for part in plan.firmware?.parts ?? [] {
            guard let problem = part.problem(inFlashOf: byteCount) else { continue }
            throw Failure(.usage, "\(setup.scenario.name): \(problem)")
        }
    }

    /// - Throws: `Failure`.
    private func start(
        _ run: CheckCase, _ job: CheckJob, _ words: [String], _ scenario: String, in place: String
    ) async throws -> (CheckedRun, ProgramEnding) {
        var arguments = [
            "check-run", "--scenario", scenario, "--seed", "\(run.seed)", "--timeout",
            "\(plan.timeout(run, job))", "--trace", "\(place)/trace.pcap", "--flash", "\(place)/flash.bin",
        ]
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
            arguments: Arguments((arguments + ["--"] + words).map { $0.keptBytes + [0] }),
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

    /// What the trace tells; nil where it cannot be read.
    private static func session(_ path: String, isCutOff: Bool) -> CheckedSession? {
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
