import Emulator
import Faults
import Flasher
import Images
import Simulation
import Testing
import Wire

/// What the flasher says at the end of a job that a bench has spoiled, with the emulated chip at the other end.
@Suite struct DiagnosisTests {
    private static let id = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)

    private func chip(power: PowerSchedule = .on, id: FlashID = id) -> Chip {
        Chip(settings: ChipSettings(), flash: NORFlash(id: id), power: power)
    }

    private func diagnosis(
        _ job: Job, _ dialect: Dialect = .community, on chip: Chip, after pause: Duration = .zero,
        change: @escaping (_ run: [UInt8], Int) -> [UInt8]
    ) -> CauseClass? {
        var settings = FlasherSettings.usual(for: dialect)
        settings.syncWindow = .seconds(3)
        if pause > .zero { settings.stubCheckPause = pause }
        let stub = StubImage.placeholder(for: dialect == .community ? .community : .vendor134)
        let run = JobRun(
            Flasher(job: job, dialect: dialect, stub: stub, settings: settings), on: Meddled(chip, change: change))
        run.finish()
        return run.failure?.diagnosis?.causeClass
    }

    private let write = Job.write(
        [Segment(address: 0x4000, bytes: [UInt8](repeating: 0x5A, count: 0x4000))], backup: false)

    /// §11.3, §12: without power, and with the host's wire open, it is the same silence.
    @Test(arguments: Dialect.allCases)
    func silence(dialect: Dialect) {
        #expect(diagnosis(.info, dialect, on: chip(power: .off)) { run, _ in run } == .silence)
        #expect(diagnosis(.info, dialect, on: chip()) { _, _ in [] } == .silence)
    }

    /// §11.3: at 1.8 V the single ACKs of an XMODEM read are lost, and what needs none goes on working.
    @Test func lostAcknowledgements() {
        let losing: ([UInt8], Int) -> [UInt8] = { run, _ in run == [0x06] ? [] : run }
        #expect(diagnosis(.read(0..<0x4000), .community, on: chip(), change: losing) == .lostAcknowledgements)
        #expect(diagnosis(.read(0..<0x4000), .rdtool, on: chip(), change: losing) == nil)
        #expect(diagnosis(write, .community, on: chip(), change: losing) == nil)
    }

    /// §4.3, §10: blocks and frames that never come whole.
    @Test(arguments: Dialect.allCases)
    func lostBlocks(dialect: Dialect) {
        let found = diagnosis(write, dialect, on: chip()) { run, _ in
            run.count == 1029 || run.count == 4102 ? run.dropLast() + [run[run.count - 1] ^ 1] : run
        }
        #expect(found == .lostBlocks)
    }

    /// The host's wire breaks after the upload: §4, a stub never says anything by itself.
    @Test(arguments: Dialect.allCases)
    func deadAfterStub(dialect: Dialect) {
        nonisolated(unsafe) var isUploaded = false
        let found = diagnosis(.info, dialect, on: chip()) { run, _ in
            defer { isUploaded = isUploaded || run.count > 1000 }
            return isUploaded ? [] : run
        }
        #expect(found == .silentStub)
    }

    /// The supply is lost in the midst of a read, for good or for a second: half a block is no sign of a bad line.
    @Test(arguments: [false, true], Dialect.allCases)
    func powerLostInARead(comesBack: Bool, dialect: Dialect) {
        let aim = Aim(dialect.speaksFrames ? .uploadFrame : .block, count: 3)
        var switches: [PowerSchedule.Switch] = [
            .init(.start, isOn: true), .init(.step(aim), after: .milliseconds(2), isOn: false),
        ]
        if comesBack { switches.append(.init(.step(aim), after: .seconds(1), isOn: true)) }
        let chip = chip(power: PowerSchedule(switches))
        #expect(diagnosis(.read(0..<0x40000), dialect, on: chip) { run, _ in run } == .silenceAfterSync)
    }

    /// §4.1: the vendor's stubs do not know FLASH ID, by which the community's is asked whether it is there. No loader
    /// answers while one runs.
    @Test func anotherProgramsStub() {
        var settings = ChipSettings()
        (settings.start, settings.stub) = (.stub, .vendor134)
        let chip = Chip(settings: settings, flash: NORFlash(id: Self.id))
        #expect(diagnosis(.info, .community, on: chip, after: .seconds(1)) { run, _ in run } == .refusal)
    }

    /// §4: FFFFFF makes a stub's flash one of 0 bytes.
    @Test(arguments: Dialect.allCases)
    func noFlash(dialect: Dialect) {
        #expect(diagnosis(.info, dialect, on: chip(id: .none)) { run, _ in run } == .flashUnidentified)
    }
}

/// The imitation of RDTool over a line that loses bytes and flips bits: success is only ever said of the right flash.
@Suite struct LossyRDToolTests {
    @Test(arguments: [StubImage.Version.vendor134, .vendor140])
    func neverLiesAndMostlySucceeds(version: StubImage.Version) {
        var successes = 0
        var failures: [String] = []
        for seed in UInt64(1)...6 {
            let before = SampleFlash.image(byteCount: 1 << 20, seed: seed)
            let new = SampleFlash.application("new", byteCount: 0x3000, seed: seed)
            var flash = NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14))
            flash.load(before)
            let run = JobRun(
                Flasher(
                    job: .write([Segment(address: 0xE000, bytes: new)], backup: false), dialect: .rdtool,
                    stub: StubImage.placeholder(for: version), settings: .usual(for: .rdtool)),
                on: Lossy(
                    Chip(settings: ChipSettings(), flash: flash), seed: seed, odds: Lossy.odds(for: version)))
            run.finish()
            #expect(run.outcome != nil, "seed \(seed): it must come to an end; \(run.story)")
            guard run.isSuccess else {
                failures.append("seed \(seed): \(run.story)")
                continue
            }
            successes += 1
            var expected = before
            expected.replaceSubrange(0xE000..<(0xE000 + new.count), with: new)
            let isRight = run.line.device.chip.flash.contents == expected
            #expect(isRight, "seed \(seed): \(run.story)")
        }
        #expect(successes * 2 >= 6, "\(failures.joined(separator: "\n"))")
    }
}
