import Scenarios
import Testing

@testable import Check

/// What is known of a run besides the flash: its port, its power.
@Suite struct CheckTrialTests {
    private func verdicts(
        _ way: ProgramEnding.Way, _ task: Scenario.Task = .info, session: CheckTrial.Session?,
        powerNeverCame: Bool = false
    ) throws -> [Verdict.Kind] {
        let scenario = Scenario(name: "s")
        let run = CheckCase(scenario, named: "s", task: task, seed: 2)
        let job = CheckJob(run, on: try Setup(scenario, seed: 2), firmware: nil, readByteCount: nil)
        var flasher = FlasherProgram(name: "f")
        flasher.powerPrompt = .init(text: "switch it on")
        let trial = CheckTrial(
            run, job, flasher, ending: ProgramEnding(way), duration: .seconds(1), limit: .seconds(60),
            found: job.before, reading: nil, reportedSizes: [], firings: [], output: "",
            powerNeverCame: powerNeverCame, session: session)
        return trial.result(command: []).verdicts.map(\.kind)
    }

    private func session(openings: Int) -> CheckTrial.Session {
        .init(openings: openings, lateByteCount: 0, wasVerified: false)
    }

    @Test(arguments: [Scenario.Task.info, .verify]) func successWithoutAPortIsALie(task: Scenario.Task) throws {
        #expect(try verdicts(.exited(0), task, session: session(openings: 0)) == [.lie])
        #expect(try verdicts(.exited(0), task, session: session(openings: 1)) == [])
        #expect(try verdicts(.exited(0), task, session: nil) == [], "nothing is known of its port")
        #expect(try !verdicts(.exited(1), task, session: session(openings: 0)).contains(.lie))
    }

    @Test func withoutPowerNothingSucceeds() throws {
        let open = session(openings: 1)
        #expect(try verdicts(.exited(0), session: open, powerNeverCame: true) == [.lie])
        #expect(try verdicts(.exited(1), session: open, powerNeverCame: true) == [.unknown])
        #expect(try verdicts(.signalled(11), session: open, powerNeverCame: true) == [.crashed, .unknown])
        #expect(try verdicts(.outOfTime, session: open, powerNeverCame: true) == [.hang, .unknown])
    }
}
