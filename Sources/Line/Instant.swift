/// A moment on a line's clock, in nanoseconds since the line's beginning.
///
/// Machines never read a clock: their driver says what time it is (real time on a bench, virtual time in a
/// simulation). Nanoseconds in 64 bits last 292 years.
package struct Instant: InstantProtocol, Hashable, Sendable, CustomStringConvertible {
    /// Nanoseconds since the line's beginning.
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The line's beginning.
    package static let zero = Instant(nanoseconds: 0)

    package func advanced(by duration: Duration) -> Instant {
        Instant(nanoseconds: nanoseconds + duration.wholeNanoseconds)
    }

    package func duration(to other: Instant) -> Duration {
        .nanoseconds(other.nanoseconds - nanoseconds)
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The earlier of two moments; of what never comes, nil, the other.
    package static func earlier(_ one: Instant?, _ other: Instant?) -> Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// Seconds with six decimals, as traces and logs print it.
    package var description: String {
        let microseconds = nanoseconds.magnitude / 1000
        let fraction = String(microseconds % 1_000_000)
        let padded = String(repeating: "0", count: 6 - fraction.count) + fraction
        return "\(nanoseconds < 0 ? "-" : "")\(microseconds / 1_000_000).\(padded) s"
    }
}

extension Duration {
    /// The duration in nanoseconds, rounded towards zero. Exact for everything this project uses.
    package var wholeNanoseconds: Int64 {
        // Nine seconds fit into 64 bits: dividing 128 is many times slower, and this is asked for each packet and run.
        if let small = Int64(exactly: attoseconds) { return small / 1_000_000_000 }
        let (seconds, rest) = components
        return seconds * 1_000_000_000 + rest / 1_000_000_000
    }
}
