/// The supply of an adapter that is below the chip's: what the chip's idle output pushes through the adapter's input
/// clamp lifts it, and it sags back while the chip sends zeros.
///
/// A model, and one explanation that fits the three reports of ECR6600 facts §11.3 about a 1.8 V adapter: writing
/// works, reading by XMODEM fails at its first blocks, reading by upload works. All its numbers are assumptions;
/// `docs/line.md` says where in their range it holds.
package struct ClampRail: Hashable, Sendable {
    /// How far an idle chip lifts the adapter's supply in the end, and with it the high level that the adapter drives.
    package var lift: Millivolts = 400
    /// While the chip's output is low, the lift runs off with this time constant, in nanoseconds: 4 ms.
    package var sagTime: Int64 = 4_000_000
    /// While it is high, the lift comes back with this one: 100 ms.
    package var recoveryTime: Int64 = 100_000_000

    package init() {}
}

/// The state of a clamp rail, which the two wires share.
package struct ClampRailState: Sendable {
    package let rail: ClampRail
    /// Millionths of a volt above the adapter's own supply, at `time`.
    private var microvolts: Int64
    private var time = Instant.zero
    private var sent = RunQueue()

    package init(_ rail: ClampRail) {
        self.rail = rail
        microvolts = Int64(rail.lift) * 1000
    }

    /// The chip sends a run; what it does to the rail happens as the run crosses.
    package mutating func transmitted(_ characters: Span<UInt8>, timing: RunTiming) {
        // A host that never sends never asks for a level.
        if sent.count > Self.mostWaiting { advance(to: timing.start) }
        sent.append(characters, timing: timing)
    }
    private static let mostWaiting = 1 << 20

    /// Whether the chip has nothing on the wire at `moment` or later, as far as is known: then the rail only rises.
    package mutating func isRising(at moment: Instant) -> Bool {
        advance(to: moment)
        return sent.isEmpty
    }

    /// How far the rail is lifted at `moment`. Moments before the last one asked for count as that one.
    package mutating func lift(at moment: Instant) -> Millivolts {
        advance(to: moment)
        return Int(microvolts / 1000)
    }

    /// Accounts for everything that has crossed by `moment`, and for the idle time after it.
    private mutating func advance(to moment: Instant) {
        while let (_, timing) = sent.first, timing.end(of: 1) <= moment {
            recover(until: timing.start)
            pass(sent.takeFirst(), at: timing.rate)
        }
        recover(until: moment)
    }

    /// One character: its zeros, the start bit among them, and then its ones. Their order within it is left out.
    private mutating func pass(_ character: UInt8, at rate: BitRate) {
        let zeros = Int64(9 - character.nonzeroBitCount)
        let sagging = zeros * rate.characterPicoseconds / 10_000
        microvolts = (microvolts * Decay.remaining(after: sagging, timeConstant: rail.sagTime)) >> 30
        time = Instant(nanoseconds: time.nanoseconds + sagging)
        recover(until: Instant(nanoseconds: time.nanoseconds + (10 - zeros) * rate.characterPicoseconds / 10_000))
    }

    private mutating func recover(until moment: Instant) {
        guard moment > time else { return }
        let missing = Int64(rail.lift) * 1000 - microvolts
        let elapsed = moment.nanoseconds - time.nanoseconds
        microvolts += missing - ((missing * Decay.remaining(after: elapsed, timeConstant: rail.recoveryTime)) >> 30)
        time = moment
    }
}
