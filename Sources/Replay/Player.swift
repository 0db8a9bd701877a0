package import Line
package import Trace

/// Plays the chip of a trace: takes the host's bytes, strictly in order and in any chunks, and answers with the
/// recorded bytes after the recorded delays.
///
/// A delay counts from the last host byte that comes before the answer in the trace. From the first byte that is not
/// as recorded the player is silent, and `outcome` says what it was; a tolerant one counts it and goes on as if the
/// recorded byte had come. Where bytes are missing or too many it goes on where the host is found again (`Straying`).
package struct Player: Replaying {
    package private(set) var outcome: ReplayOutcome = .running
    package private(set) var tolerated = ToleratedDivergences()
    package private(set) var unsaidByteCount = 0

    /// The rate at which the chip starts when the trace names none, in bits per second (ECR6600 facts §1.3).
    package static let defaultRate = BitRate(baud: 115_200)

    private let script: Script
    private let patience: Duration
    private let tolerates: Bool
    private let holes: ByteRanges
    private let side: Direction
    private let isCutOff: Bool
    private var queue: [(bytes: [UInt8], timing: RunTiming)] = []
    private var queueOffset = 0
    private var speech: Speech
    /// How many steps have been reached: the host's byte that they wait for has come.
    private var nextStep = 0
    private var matchedByteCount = 0
    /// What has come since the host left the recorded bytes, and has not been found in them; it belongs to one divergence.
    private var straying: Straying?
    /// Whether more than was recorded has been tolerated: what follows it belongs to the same divergence.
    private var hasExtra = false
    /// Whether anything has come since a silence was tolerated.
    private var isAlive = true
    private let beginning: Instant
    private var now: Instant
    private var lastHostByte: Instant

    /// - Parameters:
    ///   - events: the trace; what is neither data nor baud is passed over.
    ///   - pace: of the chip's answers.
    ///   - patience: how much longer than in the trace the host may be silent, once it has begun, before it is a
    ///     divergence.
    ///   - tolerates: whether it goes on after a divergence.
    ///   - holes: bytes of the host in whose places any other is taken.
    ///   - isCutOff: whether the trace ends in the midst of a session: what comes after its end is no divergence.
    ///   - side: whose bytes it takes, as a divergence names it; the chip's where the trace was mirrored.
    ///   - beginning: when the replay begins, on its own clock.
    package init(
        _ events: some Sequence<TraceEvent>, pace: ReplayPace = .recorded, patience: Duration = .seconds(10),
        tolerates: Bool = false, holes: ByteRanges = ByteRanges(), isCutOff: Bool = false,
        side: Direction = .hostToChip,
        beginning: Instant = .zero
    ) {
        self.side = side
        self.holes = holes
        self.isCutOff = isCutOff
        script = Script(events)
        self.patience = patience
        self.tolerates = tolerates
        self.beginning = beginning
        now = beginning
        lastHostByte = beginning
        speech = Speech(pace: pace, isPaced: script.isPaced, rate: Self.defaultRate, beginning: beginning)
        noteReachedSteps()
        takeSteps()
    }

    /// Whether the trace has no byte of either side: nothing can be played.
    package var isEmpty: Bool { script.isEmpty }

    package var takenByteCount: Int { matchedByteCount }

    package mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        guard characters.count > 0, !isOver else { return }
        queue.append((characters.withUnsafeBufferPointer { Array($0) }, timing))
    }

    package mutating func advance(to moment: Instant) {
        guard moment >= now else { return }
        // What happens between the last moment and this one happens in its order, whatever the driver's steps.
        while true {
            let arrival = nextArrival
            let due = nextDue
            let next = [arrival, due, quietLimit, silenceLimit].compactMap { $0 }.min()
            guard let next, next <= moment else { break }
            now = max(now, next)
            if let due, due <= now {
                takeSteps()
            } else if let arrival, arrival <= now {
                takeBytes(by: min(moment, due ?? moment))
            } else if let quiet = quietLimit, quiet <= now {
                fallQuiet()
            } else {
                fallSilent()
            }
        }
        now = moment
        finishWhenDone()
    }

    package mutating func otherSideLeft(at moment: Instant) {
        advance(to: moment)
        fallQuiet()
        guard case .running = outcome else { return }
        if matchedByteCount == script.hostBytes.count { return leaveEarly() }
        outcome = .diverged(divergence(.silence, got: []))
    }

    package mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { speech.transmit(into: &characters) }

    package var deadline: Instant? {
        [nextArrival, nextDue, quietLimit, silenceLimit].compactMap { $0 }.min().map { max($0, now) }
    }

    package func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: speech.rate(at: moment)) }

    /// When the next byte in the queue has arrived whole.
    private var nextArrival: Instant? {
        guard !isOver, let run = queue.first else { return nil }
        return run.timing.end(of: queueOffset + 1)
    }

    /// Whether nothing can change any more.
    private var isOver: Bool {
        if case .diverged = outcome { true } else { false }
    }

    /// When the next step is due; nil when it waits for the host, or none is left.
    private var nextDue: Instant? { isOver ? nil : speech.due }

    /// When the host has been silent for too long; nil when nothing is expected of it now.
    private var silenceLimit: Instant? {
        // When the host begins is its own affair.
        guard case .running = outcome, matchedByteCount > 0, nextDue == nil, queue.isEmpty,
            let next = script.origin(ofHostByte: matchedByteCount)
        else { return nil }
        let previous =
            script.origin(ofHostByte: matchedByteCount - 1)?.time ?? script.beginning
        let pause = Script.pause(from: previous, to: next.time)
        return max(lastHostByte.advanced(by: .nanoseconds(pause)), speech.lineFreeAt).advanced(by: patience)
    }

    /// Takes what has arrived by `moment` of the first run, up to the byte that the next answer waits for.
    private mutating func takeBytes(by moment: Instant) {
        let run = queue[0]
        var count = run.timing.arrived(by: moment, of: run.bytes.count) - queueOffset
        if nextStep < script.steps.count {
            count = min(count, script.steps[nextStep].hostByteCount - matchedByteCount)
        }
        for _ in 0..<(straying == nil ? max(1, count) : 1) {
            now = max(now, run.timing.end(of: queueOffset + 1))
            guard straying != nil || matchedByteCount < script.hostBytes.count else { return takeExtra() }
            let byte = run.bytes[queueOffset]
            let isInPlace =
                matchedByteCount < script.hostBytes.count
                && (byte == script.hostBytes[matchedByteCount] || holes.contains(matchedByteCount))
            if !isInPlace, straying == nil {
                let divergence = divergence(.mismatch, got: waitingBytes)
                guard tolerates else { return leave(divergence) }
                tolerated.add(divergence)
                straying = Straying()
            }
            matchedByteCount = min(script.hostBytes.count, matchedByteCount + 1)
            queueOffset += 1
            guard straying != nil else { continue }
            straying?.take(byte, isInPlace: isInPlace)
            if let place = straying?.found(in: script.hostBytes, near: matchedByteCount) { goOn(at: place) }
            // The answer to what comes next may be another one now.
            break
        }
        lastHostByte = now
        isAlive = true
        if queueOffset == run.bytes.count { dropRun() }
        if straying == nil { noteReachedSteps() }
        finishWhenDone()
    }

    // MARK: Off the path

    /// When a host that has strayed is taken to wait for an answer; nil for one that has not.
    private var quietLimit: Instant? {
        guard case .running = outcome, straying?.isQuiet == false, isAwaited, queue.isEmpty else { return nil }
        return lastHostByte.advanced(by: .nanoseconds(Straying.quiet))
    }

    /// Whether the host is at the end of what is answered next, give or take some bytes.
    private var isAwaited: Bool { nextEnd <= matchedByteCount + Straying.nearEnd }
    private var nextEnd: Int {
        nextStep < script.steps.count ? script.steps[nextStep].hostByteCount : script.hostBytes.count
    }

    private mutating func fallQuiet() {
        guard straying != nil, isAwaited else { return }
        if let end = messageEnd {
            goOn(at: end)
            noteReachedSteps()
            return finishWhenDone()
        }
        let end = nextEnd
        if matchedByteCount <= end + Straying.nearEnd {
            goOn(at: end)
        } else {
            straying?.fallQuiet()
        }
        noteReachedSteps()
        finishWhenDone()
    }

    /// Where a message ends that is the one that has just come: an answered one near by, before or after.
    private var messageEnd: Int? {
        let near = max(0, nextStep - Self.nearSteps)..<min(script.steps.count, nextStep + Self.nearSteps)
        // What comes next first.
        return
            (script.steps[near].dropFirst(nextStep - near.lowerBound)
            + script.steps[near].prefix(nextStep - near.lowerBound))
            .lazy.map(\.hostByteCount).first { straying?.ends(at: $0, in: script.hostBytes) ?? false }
    }
    private static let nearSteps = 32

    private mutating func goOn(at place: Int) {
        matchedByteCount = place
        straying = nil
    }

    /// A tolerant replay takes what is missing for sent, once.
    private mutating func fallSilent() {
        let divergence = divergence(.silence, got: [])
        guard tolerates, isAlive, nextStep < script.steps.count else { return outcome = .diverged(divergence) }
        tolerated.add(divergence)
        isAlive = false
        lastHostByte = now
        goOn(at: script.steps[nextStep].hostByteCount)
        noteReachedSteps()
    }

    /// More than was recorded.
    private mutating func takeExtra() {
        let divergence = divergence(.extra, got: waitingBytes)
        guard tolerates || isCutOff else { return leave(divergence) }
        if !hasExtra, !isCutOff { tolerated.add(divergence) }
        hasExtra = true
        dropRun()
    }

    private mutating func dropRun() {
        queue.removeFirst()
        queueOffset = 0
    }

    private mutating func noteReachedSteps() {
        while nextStep < script.steps.count, script.steps[nextStep].hostByteCount <= matchedByteCount {
            speech.add(script.steps[nextStep].reply, since: lastHostByte)
            nextStep += 1
        }
    }

    private mutating func takeSteps() {
        speech.speak(by: now)
        finishWhenDone()
    }

    /// It has sent all, and does not wait for what is still to be said.
    private mutating func leaveEarly() {
        unsaidByteCount = speech.unsaidByteCount
        outcome = .complete(summary)
        speech.forget()
    }

    private mutating func finishWhenDone() {
        guard case .running = outcome, nextStep == script.steps.count, speech.isEmpty,
            matchedByteCount == script.hostBytes.count
        else { return }
        outcome = .complete(summary)
    }

    private var summary: ReplaySummary {
        ReplaySummary(
            hostByteCount: matchedByteCount, chipByteCount: speech.sentByteCount,
            recordedDuration: .nanoseconds(Script.pause(from: script.beginning, to: script.end)),
            replayedDuration: beginning.duration(to: max(lastHostByte, speech.lineFreeAt)))
    }

    private func divergence(_ kind: Divergence.Kind, got: [UInt8]) -> Divergence {
        let origin = script.origin(ofHostByte: matchedByteCount)
        return Divergence(
            kind: kind, direction: side, hostOffset: matchedByteCount, recordedOffset: matchedByteCount,
            eventIndex: origin?.eventIndex, recordedTime: origin?.time, time: now,
            before: Array(script.hostBytes[..<matchedByteCount].suffix(Divergence.contextByteCount)),
            expected: Array(script.hostBytes[matchedByteCount...].prefix(Divergence.mostByteCount)), got: got)
    }

    private mutating func leave(_ divergence: Divergence) {
        outcome = .diverged(divergence)
        queue = []
        queueOffset = 0
        speech.forget()
    }

    /// What has arrived or is on its way.
    private var waitingBytes: [UInt8] {
        var bytes: [UInt8] = []
        for (index, run) in queue.enumerated() {
            bytes += run.bytes.dropFirst(index == 0 ? queueOffset : 0).prefix(Divergence.mostByteCount)
            if bytes.count >= Divergence.mostByteCount { break }
        }
        return Array(bytes.prefix(Divergence.mostByteCount))
    }
}
