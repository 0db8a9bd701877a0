import Glibc
package import Line

/// Real time as a line sees it: nanoseconds since the clock was made, unmoved by anybody setting the system's clock.
package struct MonotonicClock: Hashable, Sendable {
    /// The moment the clock was made in nanoseconds since 1970 (UTC), as the system's clock told it then.
    package let epochNanoseconds: Int64
    private let origin: Int64

    package init() {
        origin = MonotonicClock.nanoseconds(of: CLOCK_MONOTONIC)
        epochNanoseconds = MonotonicClock.nanoseconds(of: CLOCK_REALTIME)
    }

    /// The time since the clock was made.
    package var now: Instant {
        Instant(nanoseconds: MonotonicClock.nanoseconds(of: CLOCK_MONOTONIC) - origin)
    }

    /// A moment of the system's own monotonic clock, which all processes read, in nanoseconds. Past either end of what an
    /// `Instant` holds, that end.
    package func instant(ofSystem nanoseconds: Int64) -> Instant {
        let (since, overflow) = nanoseconds.subtractingReportingOverflow(origin)
        return Instant(nanoseconds: overflow ? (nanoseconds < 0 ? .min : .max) : since)
    }

    private static func nanoseconds(of clock: clockid_t) -> Int64 {
        var time = timespec()
        let result = clock_gettime(clock, &time)
        precondition(result == 0, "every Linux has these clocks")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
