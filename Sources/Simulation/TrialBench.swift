import Emulator
import Flasher
import Images
import Line
import Scenarios
import Wire

/// The bench when a trial begins, made from scenario and seed.
struct TrialBench {
    let job: Job
    let flasher: Flasher
    let chip: Chip
    let conditions: LineConditions
    /// Ids that the host may read instead of the flash's own.
    let otherIDs: [FlashID]
    /// What the flash holds, and what the seed makes: another where an earlier run has changed it.
    let before: [UInt8]
    let sample: [UInt8]
    let sampleFlash: NORFlash
    /// What it must hold after the job was done well.
    let after: [UInt8]

    /// Where a write or erase begins: in the factory's application, and where faults of the flash are unless told
    /// otherwise.
    private static let address = 0x8000
    /// Six sectors: whole ones, so that a write needs no read around it.
    private static let byteCount = 0x6000
    /// What a write or erase changes.
    static let range = address..<(address + byteCount)

    /// - Parameters:
    ///   - flash: what an earlier run of the same trial has left; nil for what the seed makes.
    ///   - isInterruptible: whether the power may be switched at any moment.
    /// - Throws: `FaultError`.
    init(_ trial: Trial, from flash: NORFlash? = nil, isInterruptible: Bool = false) throws(FaultError) {
        let setup = try Setup(trial.scenario, seed: trial.seed)
        sampleFlash = setup.sampleFlash()
        sample = sampleFlash.contents
        before = flash?.contents ?? sample
        (job, after) = Self.job(trial, on: sample, seed: setup.jobSeed)
        otherIDs = setup.flashFaults.otherIDs
        chip = Chip(
            settings: setup.chip, flash: flash ?? sampleFlash, flashFaults: setup.flashFaults,
            power: trial.scenario.power,
            isInterruptible: isInterruptible)
        flasher = Flasher(
            job: job, dialect: trial.dialect, stub: StubImage.placeholder(for: Self.stub(trial)),
            settings: Self.habits(trial))
        conditions = setup.conditions
    }

    /// The stub that the chip is to run, or the usual one for the dialect.
    private static func stub(_ trial: Trial) -> StubImage.Version {
        guard trial.dialect.speaksFrames else { return .community }
        return trial.scenario.chip.stub ?? .vendor134
    }

    private static func habits(_ trial: Trial) -> FlasherSettings {
        var settings = FlasherSettings.usual(for: trial.dialect)
        let advice = trial.scenario.host
        settings.workingBaud = advice.workingBaud ?? settings.workingBaud
        if advice.delay != .zero { settings.stubCheckPause = advice.delay }
        settings.syncInterval = trial.syncInterval ?? settings.syncInterval
        settings.syncWindow = trial.syncWindow ?? advice.syncWindow ?? settings.syncWindow
        return settings
    }

    /// The job, and what the flash must hold when it was done well.
    private static func job(_ trial: Trial, on before: [UInt8], seed: UInt64) -> (Job, [UInt8]) {
        var after = before
        switch trial.task {
        case .info: return (.info, before)
        case .backup: return (.read(nil), before)
        case .write:
            let new = SampleFlash.application("new", byteCount: byteCount, seed: seed)
            after.replaceSubrange(range, with: new)
            return (.write([Segment(address: address, bytes: new)], backup: trial.backsUp), after)
        case .erase:
            after.replaceSubrange(range, with: repeatElement(0xFF, count: byteCount))
            return (.erase(range, backup: trial.backsUp), after)
        case .verify:
            var wanted = Array(before[range])
            if trial.comparesWithOther {
                var generator = SplitMix64(seed: seed)
                wanted[Int(generator.next(below: UInt64(byteCount)))] ^= 1 << UInt8(generator.next(below: 8))
            }
            return (.verify([Segment(address: address, bytes: wanted)]), before)
        }
    }
}
