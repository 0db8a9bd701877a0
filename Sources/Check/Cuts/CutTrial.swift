import Emulator
package import Line
import Scenarios

/// A program that was cut, and its command given again, before they are judged.
///
/// Any host must not claim what is not so, neither when it is cut nor when the command is given again, nor change what the
/// job has nothing to do with. Of a careful one it is asked that the command given again does the job.
package struct CutTrial: Sendable {
    package struct Run: Sendable {
        package var trial: CheckTrial
        /// On the line's clock; nil for a run that has not been cut.
        package var cutAt: Instant?

        package init(_ trial: CheckTrial, cutAt: Instant?) {
            self.trial = trial
            self.cutAt = cutAt
        }
    }

    private let run: CheckCase
    private let job: CheckJob
    /// One after the other, on the same flash: those that were to be cut, and the last that was not.
    private let runs: [Run]

    /// - Parameter job: as the first of them was given it.
    package init(_ run: CheckCase, _ job: CheckJob, _ runs: [Run]) {
        self.run = run
        self.job = job
        self.runs = runs
    }

    /// How many of them are cut.
    private var cutCount: Int { run.cut?.points.count ?? 0 }

    private var isReached: Bool { runs.count == cutCount + 1 && runs.dropLast().allSatisfy { $0.cutAt != nil } }

    /// - Parameter command: its words.
    package func result(command: [String]) -> CheckResult {
        var (verdicts, remarks, results): ([Verdict], [String], [CheckResult]) = ([], [], [])
        for (index, one) in runs.enumerated() {
            var trial = one.trial
            // How it ends is left to the host that is cut, as long as it says what is so.
            if index < cutCount { trial.run.scenario.expectation.ending = .either }
            let result = trial.result(command: command)
            verdicts += result.verdicts.map { Verdict($0.kind, "\(when(index)): \($0.reason)") }
            remarks += result.remarks.map { "\(when(index)): \($0)" }
            if one.cutAt != nil, !job.parts.isEmpty {
                remarks.append("the flash held then: \(holding(of: trial).words)")
            }
            results.append(result)
        }
        let endings = zip(runs, results).map { run, result in
            CutOutcome.Ending(result.claim, result.ending, holding: holding(of: run.trial))
        }
        var whole = CheckResult(
            run, command: command, claim: results.last?.claim ?? .unclear,
            ending: results.enumerated().map { "\(when($0)): \($1.ending)" }.joined(separator: "; "),
            duration: results.reduce(.zero) { $0 + $1.duration }, verdicts: verdicts)
        whole.remarks = remarks
        if !isReached { whole.remarks.insert("not reached: the session never came to \(missed)", at: 0) }
        whole.cut = CutOutcome(
            isReached: isReached, cut: Array(endings.prefix(cutCount)),
            again: isReached ? endings.last : nil)
        whole.output = results.enumerated().map { "[\(when($0))]\n\($1.output)" }.joined(separator: "\n")
        return whole
    }

    private func holding(of trial: CheckTrial) -> CutHolding {
        CutHolding(trial.found, before: job.before, wanted: job.wanted, parts: job.parts)
    }

    /// The point that never came.
    private var missed: String {
        let points = run.cut?.points ?? []
        let index = runs.firstIndex { $0.cutAt == nil } ?? 0
        return index < points.count ? points[index].description : "its end"
    }

    private func when(_ index: Int) -> String {
        guard index < cutCount else { return "given again" }
        // A run that never came to the place was not cut.
        guard runs[index].cutAt != nil else { return "not cut" }
        return index == 0 ? "cut" : "cut again"
    }
}
