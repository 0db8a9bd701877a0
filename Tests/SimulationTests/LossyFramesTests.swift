import Emulator
import Flasher
import Images
import Simulation
import Testing
import Wire

/// Frames over a line that loses bytes and flips bits: success is only ever said of the right flash, and said often.
@Suite struct LossyFramesTests {
    private static let seeds = UInt64(1)...6

    private func write(_ pairing: Pairing, seed: UInt64) -> (run: JobRun<Lossy>, isRight: Bool) {
        let before = SampleFlash.image(byteCount: 1 << 20, seed: seed)
        let new = SampleFlash.application("new", byteCount: 0x3000, seed: seed)
        var flash = NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14))
        flash.load(before)
        let run = JobRun(
            Flasher(
                job: .write([Segment(address: 0xE000, bytes: new)], backup: false), dialect: pairing.dialect,
                stub: StubImage.placeholder(for: pairing.version)),
            on: Lossy(Chip(settings: ChipSettings(), flash: flash), seed: seed, odds: Lossy.odds(for: pairing.version)))
        run.finish()
        var expected = before
        expected.replaceSubrange(0xE000..<(0xE000 + new.count), with: new)
        return (run, run.line.device.chip.flash.contents == expected)
    }

    @Test(arguments: Pairing.vendor)
    func neverLiesAndMostlySucceeds(pairing: Pairing) {
        var successes = 0
        var failures: [String] = []
        for seed in Self.seeds {
            let (run, isRight) = write(pairing, seed: seed)
            #expect(run.outcome != nil, "seed \(seed): it must come to an end; \(run.story)")
            if run.isSuccess {
                #expect(isRight, "seed \(seed): \(run.story)")
                successes += 1
            } else {
                failures.append("seed \(seed): \(run.story)")
            }
        }
        #expect(successes * 3 >= Self.seeds.count * 2, "\(failures.joined(separator: "\n"))")
    }
}
