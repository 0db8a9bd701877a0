package import Line

/// Plays the chip of a trace as long as the host keeps to its path (`FramePlayer`); from where it leaves it on, a chip
/// answers that has lived through the same so far.
///
/// What counts is what the chip holds in the end: `effect` compares it with a chip that has lived through the whole
/// recorded session.
package struct EffectPlayer<Chip: Understudy>: Replaying {
    private var player: FramePlayer
    private let sheet: CueSheet
    /// As it was before the session.
    private let fresh: Chip
    private var rehearsal: Rehearsal<Chip>
    /// What answers now, and how far its time is behind the replay's; nil while the player answers.
    private var chip: Chip?
    private var lag = Duration.zero
    private var departure: Divergence?
    private var now: Instant

    package var tolerated: ToleratedDivergences { player.tolerated }
    package private(set) var takenByteCount = 0
    package var unsaidByteCount: Int { player.unsaidByteCount }

    /// - Parameters: as of `FramePlayer`, and
    ///   - chip: what takes over, as it was before the recorded session.
    package init(
        _ recording: Recording, chip: Chip, pace: ReplayPace = .recorded, patience: Duration = .seconds(10),
        beginning: Instant = .zero, knowsStub: ([UInt8]) -> Bool = { _ in true }
    ) {
        sheet = CueSheet(recording, knowsStub: knowsStub)
        player = FramePlayer(
            sheet, pace: pace, patience: patience, tolerates: false, beginning: beginning, tellsFollowed: true)
        fresh = chip
        rehearsal = Rehearsal(chip)
        now = beginning
    }

    package var outcome: ReplayOutcome { departure.map { .left($0) } ?? player.outcome }

    /// The first recorded message that the chip answered otherwise than the recorded one; nil for none.
    package var disagreement: String? { rehearsal.disagreement }

    /// How what the chip holds now differs from what it would hold after the recorded session; nil for not at all.
    package func effect() -> EffectDifference? {
        guard var chip else {
            // Every message came as it was recorded, with the same data.
            return nil
        }
        // What it was told last is done.
        chip.advance(to: chipTime(now).advanced(by: .seconds(60)))
        var recorded = Rehearsal(fresh)
        sheet.forEachStep { recorded.take($0) }
        return chip.difference(from: recorded.chip)
    }

    // MARK: Machine

    package mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        takenByteCount += characters.count
        guard chip != nil else { return player.receive(characters, timing: timing) }
        let moved = timing.moved(by: .zero - lag)
        chip?.receive(characters, timing: moved)
    }

    package mutating func otherEndSends(at moment: Instant, rate: BitRate) {
        guard chip != nil else { return player.otherEndSends(at: moment, rate: rate) }
        let moment = chipTime(moment)
        chip?.otherEndSends(at: moment, rate: rate)
    }

    package mutating func advance(to moment: Instant) {
        guard moment >= now else { return }
        if chip == nil {
            player.advance(to: moment)
            for step in player.takeFollowed() { rehearsal.take(step.step()) }
            if case .diverged(let divergence) = player.outcome { takeOver(divergence) }
        }
        now = moment
        let moment = chipTime(moment)
        chip?.advance(to: moment)
    }

    package mutating func otherSideLeft(at moment: Instant) {
        advance(to: moment)
        guard chip == nil else { return }
        player.otherSideLeft(at: moment)
        if case .diverged(let divergence) = player.outcome { takeOver(divergence) }
    }

    package mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        // What the player has said before is on its way.
        if let timing = player.transmit(into: &characters) { return timing }
        return chip?.transmit(into: &characters)?.moved(by: lag)
    }

    package var deadline: Instant? {
        chip == nil ? player.deadline : chip?.deadline.map { $0.advanced(by: lag) }
    }

    package func receiverClock(at moment: Instant) -> ReceiverClock {
        chip?.receiverClock(at: chipTime(moment)) ?? player.receiverClock(at: moment)
    }

    private func chipTime(_ moment: Instant) -> Instant { moment.advanced(by: .zero - lag) }

    private mutating func takeOver(_ divergence: Divergence) {
        departure = divergence
        lag = rehearsal.now.duration(to: divergence.time)
        var chip = rehearsal.chip
        for (bytes, timing) in player.rest {
            chip.receive(bytes.span, timing: timing.moved(by: .zero - lag))
        }
        self.chip = chip
    }
}

extension RunTiming {
    fileprivate func moved(by duration: Duration) -> RunTiming {
        RunTiming(start: start.advanced(by: duration), spacing: spacing, rate: rate)
    }
}
