import Line
package import Scenarios
import Words

/// Everything that is known of a run of a program that is not ours, before it is judged.
package struct CheckTrial: Sendable {
    package var run: CheckCase
    package var job: CheckJob
    package var flasher: FlasherProgram
    package var ending: ProgramEnding
    /// On the line's clock.
    package var duration: Duration
    package var limit: Duration
    package var found: [UInt8]
    /// What it wrote where its back-up was to be; nil for nothing.
    package var reading: [UInt8]?
    package var reportedSizes: [Int]
    package var firings: [CheckResult.Firing]
    package var output: String
    /// It never asked for the power that waited for it.
    package var powerNeverCame: Bool
    /// nil where the trace cannot be read.
    package var session: Session?

    /// What the trace tells.
    package struct Session: Hashable, Sendable {
        package var openings: Int
        /// Of transfers, in the last seconds before the end.
        package var lateByteCount: Int
        package var wasVerified: Bool

        package init(openings: Int, lateByteCount: Int, wasVerified: Bool) {
            self.openings = openings
            self.lateByteCount = lateByteCount
            self.wasVerified = wasVerified
        }
    }

    package init(
        _ run: CheckCase, _ job: CheckJob, _ flasher: FlasherProgram, ending: ProgramEnding, duration: Duration,
        limit: Duration, found: [UInt8], reading: [UInt8]?, reportedSizes: [Int], firings: [CheckResult.Firing],
        output: String, powerNeverCame: Bool, session: Session?
    ) {
        self.run = run
        self.job = job
        self.flasher = flasher
        self.ending = ending
        self.duration = duration
        self.limit = limit
        self.found = found
        self.reading = reading
        self.reportedSizes = reportedSizes
        self.firings = firings
        self.output = output
        self.powerNeverCame = powerNeverCame
        self.session = session
    }
}

extension CheckTrial {
    /// Two blocks of 1 KB: when as many bytes of blocks or frames were taken in the last seconds, a transfer was under way.
    private static let transfer = 2048

    /// Its claims held against what is so. - Parameter command: its words.
    package func result(command: [String]) -> CheckResult {
        let (claim, words) = flasher.claim(ending)
        // What is not claimed to be whole is not held against the flash.
        let readings = claim == .success && run.task == .backup ? reading.map { [$0] } ?? [] : []
        let claims = Claims(
            claim, after: duration, words: words, wasTransferring: (session?.lateByteCount ?? 0) >= Self.transfer,
            readings: readings)
        let duty = Duty(
            ofOthers: run.task, in: run.scenario, comparesWithOther: run.comparesWithOther, limit: limit)
        let evidence = job.evidence(found: found, reportedSizes: reportedSizes, task: run.task)
        var verdicts = Judgement(claims, against: evidence, duty: duty).verdicts
        if powerNeverCame, let prompt = flasher.powerPrompt {
            // That it gave up says nothing of a host that had no chip.
            verdicts.removeAll { !$0.kind.isUnsafe && $0.kind != .crashed && $0.kind != .hang }
            let reason = "it never printed its power prompt \(quoted(prompt.text)), so the chip never had power"
            verdicts.append(
                claim == .success
                    ? Verdict(.lie, "success was reported, but \(reason)") : Verdict(.unknown, reason))
        } else if claim == .success, session?.openings == 0 {
            verdicts.append(Verdict(.lie, "success was reported, but the program never opened the port"))
        } else if claim == .failure, session?.openings == 0, verdicts.isEmpty {
            // It cannot have met what the scenario is about.
            verdicts.append(Verdict(.failed, "it failed and had met no chip: \(words)"))
        }
        var result = CheckResult(
            run, command: command, claim: claim, ending: words, duration: duration, verdicts: verdicts)
        result.firings = firings
        result.output = output
        result.remarks = remarks(claim, isWrong: !verdicts.isEmpty)
        return result
    }

    private func remarks(_ claim: Claims.Ending, isWrong: Bool) -> [String] {
        var remarks: [String] = []
        if session?.openings == 0 { remarks.append("the program never opened the port") }
        if output.contains("Traceback (most recent call last)") {
            remarks.append("the program ended with an exception that nothing caught")
        }
        if claim == .success {
            if run.task == .write, session?.wasVerified != true {
                remarks.append("success without a look: it asked for no SHA-256 and read nothing back")
            } else if run.task == .backup, session?.wasVerified != true {
                remarks.append("success without a look: it asked for no SHA-256 of what it read")
            }
            if run.scenario.expectation.ending == .failure, run.task == run.scenario.host.task, !isWrong {
                remarks.append("it succeeded where our own flasher cannot")
            }
        }
        if !firings.isEmpty, firings.allSatisfy({ $0.count == 0 }) {
            remarks.append("no fault of the scenario did anything in this run")
        }
        return remarks
    }
}
