import Line
import Wire

/// Looks on the line for the steps that switches wait for. A step ends when its last character has crossed.
struct PowerSteps {
    /// Whose end a switch is reckoned from.
    struct End {
        var aim: Aim
        var moment: Instant
    }

    private var finders: [AimFinder] = []
    private var tracker = StepTracker()
    private var steps: [StepStretch] = []
    /// What the chip has sent and what is not across yet. Messages are looked at whole, so that it does not matter in
    /// what pieces a driver takes them.
    private var leaving = RunQueue()
    /// Where the session is to be cut, if it is.
    var watch: CutWatch?

    /// An aim that several switches have is looked for once.
    init(_ schedule: PowerSchedule) {
        for planned in schedule.switches {
            guard case .step(let aim) = planned.trigger, !finders.contains(where: { $0.aim == aim }) else { continue }
            finders.append(AimFinder(aim))
        }
    }

    /// Whether a step is still to come that somebody waits for; if not, nothing need be told.
    var isWatching: Bool { !finders.isEmpty || watch?.isWatching == true }

    /// When the chip's next message will be across: who ran on beyond that would run past a step's end.
    var nextEnd: Instant? {
        guard isWatching else { return nil }
        return leaving.first.map { count, timing in timing.end(of: count) }
    }

    /// The host's characters; they may lie in the future.
    mutating func hostSends(_ characters: Span<UInt8>, timing: RunTiming) -> [End] {
        follow(characters, timing, .hostToChip)
    }

    /// The chip begins to send a message. What is shorter than a frame is characters by themselves, each a step.
    mutating func chipSends(_ characters: Span<UInt8>, timing: RunTiming) {
        guard characters.count < StubAnswer.frameByteCount else {
            guard watch != nil else { return leaving.append(characters, timing: timing) }
            // The story stops at each point.
            for start in stride(from: 0, to: characters.count, by: CutWatch.piece) {
                let piece = characters.extracting(start..<min(start + CutWatch.piece, characters.count))
                leaving.append(piece, timing: timing.dropping(start))
            }
            return
        }
        for index in characters.indices {
            leaving.append(characters.extracting(index..<(index + 1)), timing: timing.dropping(index))
        }
    }

    /// Time has come to `moment`. - Returns: the steps that messages of the chip have ended by then.
    mutating func settle(at moment: Instant) -> [End] {
        var ends: [End] = []
        while let (count, timing) = leaving.first, timing.arrived(by: moment, of: count) == count {
            ends += cross(count, timing)
        }
        return ends
    }

    /// The chip was stopped at `moment`: what is not across by then never will be, and steps begin anew.
    mutating func stop(at moment: Instant) -> [End] {
        var ends = settle(at: moment)
        if let (count, timing) = leaving.first {
            ends += cross(timing.arrived(by: moment, of: count), timing)
        }
        leaving.removeAll()
        tracker.restart()
        return ends
    }

    private mutating func cross(_ count: Int, _ timing: RunTiming) -> [End] {
        var run: [UInt8] = []
        leaving.take(count, into: &run)
        return follow(run.span, timing, .chipToHost)
    }

    private mutating func follow(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) -> [End] {
        guard !run.isEmpty else { return [] }
        var ends: [End] = []
        steps.removeAll(keepingCapacity: true)
        tracker.follow(run, direction, into: &steps)
        watch?.follow(steps, run, timing, direction)
        for index in finders.indices {
            guard let hit = finders[index].find(in: steps, direction), hit.missing == 0 else { continue }
            ends.append(End(aim: finders[index].aim, moment: timing.end(of: hit.range.upperBound)))
        }
        if !ends.isEmpty {
            finders.removeAll { finder in ends.contains { $0.aim == finder.aim } }
        }
        if !isWatching { leaving.removeAll() }
        return ends
    }
}
