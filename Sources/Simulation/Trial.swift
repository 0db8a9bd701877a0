import Check
package import Flasher
package import Line
package import Scenarios
package import Trace

/// One run of a scenario: everything that decides it is here, so the same trial is the same run on any machine.
package struct Trial: Hashable, Sendable {
    package var scenario: Scenario
    /// Decides the flash's contents, what is written, the noise and every fault.
    package var seed: UInt64
    package var dialect: Dialect
    /// What the host does. The scenario's expectation holds for the scenario's own task; of another, only what must
    /// always hold is checked.
    package var task: Scenario.Task
    /// Whether a write or erase reads the whole flash first.
    package var backsUp = false
    /// From one sync word to the next; nil for what the dialect is used to.
    package var syncInterval: Duration?
    /// How long the sync word is repeated; nil for what the scenario advises, or else the dialect is used to.
    package var syncWindow: Duration?

    package init(_ scenario: Scenario, seed: UInt64, dialect: Dialect) {
        self.scenario = scenario
        self.seed = seed
        self.dialect = dialect
        task = scenario.host.task
    }

    /// A host that has not ended so long after everything is as it stays never will: no time-out of the reference host
    /// is as long, nor all of a job's in a row on a flash of 4 MB at 115200 baud.
    package static let patience = Duration.seconds(1800)

    /// When the trial counts as a hang. At a rate below 115200 baud everything may take longer by that factor.
    package var end: Instant {
        let baud = max(1, scenario.host.workingBaud ?? Self.bootBaud)
        let slowness = max(1, Self.bootBaud / baud + (Self.bootBaud % baud == 0 ? 0 : 1))
        return .zero.advanced(by: scenario.lastChange + Self.patience * slowness)
    }

    private static let bootBaud = 115_200

    /// Whether the host compares with something that is not in the flash: of each second `verify` the success would be
    /// a lie.
    package var comparesWithOther: Bool { task == .verify && seed % 2 == 1 }

    /// Whether the job is the scenario's own, so that its time and its way to fail are expected of it too.
    package var isAsWritten: Bool { task == scenario.host.task && !backsUp }

    /// Whether the scenario expects anything of the job. Where one ends well nothing keeps another from it; where one
    /// fails, another may not meet the cause.
    package var isJudged: Bool { isAsWritten || scenario.expectation.ending == .success }

    /// The end that it is held against. Where nothing is expected any will do.
    package var expectedEnding: Scenario.Expectation.Ending {
        if comparesWithOther { return .failure }
        return isJudged ? scenario.expectation.ending : .either
    }

    /// What must hold of the job, and what is expected of it.
    var duty: Duty {
        let changesFlash = task == .write || task == .erase
        return Duty(
            changesFlash: changesFlash, promisesReading: task == .backup || (changesFlash && backsUp),
            comparesWithOther: comparesWithOther, ending: expectedEnding,
            limit: isAsWritten ? scenario.expectation.limit : nil,
            cause: isAsWritten && !comparesWithOther ? scenario.expectation.cause : nil)
    }

    /// The same run, with as much of it said by the scenario as one can say: what the host does, and how long it asks.
    /// What a scenario expects of its own job only is not expected of another one that becomes its own.
    package var saidByItsScenario: Trial {
        var trial = self
        if !isAsWritten {
            trial.scenario.expectation.ending = isJudged ? .success : .either
            trial.scenario.expectation.limit = max(scenario.expectation.limit, .seconds(3600))
            trial.scenario.expectation.cause = nil
        }
        trial.scenario.host.task = task
        trial.scenario.host.syncWindow = syncWindow ?? scenario.host.syncWindow
        trial.syncWindow = nil
        return trial
    }

    /// Runs it. - Throws: `FaultError` when the scenario has a fault that cannot be made.
    package func run() throws(FaultError) -> TrialResult {
        var run = try TrialRun(self, tap: LineTap())
        return run.finish().result
    }

    /// Runs it and keeps everything that happened on the line, in the order of its time: some 3 MB for a back-up of 2
    /// MB.
    /// - Throws: `FaultError`, as `run`.
    package func runTraced() throws(FaultError) -> (result: TrialResult, events: [TraceEvent]) {
        var run = try TrialRun(self, tap: LineTap(keepsEvents: true))
        let (result, tap) = run.finish()
        return (result, tap.events)
    }
}
