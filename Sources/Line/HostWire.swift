/// What the wire from the host would have done with the host's bytes, where a pseudo-terminal took them all at once.
///
/// A real port holds a writer back at the baud rate; a pseudo-terminal takes up to 17–22 KB and lets the write return
/// (ECR6600 facts §13.1). So each run is charged its time on the wire, and what the host does afterwards is shifted with
/// it — up to a limit, because the host's time-outs have been running since its write returned.
package struct HostWire: Sendable {
    package enum Pacing: Hashable, Sendable {
        /// Characters take no time: they are there when they are written.
        case unpaced
        /// Characters take their time, but the chip never lags the host by much more than so much: what is beyond is
        /// forgiven by squeezing the characters together, down to a microsecond each.
        case forgiving(Duration)
        /// Characters take their time, however far the chip falls behind.
        case strict
    }

    package let pacing: Pacing
    /// When the last character charged so far has crossed.
    package private(set) var busyUntil = Instant.zero
    private var lastWrite = Instant.zero

    package init(pacing: Pacing) {
        self.pacing = pacing
    }

    /// Squeezed characters come at 10 Mbaud, the most that the chip's UART can be asked for (ECR6600 facts §4.3): a
    /// loader that has a byte to send for each 1024 keeps up with that.
    fileprivate static let leastSpacing: Int64 = 1_000_000

    /// When `count` characters that the host wrote at `now` cross the line.
    package mutating func charge(_ count: Int, writtenAt now: Instant, rate: BitRate) -> RunTiming {
        defer { lastWrite = now }
        let paced: RunTiming
        switch pacing {
        case .unpaced:
            return RunTiming(start: max(now, busyUntil), unpacedAt: rate)
        case .strict:
            paced = RunTiming(start: max(now, busyUntil), backToBackAt: rate)
        case .forgiving(let limit):
            // A pause that the host made while the wire was still busy is a pause on the wire too.
            let pause = lastWrite.duration(to: now)
            let latest = now.advanced(by: limit)
            let start = busyUntil > now ? min(busyUntil.advanced(by: pause), max(latest, busyUntil)) : now
            let unforgiven = RunTiming(start: start, backToBackAt: rate)
            paced = unforgiven.end(of: count) <= latest ? unforgiven : unforgiven.squeezed(count, into: latest)
        }
        busyUntil = paced.end(of: count)
        return paced
    }

    /// The wire is free again: whoever holds the characters has thrown away what had not crossed.
    package mutating func clear(at now: Instant) {
        busyUntil = now
    }
}

extension RunTiming {
    /// The same start, but `count` characters over by `end`.
    fileprivate func squeezed(_ count: Int, into end: Instant) -> RunTiming {
        let available = max(0, end.nanoseconds - start.nanoseconds)
        let fitting = available * 1000 / Int64(max(1, count))
        return RunTiming(start: start, spacing: max(HostWire.leastSpacing, fitting), rate: rate)
    }
}
