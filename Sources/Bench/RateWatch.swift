import Line

/// A pseudo-terminal does not say that its client has changed its rate. So it is asked now and then for a while after
/// anything was sent, that a change which came without data is not found together with what is written after it.
struct RateWatch {
    let isOn: Bool
    private var lastActivity = Instant(nanoseconds: .min / 2)

    init(isOn: Bool) {
        self.isOn = isOn
    }

    private static let interval = Duration.milliseconds(10)
    private static let patience = Duration.seconds(2)

    /// Something was sent at `wall`.
    mutating func activity(at wall: Instant) {
        lastActivity = wall
    }

    /// When to ask again; nil for not before something is sent.
    func deadline(after wall: Instant) -> Instant? {
        guard isOn, lastActivity.duration(to: wall) < Self.patience else { return nil }
        return wall.advanced(by: Self.interval)
    }
}
