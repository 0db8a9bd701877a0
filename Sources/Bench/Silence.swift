import Line

/// How long nothing has crossed a line. Reported after 5 s, then each time the silence has doubled.
struct Silence {
    private var start = Instant.zero
    /// When it is reported next, if it lasts.
    private(set) var next = Instant.zero.advanced(by: Self.least)

    private static let least = Duration.seconds(5)

    /// Something has crossed the line.
    mutating func ends(at now: Instant) {
        start = now
        next = now.advanced(by: Self.least)
    }

    /// - Returns: how long it has lasted, where that is to be reported now.
    mutating func toReport(at now: Instant) -> Duration? {
        guard now >= next else { return nil }
        let length = start.duration(to: now)
        next = now.advanced(by: length)
        return length
    }
}
