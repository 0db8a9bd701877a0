package import Line
import Wire

/// Plays the chip of a trace to a host that sends the recorded commands with their arguments and data: how often it looks
/// for a loader, what it repeats, how large its blocks are and how its bytes are grouped is its own affair.
///
/// An answer is that of the same message in the trace, so long after it as it was then.
package struct FramePlayer: Replaying {
    package private(set) var outcome: ReplayOutcome = .running
    package private(set) var tolerated = ToleratedDivergences()
    package private(set) var takenByteCount = 0
    package private(set) var unsaidByteCount = 0
    private var matcher: FrameMatcher
    private let pace: ReplayPace
    private let patience: Duration
    private let tolerates: Bool
    private var reader = MessageReader()
    private var queue: [(bytes: [UInt8], timing: RunTiming)] = []
    private var queueOffset = 0
    private var speech: Speech
    private let beginning: Instant
    private var now: Instant
    private var lastHostByte: Instant
    private var hasBegun = false
    /// What the host's port was set to when it last sent; nil before.
    private var hostRate: BitRate?
    /// The rate at which the last cue began.
    private var cueRate = Player.defaultRate
    /// Whether the chip has begun anew, and the reader does not know yet.
    private var isRestartDue = false
    /// Whether each message is reported to the owner (`Followed`), and the reports that it has not fetched.
    private let tellsFollowed: Bool
    private var followed: [Followed] = []
    /// What the host has sent from where it left on.
    private(set) var rest: [(bytes: [UInt8], timing: RunTiming)] = []

    /// A message of the host that was taken for a recorded one.
    struct Followed: Sendable {
        /// As the host sent it.
        var message: ReplayedMessage
        /// What became of the recorded one, and how many bytes the recorded chip said to it.
        var fate: Cue.Fate
        var answerByteCount: Int

        func step<Chip>() -> Rehearsal<Chip>.Step {
            Rehearsal<Chip>.Step(
                bytes: message.bytes, offset: message.offset, fate: fate, answerByteCount: answerByteCount,
                description: message.description, kind: message.kind)
        }
    }

    /// - Parameters:
    ///   - pace: of the chip's answers.
    ///   - patience: how much longer than in the trace the host may be silent, once it has begun.
    ///   - tolerates: whether it goes on after a divergence.
    ///   - knowsStub: whether an image is a stub that is known; any upload of the same size is taken for another.
    package init(
        _ recording: Recording, pace: ReplayPace = .recorded, patience: Duration = .seconds(10),
        tolerates: Bool = false, beginning: Instant = .zero, knowsStub: ([UInt8]) -> Bool = { _ in true }
    ) {
        self.init(
            CueSheet(recording, knowsStub: knowsStub), pace: pace, patience: patience, tolerates: tolerates,
            beginning: beginning, tellsFollowed: false)
    }

    init(
        _ sheet: CueSheet, pace: ReplayPace, patience: Duration, tolerates: Bool, beginning: Instant,
        tellsFollowed: Bool
    ) {
        matcher = FrameMatcher(sheet)
        self.pace = pace
        self.patience = patience
        self.tolerates = tolerates
        self.tellsFollowed = tellsFollowed
        self.beginning = beginning
        now = beginning
        lastHostByte = beginning
        speech = Speech(pace: pace, isPaced: sheet.isPaced, rate: Player.defaultRate, beginning: beginning)
        for reply in sheet.opening { speech.add(reply, since: beginning) }
        speak()
    }

    // MARK: Machine

    package mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        guard characters.count > 0, !isOver else { return }
        queue.append((characters.withUnsafeBufferPointer { Array($0) }, timing))
    }

    package mutating func advance(to moment: Instant) {
        guard moment >= now else { return }
        while !isOver {
            let (arrival, due) = (nextArrival, speech.due)
            let next = [arrival, due, silenceLimit].compactMap { $0 }.min()
            guard let next, next <= moment else { break }
            now = max(now, next)
            if let due, due <= now {
                speak()
            } else if arrival != nil {
                takeBytes()
            } else {
                fallSilent()
            }
        }
        now = moment
        finishWhenDone()
    }

    package mutating func otherSideLeft(at moment: Instant) {
        advance(to: moment)
        guard case .running = outcome else { return }
        guard matcher.isDone, hasBegun else { return fallSilent() }
        // It has sent all, and does not wait for what is still to be said.
        unsaidByteCount = speech.unsaidByteCount
        speech.forget()
        finishWhenDone()
    }

    package mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { speech.transmit(into: &characters) }

    package var deadline: Instant? {
        isOver ? nil : [nextArrival, speech.due, silenceLimit].compactMap { $0 }.min().map { max($0, now) }
    }

    package mutating func otherEndSends(at moment: Instant, rate: BitRate) { hostRate = rate }

    /// A host that was not heard changes its rate in its own time, and what it sends then is taken at the rates that the
    /// recorded one had meanwhile.
    package func receiverClock(at moment: Instant) -> ReceiverClock {
        let rate = speech.rate(at: moment)
        guard let hostRate, let cue = matcher.last, matcher.sheet.cues[cue].isRateFree,
            hostRate.isNear(cueRate) || matcher.sheet.cues[cue].rates.contains(where: hostRate.isNear)
        else { return ReceiverClock(rate: rate) }
        return ReceiverClock(rate: hostRate)
    }

    private var isOver: Bool {
        switch outcome {
        case .running, .complete: false
        case .diverged, .left: true
        }
    }

    // MARK: What arrives

    /// So many of the first run's bytes are taken together: no name can come before their end.
    private var nextCount: Int { min(queue[0].bytes.count - queueOffset, reader.hostBytesWanted) }

    private var nextArrival: Instant? { queue.first.map { $0.timing.end(of: queueOffset + nextCount) } }

    private mutating func takeBytes() {
        let bytes = queue[0].bytes[queueOffset..<(queueOffset + nextCount)]
        queueOffset += bytes.count
        if queueOffset == queue[0].bytes.count {
            queue.removeFirst()
            queueOffset = 0
        }
        takenByteCount += bytes.count
        lastHostByte = now
        for reply in matcher.track(bytes) { speech.add(reply, since: now) }
        var messages: [ReplayedMessage] = []
        reader.take(bytes.span, .hostToChip, at: now) { messages.append($0) }
        takeNamed(messages)
        guard !isOver else { return }
        restartWhenDue()
        finishWhenDone()
    }

    /// What was not taken for anything recorded, from the message on at which the host left.
    private mutating func keepRest(_ named: [UInt8]) {
        let rate = queue.first?.timing.rate ?? speech.rate
        rest = [(named + reader.pending(.hostToChip), RunTiming(start: now, unpacedAt: rate))]
        for (index, run) in queue.enumerated() {
            let taken = index == 0 ? queueOffset : 0
            rest.append((Array(run.bytes.dropFirst(taken)), run.timing.dropping(taken)))
        }
        queue = []
        queueOffset = 0
    }

    /// - Parameter named: what came after it and has a name already.
    private mutating func take(_ message: ReplayedMessage, before named: [UInt8]) {
        hasBegun = true
        let last = matcher.last
        do throws(FrameMatcher.Mismatch) {
            let answer = try matcher.take(message, pace: pace)
            if matcher.last != last { cueRate = speech.rate }
            self.answer(message, answer)
        } catch  where error.expected == nil && matcher.sheet.isCutOff {
            // It goes on where the recording does not.
        } catch {
            let rest = named + reader.pending(.hostToChip) + followingBytes
            let divergence = divergence(from: message, error.looking(at: message.bytes + rest), rest: rest)
            guard tolerates else { return leave(divergence) }
            tolerated.add(divergence)
            answer(message, matcher.forgive(message, error))
        }
    }

    private mutating func answer(_ message: ReplayedMessage, _ answer: FrameMatcher.Answer) {
        for reply in answer.replies { speech.add(reply, since: message.end) }
        guard tellsFollowed, answer.cue != nil else { return }
        followed.append(
            Followed(message: message, fate: answer.fate, answerByteCount: answer.replies.byteCount))
    }

    /// What has been followed since the last call.
    mutating func takeFollowed() -> [Followed] {
        defer { followed.removeAll(keepingCapacity: true) }
        return followed
    }

    private mutating func speak() {
        var named: [ReplayedMessage] = []
        for bytes in speech.speak(by: now) {
            if bytes.isEmpty {
                isRestartDue = true
                restartWhenDue()
            } else {
                reader.take(bytes.span, .chipToHost, at: now) { named.append($0) }
            }
        }
        // What the chip says may settle what the host has begun.
        takeNamed(named)
        finishWhenDone()
    }

    /// A chip that begins anew forgets what it was about; what the host is about to send is named first.
    private mutating func restartWhenDue() {
        guard isRestartDue, !reader.hasPending(.hostToChip) else { return }
        isRestartDue = false
        reader.restart { _ in }
    }

    /// Takes the host's messages of what has just been named.
    private mutating func takeNamed(_ named: [ReplayedMessage]) {
        let messages = named.filter { $0.direction == .hostToChip }
        for index in messages.indices {
            take(messages[index], before: messages[(index + 1)...].flatMap(\.bytes))
            guard !isOver else { return keepRest(messages[index...].flatMap(\.bytes)) }
        }
    }

    // MARK: The end

    /// When the host has been silent for too long; nil when nothing is expected of it now.
    private var silenceLimit: Instant? {
        // When the host begins is its own affair.
        guard case .running = outcome, hasBegun, speech.isEmpty, queue.isEmpty, let expected = matcher.expected
        else { return nil }
        let sheet = matcher.sheet
        let previous = matcher.last.map { sheet.cues[$0].message.end } ?? sheet.beginning
        let pause = Script.pause(from: previous, to: sheet.cues[expected].message.start)
        return max(lastHostByte.advanced(by: .nanoseconds(pause)), speech.lineFreeAt).advanced(by: patience)
    }

    private mutating func fallSilent() {
        let pending = reader.pending(.hostToChip)
        let offset = takenByteCount - pending.count
        let message = ReplayedMessage(
            direction: .hostToChip, kind: .cutOff(expected: 0), offset: offset, bytes: pending, start: lastHostByte,
            end: lastHostByte)
        let mismatch = matcher.mismatch(message)
        var divergence = divergence(from: message, mismatch.looking(at: pending), rest: [])
        divergence.kind = .silence
        leave(divergence)
        keepRest([])
    }

    private mutating func finishWhenDone() {
        // A host may go on where nothing has to come any more: then it ends again, and later.
        guard !isOver, hasBegun || matcher.sheet.cues.isEmpty, matcher.isDone, speech.isEmpty else { return }
        outcome = .complete(
            ReplaySummary(
                hostByteCount: takenByteCount, chipByteCount: speech.sentByteCount,
                recordedDuration: .nanoseconds(Script.pause(from: matcher.sheet.beginning, to: matcher.sheet.end)),
                replayedDuration: beginning.duration(to: max(lastHostByte, speech.lineFreeAt))))
    }

    /// - Parameter rest: what lies after the message.
    private func divergence(
        from message: ReplayedMessage, _ mismatch: FrameMatcher.Mismatch, rest: [UInt8]
    ) -> Divergence {
        let bytes = message.bytes + rest
        return Divergence(
            kind: mismatch.expected == nil ? .extra : .mismatch, hostOffset: message.offset + mismatch.offset,
            recordedOffset: mismatch.recordedOffset, eventIndex: nil, recordedTime: mismatch.expected?.end, time: now,
            before: Array(bytes.prefix(mismatch.offset).suffix(Divergence.contextByteCount)),
            expected: Array(mismatch.expectedBytes.prefix(Divergence.mostByteCount)),
            got: Array(bytes.dropFirst(mismatch.offset).prefix(Divergence.mostByteCount)))
    }

    /// What has been received and not been taken.
    private var followingBytes: [UInt8] {
        var bytes: [UInt8] = []
        for (index, run) in queue.enumerated() where bytes.count < Divergence.mostByteCount {
            bytes += run.bytes.dropFirst(index == 0 ? queueOffset : 0).prefix(Divergence.mostByteCount)
        }
        return bytes
    }

    private mutating func leave(_ divergence: Divergence) {
        outcome = .diverged(divergence)
        speech.forget()
    }
}
