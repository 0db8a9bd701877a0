/// The line's clock. As a rule it runs with the wall's.
///
/// A real port holds a writer back until its bytes have crossed; a pseudo-terminal takes 17 KB and lets the write return,
/// and the host's time-outs run from a moment at which a real wire would still be busy (ECR6600 facts §13.1). So where
/// more of the host's bytes wait to cross than a port's driver would hold, the line's clock goes ahead of the wall's to
/// the end of what waits: every character keeps its true place, and what the chip answers meanwhile is there at once.
///
/// ```
/// wall  ──┬ 26 KB written ──┬ +10 ms ─
/// line  ──┴── 2.26 s ───────┴ +10 ms ─      the lead is 2.26 s from here on, and only grows
/// ```
package struct LineClock: Sendable {
    /// Bytes that a port's driver holds: an assumption, above the largest frame of a real host (4,102) and below the
    /// smallest stub (6,860).
    package static let mostWaiting = 5 * 1024

    /// For so long, on the wall's clock, what comes belongs to the burst that the clock went ahead for: one write is read
    /// in several pieces.
    package static let burst = Duration.milliseconds(50)

    /// Once the lead has reached this it grows no more; a host that still writes is held back from then on. Nobody flashes for a year, and a
    /// flood at 50 baud must not leave what 64 bits of time can say.
    package static let mostLead = Duration.seconds(365 * 86_400)

    /// How far it is ahead of the wall's.
    package private(set) var lead = Duration.zero
    private let mayGoAhead: Bool
    /// When the burst is over, on the wall's clock.
    private var burstEnd = Instant(nanoseconds: .min)
    /// Bytes that it went ahead for since the burst was last prolonged.
    private var burstCount = 0

    /// - Parameter goesAhead: false for a line that never leaves the wall's time.
    package init(goesAhead: Bool) {
        mayGoAhead = goesAhead
    }

    /// Whether it goes ahead rather than let a host wait.
    package var goesAhead: Bool { mayGoAhead && lead < Self.mostLead }

    /// What it shows when the wall's clock shows `wall`.
    package func moment(atWall wall: Instant) -> Instant { wall.advanced(by: lead) }

    /// What the wall's clock shows when it shows `moment`, unless it goes ahead before.
    package func wall(at moment: Instant) -> Instant { moment.advanced(by: .zero - lead) }

    /// Goes ahead, if so much waits or what waits belongs to a burst.
    /// - Parameters:
    ///   - waiting: bytes of the host that have not crossed.
    ///   - end: when the last of them will have crossed.
    /// - Returns: by how much; nil where it goes on with the wall's.
    package mutating func goAhead(waiting: Int, until end: Instant, atWall wall: Instant) -> Duration? {
        let isBurst = waiting > Self.mostWaiting || wall < burstEnd
        if !isBurst { burstCount = 0 }
        let now = moment(atWall: wall)
        guard goesAhead, isBurst, waiting > 0, end > now else { return nil }
        burstCount += waiting
        let ahead = now.duration(to: end)
        lead += ahead
        return ahead
    }

    /// Goes on from `moment`, where the bytes end that it went ahead for, to `end`, where the chip's answer to the last of
    /// them does.
    package mutating func goOn(to end: Instant, from moment: Instant) {
        lead += max(.zero, moment.duration(to: end))
    }

    /// The chip has lived through what the clock went ahead for. A short command does not prolong the burst;
    /// another 5 KB does.
    package mutating func hasGoneAhead(atWall wall: Instant) {
        guard burstCount > Self.mostWaiting else { return }
        burstCount = 0
        burstEnd = wall.advanced(by: Self.burst)
    }
}
