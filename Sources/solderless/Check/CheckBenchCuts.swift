import Check
import Digests
import Emulator
import Files
import Foundation
import Line
import Reports
import Scenarios
import Words

/// Runs of a flasher that are cut, and the one without a cut that they are compared with.
extension CheckBench {
    /// Uncut, with the places where it can be. - Throws: as `run`.
    func record(_ run: CheckCase, attempt: Int) async throws -> (entry: CheckReport.Entry, places: [CutPlace]) {
        let work = try CheckWork(run, on: self)
        defer { work.remove() }
        let one = try await perform(run, work.job, work, PlannedCut(at: nil, keepsPassed: true))
        var result = one.trial.result(command: work.words)
        complete(&result, [one], attempt)
        result.repeating = again(run, work.job)
        result.trace = try report.keep(one.trace, of: result)
        return (CheckReport.Entry(result, one.session), [CutPlace](recorded: one.outcome.points))
    }

    /// Cut as the run says, then given again on the same flash. - Throws: as `run`.
    func runCut(_ run: CheckCase, _ cut: CutCase, attempt: Int) async throws -> CheckReport.Entry {
        let work = try CheckWork(run, on: self)
        defer { work.remove() }
        var (job, flash): (CheckJob, String?) = (work.job, nil)
        var runs: [Performed] = []
        for number in 0...cut.points.count {
            let planned = cut.plan(of: number, seed: run.seed)
            let one = try await perform(
                run, job, work, number: number, from: flash, planned ?? PlannedCut(at: nil, keepsPassed: true))
            runs.append(one)
            // It never came to the place: there is nothing to give again.
            if planned != nil, one.outcome.cutAt == nil { break }
            if planned == nil {
                givenAgain.note(
                    .init(state: hexBytes(SHA256.of(job.before)), places: .init(recorded: one.outcome.points)), of: run)
            }
            // What is not the job's is to stay as it is now.
            job.before = one.trial.found
            flash = one.flash
        }
        let trial = CutTrial(run, work.job, runs.map { .init($0.trial, cutAt: $0.outcome.cutAt) })
        var result = trial.result(command: work.words)
        complete(&result, runs, attempt)
        result.repeating = again(run, work.job)
        for (number, one) in runs.enumerated() {
            guard let kept = try report.keep(one.trace, of: result, as: number == 0 ? "pcap" : "\(number + 1).pcap")
            else { continue }
            result.cut?.traces.append(kept)
        }
        // Rules are for sessions that nothing cuts: the last one is reported and linted.
        result.trace = result.cut?.traces.last
        return CheckReport.Entry(result, runs.last?.session)
    }
}
