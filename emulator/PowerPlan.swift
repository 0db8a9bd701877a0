import Line

/// What is left of a `PowerSchedule`: the switches that know their moment, and those that wait for something to happen.
struct PowerPlan {
    private struct Due {
        var moment: Instant
        var place: Int
        /// When that began which it was reckoned from; a power cut before it takes it back.
        var triggeredAt: Instant
    }

    private let switches: [PowerSchedule.Switch]
    private var waiting: [Int]
    /// In the order in which they happen.
    private var due: [Due] = []
    /// When the flash began to erase; counted only while a switch waits for it.
    private var erases = 0
    private var erasesAhead: [Instant] = []

    /// More than any schedule means, and no moment overflows.
    private static let longestDelay = Duration.seconds(1 << 31)

    init(_ schedule: PowerSchedule) {
        switches = schedule.switches
        waiting = Array(switches.indices)
        happened(.start, at: .zero)
    }

    /// When the next switch happens, as far as is known.
    var nextMoment: Instant? { due.first?.moment }

    /// Whether power may still go by itself: what leaves the chip must then not be handed over before it has left.
    var mayCutPower: Bool {
        waiting.contains { !switches[$0].isOn } || due.contains { !switches[$0.place].isOn }
    }

    /// Something happened that switches may be reckoned from.
    mutating func happened(_ trigger: PowerSchedule.Trigger, at moment: Instant) {
        guard !waiting.isEmpty else { return }
        for place in waiting where switches[place].trigger == trigger {
            let delay = min(max(switches[place].delay, .zero), Self.longestDelay)
            due.append(Due(moment: moment.advanced(by: delay), place: place, triggeredAt: moment))
        }
        waiting.removeAll { switches[$0].trigger == trigger }
        due.sort { ($0.moment, $0.place) < ($1.moment, $1.place) }
    }

    /// The flash begins to erase, at a moment that may lie ahead of the driver's time.
    mutating func eraseBegins(at moment: Instant) {
        guard waiting.contains(where: { if case .erase = switches[$0].trigger { true } else { false } }) else { return }
        erases += 1
        erasesAhead.append(moment)
        happened(.erase(erases), at: moment)
    }

    /// Time has come to `moment`: what began by then is not taken back any more.
    mutating func settle(at moment: Instant) {
        guard let first = erasesAhead.first, first <= moment else { return }
        erasesAhead.removeFirst(erasesAhead.prefix { $0 <= moment }.count)
    }

    /// The chip was stopped at `moment`: what it would have begun after that never happens.
    mutating func takeBack(after moment: Instant) {
        settle(at: moment)
        guard !erasesAhead.isEmpty else { return }
        erases -= erasesAhead.count
        erasesAhead.removeAll()
        for taken in due where taken.triggeredAt > moment { waiting.append(taken.place) }
        due.removeAll { $0.triggeredAt > moment }
        waiting.sort()
    }

    /// The next switch, if it happens by `moment`.
    mutating func takeNext(by moment: Instant) -> (moment: Instant, isOn: Bool)? {
        guard let next = due.first, next.moment <= moment else { return nil }
        due.removeFirst()
        return (next.moment, switches[next.place].isOn)
    }
}
