import ArgumentParser
import Check
import Files
import Foundation
import Line
import Reports
import ScenarioFiles
import Scenarios
import Words

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Judge a flasher that is not ours: what does it do when things go wrong?",
        discussion: """
            Each scenario is set up afresh, the flasher is run against it, and what it claims is held against what is in \
            the flash, byte for byte. Exit code 0 claims success. A failure is what no host may do: claim what is not so, \
            never end, change what it has nothing to do with, crash. What a careful host would have survived is counted \
            in the score. Exit codes: 0 no failure, 1 failures, 2 wrong usage, 3 the environment failed, or the machine \
            was too busy to judge.

            {port}, {baud}, {image}, {out}, {address} and {length} in the command are replaced. docs/check.md has more.

            solderless check init writes a flasher's file, solderless check demo shows planted bugs being caught.

            Example: solderless check --task read -- my-flasher --port {port} read {out}
            """)

    /// Other commands that begin with its name, hidden from the list of all.
    static let commands: [any ParsableCommand.Type] = [CheckInitCommand.self, CheckDemoCommand.self]

    @Argument(help: ArgumentHelp("Built-in names, or files. (default: those of --suite)", valueName: "scenario"))
    var scenarios: [String] = []

    @Option(
        help: ArgumentHelp(
            "smoke: four scenarios, in a minute; standard: all of them, in ten; torture: all of them with twenty seeds, "
                + "and every fault of the protocol at every step, in hours; cuts: the good bench, cut at each place in turn. "
                + "(default: smoke)", valueName: "suite"))
    var suite: CheckSuite?

    @OptionGroup(title: "The flasher") var options: CheckOptions
    @OptionGroup(title: "Cuts") var cuts: CheckCutOptions
    @OptionGroup(title: "The report") var report: CheckReportOptions

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.")
    var command: [String] = []

    mutating func validate() throws {
        guard suite == nil || scenarios.isEmpty else {
            throw ValidationError("--suite names the scenarios: leave it out, or name none yourself")
        }
        guard command.isEmpty || options.flasher == nil else {
            throw ValidationError("--flasher has the commands: leave it out, or give no command after --")
        }
        guard !command.isEmpty || options.flasher != nil else {
            let near = scenarios.first.flatMap { Nearest.word(to: $0, among: ["init", "demo"]) }
            let advice = near.map { "; or did you mean check \($0)?" } ?? ""
            throw ValidationError("no flasher: name its file with --flasher, or put its command after --\(advice)")
        }
        guard command.isEmpty || options.tasks.count == 1 else {
            throw ValidationError(
                options.tasks.isEmpty
                    ? "say what the command does with --task: info, read, write, erase or verify"
                    : "a command after -- does one thing: give one --task, or write a file with solderless check init")
        }
        try cuts.check(with: suite)
    }

    func run() async throws {
        let flasher = try options.program(command)
        var plan = try CheckPlan(options, flasher, scenarios: scenarios, suite: suite)
        try plan.requireRoom()
        let compared = try report.earlier()
        try report.check()
        SimulationStop.listen()
        let folder = try WorkFolder(of: "check")
        let bench = try CheckBench(plan, folder: folder.path, report: report, again: again)
        let (start, clock) = (Date(), ContinuousClock.now)
        let spoiled = plan.suite == .torture ? try await plan.addTorture(bench) : nil
        if !report.format.json { Console.error("\(plan.title): seeds \(plan.seeds)") }
        var (entries, missing, remarks): ([CheckReport.Entry], Int, [String]) = ([], 0, [])
        if suite == .cuts {
            (entries, missing, remarks) = try await CheckCuts(
                bench: bench, options: cuts, jobs: options.jobs, runs: plan.runs
            ).entries()
        } else {
            entries = try await CheckRunner(bench, plan.runs, jobs: options.jobs).entries()
            missing = plan.runs.count - entries.count
            if let spoiled { entries.append(spoiled) }
        }
        var checked = CheckReport(
            flasher: flasher.name, suite: plan.suite?.rawValue, programVersion: Solderless.version,
            seeds: plan.seeds, jobs: options.jobs, wallTime: ContinuousClock.now - clock,
            entries: entries)
        checked.remarks = plan.remarks + remarks
        let stop = (missing > 0 || suite == .cuts) ? SimulationStop.signal : nil
        if stop != nil { checked.remarks.append("stopped after \(entries.count) of \(entries.count + missing) runs") }
        if let compared {
            checked.comparison = CheckComparison(entries.map { .init($0.result) }, with: compared)
        }
        try report.write(checked, begun: start)
        report.format.print(checked.json, text: checked.text)
        if let signal = stop {
            throw Failure(
                ExitCode(128 + signal),
                "stopped after \(entries.count) of \(entries.count + missing) runs; the report is of these")
        }
        try end(checked)
    }

    /// - Throws: the exit code, unless all is good.
    private func end(_ checked: CheckReport) throws {
        if report.baseline, let comparison = checked.comparison {
            guard comparison.regressions.isEmpty else { throw ExitCode.failed }
        } else {
            let lost = checked.score.failures + (report.strict ? checked.score.missed : 0)
            guard lost == 0 else { throw ExitCode.failed }
        }
        guard checked.score.inconclusive == 0 else { throw ExitCode.environment }
    }

    /// What repeats a run.
    private func again(_ run: CheckCase, _ job: CheckJob) -> String {
        let words =
            ["solderless", "check"]
            + (run.cut.map(CheckCutOptions.words) ?? run.scenarioName.map { [$0] }
                ?? ["--suite", CheckSuite.torture.rawValue])
            + options.words(for: run, job)
            + (command.isEmpty ? [] : ["--"] + command)
        return words.map(shellWord).joined(separator: " ")
    }
}

extension CheckSuite: ExpressibleByArgument {}
