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
    /// Whether somebody may switch the power, or reset the chip, at any moment.
    let isInterruptible: Bool
    /// Whether somebody has switched by hand, and the schedule is off.
    private(set) var isByHand = false
    private var waiting: [Int]
    /// In the order in which they happen.
    private var due: [Due] = []
    /// When the flash began to erase; counted only while a switch waits for it.
    private var erases = 0
    private var erasesAhead: [Instant] = []
    private var steps: PowerSteps

    /// More than any schedule means, and no moment overflows.
    private static let longestDelay = Duration.seconds(1 << 31)

    init(_ schedule: PowerSchedule, isInterruptible: Bool = false) {
        switches = schedule.switches
        self.isInterruptible = isInterruptible
        waiting = Array(switches.indices)
        steps = PowerSteps(schedule)
        happened(.start, at: .zero)
    }

    /// What is left of it is off, and this happens in its place.
    mutating func replace(by schedule: PowerSchedule) {
        let watch = steps.watch
        self = PowerPlan(schedule, isInterruptible: isInterruptible)
        steps.watch = watch
        isByHand = true
    }

    /// When the next switch happens, as far as is known; a cut is one.
    var nextMoment: Instant? {
        guard let cut = steps.watch?.due else { return due.first?.moment }
        return due.first.map { min($0.moment, cut) } ?? cut
    }

    /// How far the story may be told at once: to the next switch, or to the end of a message that may be what one waits
    /// for.
    var nextStop: Instant? {
        guard let end = steps.nextEnd else { return nextMoment }
        return nextMoment.map { min($0, end) } ?? end
    }

    /// Switches whose moment has not come.
    var missed: [PowerSchedule.Switch] { (waiting + due.map(\.place)).sorted().map { switches[$0] } }

    /// Whether a switch waits for a step: only then the chip's messages matter.
    var watchesSteps: Bool { steps.isWatching }

    /// Whether power may still go: what leaves the chip must then not be handed over before it has left.
    var mayCutPower: Bool {
        isInterruptible || waiting.contains { !switches[$0].isOn } || due.contains { !switches[$0.place].isOn }
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

    /// Characters of the host, which may lie in the future.
    mutating func hostSends(_ characters: Span<UInt8>, timing: RunTiming) {
        guard !waiting.isEmpty || steps.isWatching, !characters.isEmpty else { return }
        happened(.firstHostByte, at: timing.start)
        if steps.isWatching { ended(steps.hostSends(characters, timing: timing)) }
    }

    /// The chip begins to send a message. What it does afterwards must wait for `nextStop`.
    mutating func chipSends(_ characters: Span<UInt8>, timing: RunTiming) {
        steps.chipSends(characters, timing: timing)
    }

    private mutating func ended(_ ends: [PowerSteps.End]) {
        for end in ends { happened(.step(end.aim), at: end.moment) }
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
        if steps.isWatching { ended(steps.settle(at: moment)) }
        steps.watch?.settle(at: moment)
        settleErases(at: moment)
    }

    private mutating func settleErases(at moment: Instant) {
        guard let first = erasesAhead.first, first <= moment else { return }
        erasesAhead.removeFirst(erasesAhead.prefix { $0 <= moment }.count)
    }

    /// The chip was stopped at `moment`: what it would have begun after that never happens.
    mutating func takeBack(after moment: Instant) {
        if steps.isWatching { ended(steps.stop(at: moment)) }
        steps.watch?.takeBack(after: moment)
        settleErases(at: moment)
        guard !erasesAhead.isEmpty else { return }
        erases -= erasesAhead.count
        erasesAhead.removeAll()
        let taken = due.filter { isTakenBack($0, after: moment) }.map(\.place)
        due = due.filter { !isTakenBack($0, after: moment) }
        waiting = (waiting + taken).sorted()
    }

    /// What the host sends comes whether or not the chip has power: only what the chip would have done is taken back.
    private func isTakenBack(_ planned: Due, after moment: Instant) -> Bool {
        guard case .erase = switches[planned.place].trigger else { return false }
        return planned.triggeredAt > moment
    }

    /// The next switch, if it happens by `moment`.
    mutating func takeNext(by moment: Instant) -> (moment: Instant, isOn: Bool)? {
        if let cut = takeCut(by: moment) { return (cut, false) }
        guard let next = due.first, next.moment <= moment else { return nil }
        due.removeFirst()
        return (next.moment, switches[next.place].isOn)
    }
}

// MARK: Cuts

extension PowerPlan {
    /// The session is cut as planned, whatever becomes of the schedule.
    mutating func plan(_ cut: PlannedCut) {
        steps.watch = CutWatch(cut)
    }

    /// Points that the session has come to, if they are kept.
    var passed: [PassedPoint] { steps.watch?.passed ?? [] }
    /// When the session was cut; nil for not.
    var cutAt: Instant? { steps.watch?.madeAt }
    /// Whether the supply is gone for good.
    var hasLostSupply: Bool { cutAt != nil && steps.watch?.cut.way != .plug }

    /// The flash begins something, at a moment that may lie ahead of the driver's time. - Returns: whether anybody wants to
    /// know.
    mutating func flashBegins(_ operation: FlashOperation) -> Bool {
        guard steps.watch?.isWatching == true else { return false }
        steps.watch?.flashBegins(operation)
        return true
    }

    /// The supply goes, if that is due by a moment and nothing else comes before it: what was planned is off.
    private mutating func takeCut(by moment: Instant) -> Instant? {
        guard steps.watch?.cut.way != .plug, let planned = steps.watch?.due,
            due.first.map({ planned <= $0.moment }) ?? true, let cut = steps.watch?.takeDue(by: moment)
        else { return nil }
        waiting = []
        due = []
        return cut
    }

    /// The adapter is pulled out, if that is due by a moment. - Returns: when.
    mutating func takePlug(by moment: Instant) -> Instant? {
        guard steps.watch?.cut.way == .plug else { return nil }
        return steps.watch?.takeDue(by: moment)
    }
}
