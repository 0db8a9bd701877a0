import Line

/// A pseudo-terminal does not say that its client has changed its rate. So it is asked for a while after anything
/// happened; otherwise a change made without data would be found together with what is written after it.
///
/// It is asked every 10 ms, and less often the longer nothing happens: a change is known within an eighth of the silence.
struct RateWatch {
    let isOn: Bool
    private var lastActivity = Instant(nanoseconds: .min / 2)

    init(isOn: Bool) {
        self.isOn = isOn
    }

    private static let shortest = Duration.milliseconds(10)
    private static let patience = Duration.seconds(60)

    /// Something happened at the client's end at `wall`.
    mutating func activity(at wall: Instant) {
        lastActivity = wall
    }

    /// When to ask again; nil for not before something happens.
    func deadline(after wall: Instant) -> Instant? {
        let silence = lastActivity.duration(to: wall)
        guard isOn, silence < Self.patience else { return nil }
        return wall.advanced(by: max(Self.shortest, silence / 8))
    }
}
