package import Line
import Wire

/// Plays the host of a trace to a chip: says what the recorded host said, each message when the chip has answered the one
/// before as it did then. How often it looks for a loader, and what it has to repeat, follows from what the chip says.
package struct HostPlayer: Replaying {
    /// What of the chip's answers has to be as recorded.
    package enum Match: Hashable, Sendable {
        /// What they say, with all their data.
        case frames
        /// Whether they are of the same kind and status, and the hashes: what is read may be anything.
        case effect
    }

    package private(set) var outcome: ReplayOutcome = .running
    package private(set) var tolerated = ToleratedDivergences()
    package private(set) var takenByteCount = 0

    private let score: HostScore
    private let match: Match
    private let pace: ReplayPace
    private let patience: Duration
    private let tolerates: Bool
    private var reader = MessageReader()
    private var queue = RunQueue()
    private var outgoing: [(bytes: [UInt8], timing: RunTiming)] = []
    private var rate = Player.defaultRate
    /// The next part of the score.
    private var next = 0
    /// How often the poll that runs has been said.
    private var polls = 0
    private var lastSaid: ReplayedMessage?
    private var lastHeard: ReplayedMessage?
    private var repeats = 0
    /// What has come since the last answer and says nothing.
    private var unheard: ReplayedMessage?
    private var sentByteCount = 0
    private let beginning: Instant
    private var now: Instant
    /// When the last thing happened that the next one's pause counts from.
    private var since: Instant
    private var lineFreeAt: Instant

    /// A message is repeated so often because the chip asks for it; a chip gives up after ten (§10).
    private static let mostRepeats = 20

    /// - Parameters:
    ///   - patience: how much longer than in the trace the chip may take to answer.
    ///   - tolerates: whether it goes on after a divergence.
    package init(
        _ recording: Recording, match: Match = .frames, pace: ReplayPace = .recorded,
        patience: Duration = .seconds(10), tolerates: Bool = false, beginning: Instant = .zero
    ) {
        var score = HostScore(recording)
        score.markAnswered()
        self.score = score
        self.match = match
        self.pace = pace
        self.patience = patience
        self.tolerates = tolerates
        self.beginning = beginning
        now = beginning
        since = beginning
        lineFreeAt = beginning
    }

    // MARK: Machine

    package mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        guard !isOver else { return }
        queue.append(characters, timing: timing)
    }

    package mutating func advance(to moment: Instant) {
        guard moment >= now else { return }
        while !isOver {
            let (arrival, due) = (nextArrival, nextDue)
            let moments = [arrival, due, silenceLimit].compactMap { $0 }
            guard let next = moments.min(), next <= moment else { break }
            now = max(now, next)
            if let arrival, arrival <= now {
                takeBytes()
            } else if let due, due <= now {
                play()
            } else {
                fallSilent()
            }
        }
        now = moment
        finishWhenDone()
    }

    package mutating func otherSideLeft(at moment: Instant) {
        advance(to: moment)
        if case .running = outcome { fallSilent() }
    }

    package mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        guard !outgoing.isEmpty else { return nil }
        let run = outgoing.removeFirst()
        characters += run.bytes
        return run.timing
    }

    package var deadline: Instant? {
        isOver ? nil : [nextArrival, nextDue, silenceLimit].compactMap { $0 }.min().map { max($0, now) }
    }

    package func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: rate) }

    private var isOver: Bool { if case .running = outcome { false } else { true } }

    // MARK: Saying

    private var part: HostScore.Part? { next < score.parts.count ? score.parts[next] : nil }

    private var nextDue: Instant? {
        switch part {
        case .say(_, let pause): due(after: pause)
        case .setRate(_, let pause): due(after: pause)
        case .poll(_, let times, let interval, let isAnswered, let pause):
            // What the chip has begun to say may be the answer.
            polls > 0 && reader.hasPending(.chipToHost)
                ? nil : isAnswered || polls <= times ? due(after: polls == 0 ? pause : interval) : nil
        case .hear: nil
        // Its last word leaves.
        case nil: lineFreeAt
        }
    }

    /// What the chip has to answer now, and how long after the host's last word it did; nil where nothing is due.
    private var awaited: (message: ReplayedMessage, after: Int64)? {
        switch part {
        case .hear(let message, let after): return (message, after)
        case .poll(_, let times, let interval, true, _):
            guard next + 1 < score.parts.count, case .hear(let message, _) = score.parts[next + 1] else { return nil }
            return (message, interval * Int64(min(times, 1 << 16)))
        default: return nil
        }
    }

    private func due(after pause: Int64) -> Instant {
        max(since.advanced(by: .nanoseconds(pace.scaled(pause))), lineFreeAt)
    }

    private mutating func play() {
        switch part {
        case .say(let message, _):
            say(message)
            next += 1
        case .setRate(let rate, _):
            self.rate = rate
            next += 1
        case .poll(let message, let times, _, let isAnswered, _):
            if !isAnswered, polls == times {
                (polls, next) = (0, next + 1)
            } else {
                if polls == 0 { pollsSince = now }
                say(message)
                polls += 1
            }
        case .hear, nil: break
        }
        finishWhenDone()
    }

    private var pollsSince = Instant.zero

    private mutating func say(_ message: ReplayedMessage) {
        let timing = RunTiming(start: max(now, lineFreeAt), backToBackAt: rate)
        outgoing.append((message.bytes, timing))
        lineFreeAt = timing.end(of: message.bytes.count)
        since = lineFreeAt
        sentByteCount += message.bytes.count
        if lastSaid?.bytes != message.bytes { repeats = 0 }
        lastSaid = message
        reader.take(message.bytes.span, .hostToChip, at: now) { _ in }
    }

    // MARK: Hearing

    private var nextArrival: Instant? { queue.first.map { $0.timing.end(of: 1) } }

    private mutating func takeBytes() {
        guard let (count, timing) = queue.first else { return }
        var bytes: [UInt8] = []
        queue.take(max(1, timing.arrived(by: now, of: count)), into: &bytes)
        takenByteCount += bytes.count
        var messages: [ReplayedMessage] = []
        reader.take(bytes.span, .chipToHost, at: now) { messages.append($0) }
        for message in messages where message.direction == .chipToHost && !isOver {
            if message.hasMeaning {
                hear(message)
                unheard = nil
            } else if message.kind == .noise, unheard == nil {
                unheard = message
            }
        }
        finishWhenDone()
    }

    private mutating func hear(_ message: ReplayedMessage) {
        if case .pieceAnswer = message.kind { return }
        if let index = answered(by: message) {
            (next, polls, repeats) = (index + 1, 0, 0)
            (lastHeard, since) = (message, now)
            return
        }
        // A loader that has read more sync words than one, a receiver that says once more that it is ready.
        if let lastHeard, lastHeard.says(the: message), message.isIdle { return }
        if message.kind == .headerAnswer(accepted: false), lastSaid?.kind == .syncWord { return }
        if asksAgain(message), let lastSaid, repeats < Self.mostRepeats {
            repeats += 1
            return say(lastSaid)
        }
        let divergence = divergence(message)
        guard tolerates else { return outcome = .diverged(divergence) }
        tolerated.add(divergence)
        // What had to be said has been said, in other words.
        if awaited != nil { (next, polls, since) = (nextHear + 1, 0, now) }
    }

    private var nextHear: Int {
        var index = next
        while index < score.parts.count {
            if case .hear = score.parts[index] { return index }
            index += 1
        }
        return max(next, score.parts.count - 1)
    }

    /// The part that is heard with it: the next one, or one behind what was only said again, or refused, on the way.
    private func answered(by message: ReplayedMessage) -> Int? {
        var index = next
        while index < score.parts.count, index < next + Self.mostSkipped {
            switch score.parts[index] {
            case .hear(let recorded, _):
                if message.agrees(with: recorded, as: match) { return index }
                guard recorded.isRefusal else { return nil }
            case .say(let again, _), .poll(let again, _, _, _, _):
                guard let lastSaid, again.repeats(lastSaid) else { return nil }
            case .setRate: return nil
            }
            index += 1
        }
        return nil
    }
    private static let mostSkipped = 64

    /// Whether the chip wants the last message once more: it has not had it.
    private func asksAgain(_ message: ReplayedMessage) -> Bool {
        switch message.kind {
        case .xmodemNAK: return true
        case .xmodemBlock(let block): return block.isRepeated
        case .xmodemEOT: return lastHeard?.kind == .xmodemEOT
        default: return false
        }
    }

    // MARK: The end

    private var silenceLimit: Instant? {
        guard let (_, after) = awaited, queue.isEmpty else { return nil }
        let limit = Duration.nanoseconds(min(Script.longestPause, after))
        // However long it asks.
        if case .poll = part, polls > 0 { return pollsSince.advanced(by: limit).advanced(by: patience) }
        return max(since.advanced(by: limit), lineFreeAt).advanced(by: patience)
    }

    private mutating func fallSilent() {
        // What was no answer stands where one should.
        let bytes = (unheard?.bytes ?? []) + reader.pending(.chipToHost)
        let offset = unheard?.offset ?? takenByteCount - bytes.count
        var silence = divergence(
            ReplayedMessage(
                direction: .chipToHost, kind: .cutOff(expected: 0), offset: offset, bytes: bytes, start: now, end: now))
        silence.kind = .silence
        outcome = .diverged(silence)
    }

    private func divergence(_ message: ReplayedMessage) -> Divergence {
        let expected = nextHear < score.parts.count ? score.parts[nextHear].heard : nil
        let same = expected.map { zip($0.bytes, message.bytes).prefix { $0 == $1 }.count } ?? 0
        return Divergence(
            kind: expected == nil ? .extra : .mismatch, direction: .chipToHost, hostOffset: message.offset + same,
            recordedOffset: expected.map { $0.offset + same } ?? .max, eventIndex: nil, recordedTime: expected?.end,
            time: now, before: Array(message.bytes.prefix(same).suffix(Divergence.contextByteCount)),
            expected: Array((expected?.bytes ?? []).dropFirst(same).prefix(Divergence.mostByteCount)),
            got: Array(message.bytes.dropFirst(same).prefix(Divergence.mostByteCount)))
    }

    private mutating func finishWhenDone() {
        guard case .running = outcome, next == score.parts.count, now >= lineFreeAt else { return }
        outcome = .complete(
            ReplaySummary(
                hostByteCount: takenByteCount, chipByteCount: sentByteCount,
                recordedDuration: .nanoseconds(Script.pause(from: score.beginning, to: score.end)),
                replayedDuration: beginning.duration(to: now)))
    }
}

extension HostScore.Part {
    fileprivate var heard: ReplayedMessage? { if case .hear(let message, _) = self { message } else { nil } }
}
