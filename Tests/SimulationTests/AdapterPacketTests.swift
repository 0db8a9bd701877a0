import Emulator
import Flasher
import Images
import Line
import Simulation
import Testing
import Wire

/// An adapter's packets between the reference host and the chip.
@Suite struct AdapterPacketTests {
    /// How long a write of so many bytes takes, all in all.
    private func duration(_ byteCount: Int, over adapter: Adapter?) throws -> Duration {
        var conditions = LineConditions()
        conditions.adapter = adapter
        let new = SampleFlash.application("new", byteCount: byteCount, seed: 4)
        let flasher = Flasher(
            job: .write([Segment(address: 0x8000, bytes: new)], backup: false),
            stub: StubImage.placeholder(for: .community))
        let run = JobRun(
            flasher, on: Chip(settings: ChipSettings(), flash: NORFlash(id: .gd25q16e)), conditions: conditions)
        run.finish()
        try run.requireSuccess()
        return Instant.zero.duration(to: run.line.now)
    }

    /// 24 blocks more are 24 ACKs of one byte more (§10), and each of them is handed over 16 ms late (AN232B-04). The
    /// adapter's own rate at 921600, 24 MHz / 26, saves half a millisecond on the blocks.
    @Test func eachAckWaitsForTheTimer() throws {
        func more(over adapter: Adapter?) throws -> Duration {
            try duration(0xC000, over: adapter) - duration(0x6000, over: adapter)
        }
        let extra = try more(over: Adapter(.ft232r)) - more(over: nil)
        #expect(extra > .milliseconds(24 * 16 - 2) && extra < .milliseconds(24 * 16 + 2), "\(extra)")
    }

    /// An adapter without such a timer costs a millisecond an answer (ours).
    @Test func oneWithoutATimer() throws {
        let extra = try duration(0x6000, over: Adapter(.ch340)) - duration(0x6000, over: nil)
        #expect(extra > .milliseconds(24) && extra < .milliseconds(100), "\(extra)")
    }
}
