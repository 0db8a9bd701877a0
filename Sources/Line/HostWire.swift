/// The wire from the host: when the host's characters cross it, whenever they were written.
///
/// A port accepts bytes faster than the wire carries them; so each run is charged its time after what was written
/// before. What that means for a host whose writes return at once is `LineClock`'s business.
package struct HostWire: Sendable {
    package enum Pacing: Hashable, Sendable {
        /// Characters take no time: they are there when they are written.
        case unpaced
        /// Characters take their time.
        case paced
    }

    package let pacing: Pacing
    /// When the last character charged so far has crossed.
    package private(set) var busyUntil = Instant.zero

    package init(pacing: Pacing) {
        self.pacing = pacing
    }

    /// When `count` characters that the host wrote at `now` cross the line.
    package mutating func charge(_ count: Int, writtenAt now: Instant, rate: BitRate) -> RunTiming {
        let start = max(now, busyUntil)
        guard pacing == .paced else { return RunTiming(start: start, unpacedAt: rate) }
        let timing = RunTiming(start: start, backToBackAt: rate)
        busyUntil = timing.end(of: count)
        return timing
    }

    /// The wire is free at `now`: what had not crossed has been thrown away.
    package mutating func clear(at now: Instant) {
        busyUntil = now
    }
}
