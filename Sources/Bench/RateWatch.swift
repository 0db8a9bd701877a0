import Line

/// A pseudo-terminal does not say that its client has changed its rate. So it is asked for a while after anything
/// happened; otherwise a change made without data would be found together with what is written after it.
///
/// As a rule it is asked every 10 ms, and less often the longer nothing happens: a change is known within an eighth of
/// the silence.
struct RateWatch {
    let isOn: Bool
    private let shortest: Duration
    /// A change is known within so much of the silence.
    private let fraction: Int
    private var lastActivity = Instant(nanoseconds: .min / 2)

    /// - Parameter patience: after so much silence it is not asked any more; nil for ever.
    init(
        isOn: Bool, every shortest: Duration = .milliseconds(10), fraction: Int = 8,
        patience: Duration? = .seconds(60)
    ) {
        self.isOn = isOn
        self.shortest = shortest
        self.fraction = fraction
        self.patience = patience
    }

    private let patience: Duration?

    /// Something happened at the client's end at `wall`.
    mutating func activity(at wall: Instant) {
        lastActivity = wall
    }

    /// When to ask again; nil for not before something happens.
    func deadline(after wall: Instant) -> Instant? {
        let silence = lastActivity.duration(to: wall)
        guard isOn, patience.map({ silence < $0 }) ?? true else { return nil }
        return wall.advanced(by: max(shortest, silence / fraction))
    }
}
