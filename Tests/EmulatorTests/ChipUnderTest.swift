import Emulator
import Line
import Wire

/// A chip in virtual time: told bytes and moments, asked what it has said by then.
struct ChipUnderTest {
    var chip: Chip
    var now = Instant.zero
    /// Everything it has sent so far, with the moment at which each run began.
    var sent: [(start: Instant, bytes: [UInt8], rate: BitRate)] = []
    private var read = 0

    init(_ chip: Chip) {
        self.chip = chip
        run(for: .zero)
    }

    /// A community stub that has just started, in brisk time.
    static func communityStub(
        flashID: FlashID = .gd25q16e, timing: ChipTiming = .brisk, image: [UInt8] = [], efuse: EFuse = .sample,
        adjust: (inout ChipSettings) -> Void = { _ in }
    ) -> ChipUnderTest {
        var settings = ChipSettings()
        settings.start = .stub
        settings.timing = timing
        adjust(&settings)
        var flash = NORFlash(id: flashID)
        flash.load(image)
        var tested = ChipUnderTest(Chip(settings: settings, flash: flash, efuse: efuse))
        tested.run(for: .milliseconds(100))
        return tested
    }

    /// Lets time pass, stopping at each of the chip's deadlines as a driver does.
    mutating func run(for duration: Duration) {
        let end = now.advanced(by: duration)
        collect()
        while let deadline = chip.deadline, deadline <= end {
            now = max(now, deadline)
            chip.advance(to: now)
            let before = sent.count
            collect()
            if sent.count == before, chip.deadline == deadline, deadline == now { chip.advance(to: now) }
        }
        now = end
        chip.advance(to: now)
        collect()
    }

    /// Hands over bytes now.
    mutating func give(_ bytes: [UInt8], spacing: Int64 = 0) {
        let rate = chip.receiverClock(at: now).rate
        chip.receive(bytes.span, timing: RunTiming(start: now, spacing: spacing, rate: rate))
        chip.advance(to: now)
        collect()
    }

    /// What it has sent since the last call.
    mutating func heard() -> [UInt8] {
        defer { read = sent.count }
        return sent[read...].flatMap(\.bytes)
    }

    /// Lets go of what it has sent so far.
    mutating func forget() {
        sent.removeAll()
        read = 0
    }

    /// Gives bytes, lets time pass, returns what it answered.
    mutating func ask(_ bytes: [UInt8], for duration: Duration = .milliseconds(60)) -> [UInt8] {
        give(bytes)
        run(for: duration)
        return heard()
    }

    private mutating func collect() {
        var bytes: [UInt8] = []
        while let timing = chip.transmit(into: &bytes) {
            sent.append((timing.start, bytes, timing.rate))
            bytes = []
        }
    }
}
