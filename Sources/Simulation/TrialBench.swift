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
    private let setup: Setup
    /// What the flash holds, and what the seed makes: another where an earlier run has changed it.
    let before: [UInt8]
    let sample: [UInt8]
    let sampleFlash: NORFlash
    /// What it must hold after the job was done well.
    let after: [UInt8]

    /// - Parameters:
    ///   - flash: what an earlier run of the same trial has left; nil for what the seed makes.
    ///   - isInterruptible: whether the power may be switched at any moment.
    /// - Throws: `FaultError`.
    init(_ trial: Trial, from flash: NORFlash? = nil, isInterruptible: Bool = false) throws(FaultError) {
        setup = try Setup(trial.scenario, seed: trial.seed)
        sampleFlash = setup.sampleFlash()
        sample = sampleFlash.contents
        before = flash?.contents ?? sample
        (job, after) = Self.job(trial, on: sample, setup)
        chip = Chip(
            settings: setup.chip, flash: flash ?? sampleFlash, flashFaults: setup.flashFaults,
            power: trial.scenario.power,
            isInterruptible: isInterruptible)
        flasher = Flasher(
            job: job, dialect: trial.dialect, stub: StubImage.placeholder(for: Self.stub(trial)),
            settings: Self.habits(trial))
        conditions = setup.conditions
    }

    /// The sizes that a stub takes the flash for.
    func reportedSizes(_ firings: [TrialResult.Firing]) -> [Int] {
        setup.reportedSizes(firings.map { ($0.fault, $0.count) })
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
    private static func job(_ trial: Trial, on before: [UInt8], _ setup: Setup) -> (Job, [UInt8]) {
        let range = SampleJob.range
        var after = before
        switch trial.task {
        case .info: return (.info, before)
        case .backup: return (.read(nil), before)
        case .write:
            let new = setup.newFirmware()
            after.replaceSubrange(range, with: new)
            return (.write([Segment(address: range.lowerBound, bytes: new)], backup: trial.backsUp), after)
        case .erase:
            after.replaceSubrange(range, with: repeatElement(0xFF, count: range.count))
            return (.erase(range, backup: trial.backsUp), after)
        case .verify:
            let held = Array(before[range])
            let wanted = trial.comparesWithOther ? setup.almost(held) : held
            return (.verify([Segment(address: range.lowerBound, bytes: wanted)]), before)
        }
    }
}
