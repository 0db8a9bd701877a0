import ArgumentParser
import Ports
import Scenarios
import Simulation
import Words

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Run scenarios in virtual time, for many seeds, and check every run.",
        discussion: """
            The reference flasher does the scenario's task on the scenario's bench, once for each seed and dialect. \
            Two things are checked in every run: the flasher never reports success that is not true (safety), and the \
            job ends as the scenario expects, in time (liveness). The same command prints the same bytes on every \
            machine, whatever --jobs says. Times are the line's. Exit code 0 if every run was as expected, 1 otherwise.
            """)

    @Argument(help: ArgumentHelp("Built-in names, or files.", valueName: "scenario"))
    var scenarios: [String]

    @OptionGroup var options: SimulateOptions

    @Option(
        name: .customLong("seeds"),
        help: ArgumentHelp(
            "Seeds of flash, noise and faults: 17, or 3,17,99, or 1...100, or '0..<100' in quotes. At most "
                + "\(Seeds.limit). (default: \(Seeds.usual.description))", valueName: "seeds"),
        transform: Seeds.init(parsing:))
    var seedsAsked: Seeds?

    private var seeds: Seeds { seedsAsked ?? .usual }

    @Option(help: ArgumentHelp("Number of runs in parallel. (default: one per core)", valueName: "count"))
    var jobs: Int?

    @OptionGroup(title: "Cuts") var cuts: CutOptions

    @OptionGroup var format: ReportFormat

    @Option(
        help: ArgumentHelp(
            "Write a trace of each unexpected run into this folder; of a single run, always. Existing traces are "
                + "replaced.", valueName: "folder"))
    var trace: String?

    @Option(
        help: ArgumentHelp(
            "Find the smallest scenario in which the run of this seed still ends the same way, and print it.",
            valueName: "seed"))
    var shrink: UInt64?

    mutating func validate() throws {
        guard !scenarios.isEmpty else { throw ValidationError("name a scenario") }
        if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs takes 1 to 256, not \(jobs)") }
        let names = Set(scenarios)
        if names.count < scenarios.count, let twice = names.first(where: { name in scenarios.count { $0 == name } > 1 })
        {
            throw ValidationError("\(twice) is named twice; name it once")
        }
        guard trace != "" else {
            throw ValidationError("--trace needs the name of a folder; . is the current one")
        }
        if cuts.cuts {
            guard scenarios.count == 1, options.dialects.count == 1, (seedsAsked?.values.count ?? 1) == 1 else {
                throw ValidationError("--cuts takes one scenario, one --dialect and one seed")
            }
            guard shrink == nil else { throw ValidationError("--cuts and --shrink are two things: leave one out") }
            guard cuts.path == nil || !format.json && jobs == nil else {
                throw ValidationError("--cut is one run, told in words: leave out --json and --jobs")
            }
            guard trace == nil || cuts.path != nil else {
                throw ValidationError("--trace needs --cut: of all cuts there would be thousands")
            }
        }
        if shrink != nil {
            guard scenarios.count == 1, options.dialects.count == 1 else {
                throw ValidationError("--shrink takes one scenario and one --dialect")
            }
            guard trace == nil, !format.json else {
                throw ValidationError("--shrink prints a scenario: leave out --json and --trace")
            }
            guard seedsAsked == nil else {
                throw ValidationError("--shrink runs one seed, its own: leave out --seeds")
            }
        }
    }

    func run() async throws {
        keepFreedMemory()
        let loaded = try scenarios.map { try options.scenario($0) }
        if let shrink, let scenario = loaded.first {
            return try SimulateShrinking(options.trial(of: scenario, seed: shrink, options.dialects[0])).run()
        }
        SimulationStop.listen()
        if cuts.cuts, let scenario = loaded.first { return try await cut(scenario) }
        // Now and not after an hour: a folder that cannot be had is told before the first run.
        var folder = try trace.map { try SimulationTraces(folder: $0) }
        let traceNames = SimulationTraces.names(of: loaded)
        let batches = loaded.indices.flatMap { index in
            options.dialects.map { dialect in
                SimulatedBatch(
                    name: scenarios[index], traceName: traceNames[index],
                    trials: seeds.values.map { options.trial(of: loaded[index], seed: $0, dialect) })
            }
        }
        let run = SimulationRun(batches: batches, jobs: jobs)
        let tallies = try await run.tallies()
        var report = SimulationReport(options: options, seeds: seeds, runsWanted: run.trialCount)
        for (batch, tally) in tallies {
            report.add(batch, tally, traces: try folder?.write(batch, tally) ?? [])
        }
        format.print(report.json, text: report.text)
        if let failure = folder?.failure { throw failure }
        if !report.isComplete, let signal = SimulationStop.signal {
            throw Failure(
                ExitCode(128 + signal), "stopped after \(report.runs) of \(run.trialCount) runs; the report is of these"
            )
        }
        guard report.isAsExpected else { throw ExitCode.failed }
    }

    private func cut(_ scenario: Scenario) async throws {
        let seed = seedsAsked?.values[0] ?? 1
        let trial = options.trial(of: scenario, seed: seed, options.dialects[0])
        let campaign = CutCampaign(trial, tears: cuts.torn, pullsPlug: cuts.plug)
        if let path = cuts.path {
            return try SimulateOneCut(campaign: campaign, path: path, name: scenarios[0], folder: trace).run()
        }
        let tally = try await SimulateCuts(campaign: campaign, options: cuts, jobs: jobs).tally()
        let report = CutReport(
            tally: tally, campaign: campaign, options: cuts,
            command: options.command(of: trial, named: scenarios[0]), name: scenarios[0])
        format.print(report.json, text: report.text)
        if !tally.isComplete, let signal = SimulationStop.signal {
            throw Failure(
                ExitCode(128 + signal), "stopped before all places were cut; the report is of those that were")
        }
        guard tally.isAsExpected else { throw ExitCode.failed }
    }
}
