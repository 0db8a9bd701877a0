import ArgumentParser
import Check
import Reports
import Scenarios

/// One scenario and one job, run by themselves and reported.
enum SingleCheck {
    /// - Parameters:
    ///   - timeout: in seconds; nil for what the scenario and the bytes need.
    ///   - again: what repeats it.
    /// - Throws: as `CheckPlan` and `CheckBench` do; `Failure` when somebody has stopped it.
    static func report(
        of flasher: FlasherProgram, in scenario: String, _ task: Scenario.Task, timeout: Double? = nil, again: String
    ) async throws -> CheckReport {
        var options = try CheckOptions.parse(["--task", task.commandName])
        options.timeout = timeout
        let plan = try CheckPlan(options, flasher, scenarios: [scenario], suite: nil)
        SimulationStop.listen()
        let folder = try WorkFolder(of: "check")
        let bench = try CheckBench(
            plan, folder: folder.path, report: try CheckReportOptions.parse(["--keep", "never"])
        ) { _, _ in again }
        let clock = ContinuousClock.now
        defer { SimulationStop.end() }
        let entries = try await CheckRunner(bench, plan.runs, jobs: 1, showsProgress: false).entries()
        guard !entries.isEmpty else {
            throw Failure(ExitCode(128 + (SimulationStop.signal ?? 2)), "stopped before it was done")
        }
        return CheckReport(
            flasher: flasher.name, suite: nil, programVersion: Solderless.version, seeds: "1", jobs: 1,
            wallTime: ContinuousClock.now - clock, entries: entries)
    }
}
