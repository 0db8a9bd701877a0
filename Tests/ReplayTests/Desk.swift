import Line
import Replay

/// A player on a desk, in virtual time.
struct Desk<Player: Replaying> {
    var player: Player
    var heard: [(bytes: [UInt8], timing: RunTiming)] = []

    init(_ player: Player) {
        self.player = player
    }

    var divergence: Divergence? {
        if case .diverged(let divergence) = player.outcome { divergence } else { nil }
    }

    /// Bytes that arrive at once.
    mutating func give(_ bytes: [UInt8], at milliseconds: Int64) {
        let timing = RunTiming(start: instant(milliseconds), unpacedAt: BitRate(baud: 115_200))
        player.receive(bytes.span, timing: timing)
        advance(to: timing.start)
    }

    /// Bytes in chunks, and everything that follows from them.
    mutating func send(_ bytes: [UInt8], chunk: Int = .max, at milliseconds: Int64) {
        var rest = bytes[...]
        while !rest.isEmpty {
            give(Array(rest.prefix(chunk)), at: milliseconds)
            rest = rest.dropFirst(chunk)
        }
        // Long enough for every answer here.
        run(until: instant(milliseconds + 800))
    }

    /// Goes from deadline to deadline.
    mutating func run(until end: Instant = Instant(nanoseconds: .max)) {
        while let deadline = player.deadline, deadline <= end { advance(to: deadline) }
    }

    private mutating func advance(to moment: Instant) {
        player.advance(to: moment)
        var bytes: [UInt8] = []
        while let timing = player.transmit(into: &bytes) {
            heard.append((bytes, timing))
            bytes = []
        }
    }
}

/// A moment in milliseconds.
func instant(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
