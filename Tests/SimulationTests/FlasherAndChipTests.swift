import Emulator
import Flasher
import Images
import Line
import Simulation
import Testing
import Wire

/// The reference host against the emulated chip in virtual time: never "done" with wrong flash, and done when nothing
/// is in the way.
@Suite struct FlasherAndChipTests {
    private static let flashID = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)
    private static let flashByteCount = 1 << 20

    private func line(
        _ job: Job, image: [UInt8] = [], timing: ChipTiming = .wire, power: PowerSchedule = .on,
        pacing: HostWire.Pacing = .paced, adjust: (inout ChipSettings) -> Void = { _ in }
    ) -> VirtualLine<Flasher, Chip> {
        var settings = ChipSettings()
        settings.timing = timing
        adjust(&settings)
        var flash = NORFlash(id: Self.flashID)
        flash.load(image)
        return VirtualLine(
            host: Flasher(job: job, stub: StubImage.placeholder(for: .community)),
            device: Chip(settings: settings, flash: flash, power: power), pacing: pacing)
    }

    /// Runs the job to its end; back-ups count as saved. - Returns: how it ended, the back-up, and what was read.
    private func finish(
        _ line: inout VirtualLine<Flasher, Chip>, within limit: Duration = .seconds(600)
    ) -> (outcome: Outcome?, backup: [UInt8]?, read: [UInt8]?) {
        var outcome: Outcome?
        var backup: [UInt8]?
        var read: [UInt8]?
        line.run(until: Instant.zero.advanced(by: limit)) { line in
            let now = line.now
            while let report = line.host.nextReport() {
                switch report {
                case .backup(let bytes):
                    backup = bytes
                    line.host.backupSaved(at: now)
                case .readResult(let bytes, _): read = bytes
                case .finished(let end): outcome = end
                default: break
                }
            }
            return outcome != nil
        }
        return (outcome, backup, read)
    }

    private func isSuccess(_ outcome: Outcome?) -> Bool {
        if case .success = outcome { true } else { false }
    }

    @Test(arguments: [ChipTiming.wire, .brisk, .fast])
    func writesAndVerifies(timing: ChipTiming) {
        let before = SampleFlash.image(byteCount: Self.flashByteCount, seed: 3)
        let new = SampleFlash.application("new", byteCount: 0x4321, seed: 4)
        var line = line(.write([Segment(address: 0x7010, bytes: new)]), image: before, timing: timing)
        let (outcome, backup, _) = finish(&line)
        #expect(isSuccess(outcome), "\(String(describing: outcome))")
        #expect(backup.map { $0 == before } == true)
        var expected = before
        expected.replaceSubrange(0x7010..<(0x7010 + new.count), with: new)
        #expect(line.device.flash.contents == expected)
    }

    /// Late power: the sync word is repeated until there is a chip (§11.3).
    @Test(arguments: [Duration.zero, .milliseconds(1), .milliseconds(500), .seconds(20)])
    func findsAChipThatIsPoweredLate(delay: Duration) {
        var line = line(.info, power: .afterFirstCharacter(delay))
        #expect(isSuccess(finish(&line).outcome))
    }

    /// uboot listens for 100 ms on the way to the application; 50 ms between two sync words is often enough (§1.3).
    @Test(arguments: UBootVersion.allCases)
    func catchesTheWindowOfUBoot(version: UBootVersion) {
        var line = line(.info, power: .afterFirstCharacter(.milliseconds(700))) {
            $0.start = .uboot
            $0.uboot = version
        }
        #expect(isSuccess(finish(&line).outcome))
    }

    @Test func givesUpOnAChipWithoutPower() {
        var line = line(.info, power: .off)
        guard case .failure(let failure) = finish(&line).outcome else {
            Issue.record("it must fail")
            return
        }
        #expect(failure.phase == .synchronise)
        #expect(failure.receivedCount == 0)
        #expect(failure.chip.flash == .untouched)
    }

    /// Whatever is lost or garbled on the way: success is only ever said of the right flash, and each job comes to an end.
    @Test(arguments: UInt64(1)...40)
    func neverLies(seed: UInt64) {
        let (outcome, isRight) = writeOverALossyLine(seed: seed)
        #expect(outcome != nil, "seed \(seed): it must come to an end")
        if isSuccess(outcome) { #expect(isRight, "seed \(seed)") }
    }

    /// And it is said often enough for the test above to mean something.
    @Test func retriesMakeUpForMostLosses() {
        let successes = (UInt64(1)...20).count { isSuccess(writeOverALossyLine(seed: $0).outcome) }
        #expect(successes >= 10, "\(successes) of 20")
    }

    private func writeOverALossyLine(seed: UInt64) -> (outcome: Outcome?, isRight: Bool) {
        let before = SampleFlash.image(byteCount: Self.flashByteCount, seed: seed)
        let new = SampleFlash.application("new", byteCount: 0x3000, seed: seed)
        var line = VirtualLine(
            host: Flasher(
                job: .write([Segment(address: 0x8000, bytes: new)], backup: false),
                stub: StubImage.placeholder(for: .community)),
            device: Lossy(chip(before), seed: seed), pacing: .paced)
        var outcome: Outcome?
        line.run(until: Instant.zero.advanced(by: .seconds(900))) { line in
            while let report = line.host.nextReport() {
                if case .finished(let end) = report { outcome = end }
            }
            return outcome != nil
        }
        var expected = before
        expected.replaceSubrange(0x8000..<(0x8000 + new.count), with: new)
        return (outcome, line.device.chip.flash.contents == expected)
    }

    private func chip(_ image: [UInt8]) -> Chip {
        var settings = ChipSettings()
        settings.timing = .brisk
        var flash = NORFlash(id: Self.flashID)
        flash.load(image)
        return Chip(settings: settings, flash: flash)
    }
}
