/// The line's clock is the engine's. A driver in real time asks here what the one shows when the
/// other does; in virtual time they are the same.
extension SerialLink {
    /// How far the wire may lag a host before the host is held back, where the clock does not go ahead; far beyond
    /// every time-out.
    private static var mostBehind: Duration { .seconds(5) }

    /// What the line's clock shows when the wall's shows `wall`.
    package func moment(atWall wall: Instant) -> Instant { clock.moment(atWall: wall) }

    /// What the wall's clock shows when the line's shows `moment`, unless that goes ahead before.
    package func wall(at moment: Instant) -> Instant { clock.wall(at: moment) }

    /// How many more characters the wire takes on at `now`; nil where the clock goes ahead rather than hold a host
    /// back.
    /// - Parameter rate: at which the host would write them; asked only where it matters.
    package func room(at now: Instant, rate: @autoclosure () -> BitRate) -> Int? {
        guard !clock.goesAhead else { return nil }
        let lag = now.duration(to: busyUntil)
        guard lag < Self.mostBehind else { return 0 }
        let characters = (Self.mostBehind - max(lag, .zero)).wholeNanoseconds * 1000 / rate().characterPicoseconds
        // Never less than a frame's head, or a slow line would take in nothing at all.
        return max(16, Int(clamping: characters))
    }

    /// Until when a host is held back; nil when it is not.
    package func heldUntil(at now: Instant) -> Instant? {
        guard !clock.goesAhead else { return nil }
        let resumption = busyUntil.advanced(by: .zero - Self.mostBehind)
        return resumption > now ? resumption : nil
    }

    /// Lets the clock go ahead where more of the host's characters wait to cross than a real port would have taken
    /// (`LineClock`). The driver lives through what lies between, and then calls `goOn`.
    /// - Returns: from when to when, on the line's clock; nil where it goes on with the wall's.
    package mutating func goAhead(atWall wall: Instant) -> Range<Instant>? {
        let now = moment(atWall: wall)
        let end = min(busyUntil, unpluggedAt ?? busyUntil)
        guard let ahead = clock.goAhead(waiting: waitingCount, until: end, atWall: wall) else { return nil }
        return now..<now.advanced(by: ahead)
    }

    /// Goes on to the end of the chip's answer to the last character, which is due a character after it, and not
    /// whenever the driver is woken again.
    /// - Parameters:
    ///   - now: where the clock has gone ahead to.
    ///   - batch: how long after it the answer may end.
    /// - Returns: when that is.
    package mutating func goOn(from now: Instant, within batch: Duration) -> Instant {
        let answer = lastArrival(by: now.advanced(by: batch)) ?? now
        clock.goOn(to: answer, from: now)
        return max(now, answer)
    }

    /// All that the clock went ahead for has been lived through, by `wall`.
    package mutating func hasGoneAhead(atWall wall: Instant) {
        clock.hasGoneAhead(atWall: wall)
    }
}
