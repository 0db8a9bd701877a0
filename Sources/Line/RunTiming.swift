/// When the characters of a run crossed a line: they follow one another at equal distances.
///
/// Bytes move in runs. A run is the bytes and one of these; nothing else is kept per character.
package struct RunTiming: Hashable, Sendable {
    /// The start bit of the first character begins here.
    package var start: Instant
    /// From one start bit to the next, in picoseconds; 0 when the run is not paced (all characters at once).
    package var spacing: Int64
    /// The rate at which the sender shifted the bits, whatever the spacing.
    package var rate: BitRate

    package init(start: Instant, spacing: Int64, rate: BitRate) {
        self.start = start
        self.spacing = spacing
        self.rate = rate
    }

    /// Back-to-back characters at the sender's rate.
    package init(start: Instant, backToBackAt rate: BitRate) {
        self.init(start: start, spacing: rate.characterPicoseconds, rate: rate)
    }

    /// All characters at `start`, as on a line that takes no time.
    package init(start: Instant, unpacedAt rate: BitRate) {
        self.init(start: start, spacing: 0, rate: rate)
    }

    /// When the first `count` characters have arrived whole.
    package func end(of count: Int) -> Instant {
        Instant(nanoseconds: start.nanoseconds + Int64(count) * spacing / 1000)
    }

    /// How many of `count` characters have arrived whole at `moment`, that moment included.
    package func arrived(by moment: Instant, of count: Int) -> Int {
        guard moment >= start else { return 0 }
        guard spacing > 0 else { return count }
        let elapsed = moment.nanoseconds - start.nanoseconds
        // One division, in picoseconds; a run of 64 KB at 300 baud is far from overflowing.
        // What ends within the nanosecond after `moment` counts: `end(of:)` rounds down.
        let (picoseconds, overflow) = elapsed.multipliedReportingOverflow(by: 1000)
        guard !overflow, picoseconds < Int64.max - 1000 else { return count }
        return min(count, Int((picoseconds + 999) / spacing))
    }

    /// How many of `count` characters have arrived whole before `moment`, that moment not included.
    package func arrived(before moment: Instant, of count: Int) -> Int {
        moment == Instant(nanoseconds: .min) ? 0 : arrived(by: Instant(nanoseconds: moment.nanoseconds - 1), of: count)
    }

    /// The same run without its first `count` characters.
    package func dropping(_ count: Int) -> RunTiming {
        RunTiming(start: end(of: count), spacing: spacing, rate: rate)
    }
}
