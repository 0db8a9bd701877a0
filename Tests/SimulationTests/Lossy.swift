import Emulator
import Images
import Line

/// A chip behind a bad line: from a seed, one run in so many loses a byte or has a bit flipped, either way.
struct Lossy: Machine {
    var chip: Chip
    private var generator: SplitMix64

    private let odds: UInt64

    /// - Parameter odds: one run in so many is damaged.
    init(_ chip: Chip, seed: UInt64, odds: UInt64 = 12) {
        self.chip = chip
        self.odds = odds
        generator = SplitMix64(seed: seed)
    }

    /// What a write is tried at. 1.3.1 and 1.4.0 have no SHA-256 (ECR6600 facts §4.1): their flash is read to be compared,
    /// which is a hundred commands more, and a command whose length is damaged upwards overruns a buffer of the stub's.
    static func odds(for version: StubImage.Version) -> UInt64 {
        version == .vendor131 || version == .vendor140 ? 120 : 12
    }

    private mutating func spoil(_ bytes: inout [UInt8], from start: Int) {
        guard bytes.count > start, generator.next(below: odds) == 0 else { return }
        let victim = start + Int(generator.next(below: UInt64(bytes.count - start)))
        if generator.next(below: 2) == 0 {
            bytes.remove(at: victim)
        } else {
            bytes[victim] ^= 1 << UInt8(generator.next(below: 8))
        }
    }

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        var bytes = characters.withUnsafeBufferPointer { Array($0) }
        spoil(&bytes, from: 0)
        chip.receive(bytes.span, timing: timing)
    }

    mutating func advance(to now: Instant) { chip.advance(to: now) }

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        let start = characters.count
        guard let timing = chip.transmit(into: &characters) else { return nil }
        spoil(&characters, from: start)
        return timing
    }

    var deadline: Instant? { chip.deadline }

    func receiverClock(at moment: Instant) -> ReceiverClock { chip.receiverClock(at: moment) }
}
