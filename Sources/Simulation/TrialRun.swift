import Check
import Emulator
import Flasher
import Line
import Wire

/// A trial while it runs.
struct TrialRun: ~Copyable {
    private let trial: Trial
    private let bench: TrialBench
    private var line: VirtualLine<Flasher, Chip>
    private var hearing = TrialHearing()

    /// - Throws: `FaultError`.
    init(_ trial: Trial, tap: LineTap) throws(FaultError) {
        self.trial = trial
        bench = try TrialBench(trial)
        line = VirtualLine(host: bench.flasher, device: bench.chip, conditions: bench.conditions)
        line.tap = tap
    }

    /// Runs it to the host's end, or to the end of patience. Back-ups count as saved at once.
    mutating func finish() -> (result: TrialResult, tap: LineTap) {
        let end = trial.end
        let unplugged = bench.conditions.unpluggedAt
        repeat {
            var hearing = hearing
            hearing.isSaving = false
            line.run(until: end) { line in
                if let unplugged, unplugged <= line.now {
                    line.host.portLost(at: line.now, "The adapter was pulled out.")
                    line.pullOut()
                }
                hearing.listen(to: &line)
                return hearing.outcome != nil || hearing.isSaving
            }
            self.hearing = hearing
            // Between two turns, so that what the host says then leaves at that moment.
            if hearing.isSaving { line.host.backupSaved(at: line.now) }
        } while hearing.isSaving
        return conclude()
    }

    private func conclude() -> (result: TrialResult, tap: LineTap) {
        let duration = Instant.zero.duration(to: line.now)
        let firings = (line.incidents + line.device.faultFirings).map { label, count in
            TrialResult.Firing(fault: label, count: count)
        }
        var tap = line.tap ?? LineTap()
        let flash = line.device.flash.contents
        tap.finish(hearing.ending.rawValue, flash: flash)
        var result = TrialResult(seed: trial.seed, ending: hearing.ending, duration: duration)
        result.failure = hearing.failure
        result.expected = trial.expectedEnding
        result.retryCount = hearing.retryCount
        result.lastRetries = hearing.lastRetries
        result.receivedLengths = hearing.receivedLengths
        result.firings = firings
        result.missedSwitches = line.device.missedSwitches.map(\.label)
        result.digest = tap.digest
        let claims = Claims(
            result.ending, after: duration, failure: result.failure, readings: hearing.readings)
        let evidence = Evidence(
            before: bench.before, wanted: bench.after, found: flash, reportedSizes: reportedSizes(firings))
        result.verdicts = Judgement(claims, against: evidence, duty: trial.duty).verdicts
        return (result, tap)
    }

    /// The sizes that a stub takes the flash for where a fault has changed its id: what the id says, and 2 MB, which
    /// 1.3.11 begins with and keeps where the id says nothing to it (ECR6600 facts §4).
    private func reportedSizes(_ firings: [TrialResult.Firing]) -> [Int] {
        let hasFired = firings.contains { $0.fault.hasPrefix(WrongFlashID.summary.name) && $0.count > 0 }
        return hasFired ? bench.otherIDs.compactMap(\.byteCount) + [2 << 20] : []
    }
}
