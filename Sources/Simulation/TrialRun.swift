import Check
import Emulator
import Flasher
import Line
import Scenarios
import Wire

/// A trial while it runs.
struct TrialRun: ~Copyable {
    private let trial: Trial
    private let bench: TrialBench
    /// Whether it, or one before it, may be cut: what lies beside the job is then watched by itself.
    private let mayBeCut: Bool
    private var line: VirtualLine<Flasher, Chip>
    private var hearing = TrialHearing()

    /// - Parameters:
    ///   - flash: what an earlier run of the same trial has left; nil for what the seed makes.
    ///   - isInterruptible: whether it may be cut.
    /// - Throws: `FaultError`.
    init(
        _ trial: Trial, from flash: NORFlash? = nil, isInterruptible: Bool = false, tap: LineTap
    ) throws(FaultError) {
        self.trial = trial
        mayBeCut = isInterruptible || flash != nil
        bench = try TrialBench(trial, from: flash, isInterruptible: isInterruptible)
        line = VirtualLine(host: bench.flasher, device: bench.chip, conditions: bench.conditions)
        line.tap = tap
        line.device.notesFlashOperations = isInterruptible
    }

    /// The same run at the same moment, from which the two go their own ways.
    borrowing func fork() -> TrialRun { TrialRun(forking: self) }

    private init(forking other: borrowing TrialRun) {
        (trial, bench, mayBeCut, hearing) = (other.trial, other.bench, other.mayBeCut, other.hearing)
        line = other.line.fork()
    }

    /// What the flash holds now.
    var flash: NORFlash { line.device.flash }

    /// What the seed made of it.
    var sampleFlash: NORFlash { bench.sampleFlash }

    /// What the flash has done, where the run may be cut.
    var flashOperations: [FlashOperation] { line.device.flashOperations }

    /// Whether the job's range holds what the seed made, or what was to be there.
    var held: CutCampaign.Held {
        let found = flash.bytes(SampleJob.range)[...]
        if found == bench.sample[SampleJob.range] { return .old }
        return found == bench.after[SampleJob.range] ? .new : .neither
    }

    /// The supply is switched off. - Parameter seed: of what is left of an operation of the flash that is under way; nil
    /// where what has begun is done.
    mutating func cutPower(tearing seed: UInt64?) {
        if let seed { line.device.tearFlash(by: seed) }
        line.device.command(.power(on: false), at: line.now)
    }

    /// The host's adapter is pulled out: what has not crossed by now never does. The chip keeps its power.
    mutating func pullPlug() {
        line.device.pullPlug(at: line.now)
        line.host.portLost(at: line.now, Self.pulledOut)
    }
    private static let pulledOut = "The adapter was pulled out."
    /// What the chip is in the midst of then it ends: longer than any operation of the flash.
    private static let timeWithoutLine = Duration.seconds(60)

    /// Runs it to the host's end, or to the end of patience. - Parameter isCut: whether the power was cut on the way: then
    /// any end that is told truly will do.
    mutating func finish(isCut: Bool = false) -> (result: TrialResult, tap: LineTap) {
        run(until: trial.end)
        if line.device.unpluggedAt != nil { line.device.advance(to: line.now.advanced(by: Self.timeWithoutLine)) }
        return conclude(isCut: isCut)
    }

    /// Runs it to a moment, or to the host's end if that comes before. Back-ups count as saved at once.
    /// - Returns: whether the host has ended.
    @discardableResult
    mutating func run(until end: Instant) -> Bool {
        let unplugged = bench.conditions.unpluggedAt
        repeat {
            var hearing = hearing
            hearing.isSaving = false
            line.run(until: end) { line in
                if let unplugged, unplugged <= line.now {
                    line.host.portLost(at: line.now, Self.pulledOut)
                    line.pullOut()
                }
                hearing.listen(to: &line)
                return hearing.outcome != nil || hearing.isSaving
            }
            self.hearing = hearing
            // Between two turns, so that what the host says then leaves at that moment.
            if hearing.isSaving { line.host.backupSaved(at: line.now) }
        } while hearing.isSaving
        return hearing.outcome != nil
    }

    private func conclude(isCut: Bool) -> (result: TrialResult, tap: LineTap) {
        let duration = Instant.zero.duration(to: line.now)
        let firings = (line.incidents + line.device.faultFirings).map { label, count in
            TrialResult.Firing(fault: label, count: count)
        }
        var tap = line.tap ?? LineTap()
        // To copy 2 MB, and to hash them, takes longer than what is left of most runs that are cut.
        let isChanged = line.device.flash.changes != bench.chip.flash.changes
        let flash = isChanged ? line.device.flash.contents : bench.before
        if !isCut { tap.finish(hearing.ending.rawValue, flash: flash) }
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
            before: bench.before, wanted: bench.after, found: flash, reportedSizes: bench.reportedSizes(firings),
            parts: mayBeCut && trial.duty.changesFlash ? [SampleJob.range] : nil)
        var duty = trial.duty
        if isCut { (duty.ending, duty.cause) = (.either, nil) }
        result.verdicts = Judgement(claims, against: evidence, duty: duty).verdicts
        return (result, tap)
    }
}
