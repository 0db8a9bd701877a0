package import Line
package import Trace

/// Plays the chip of a trace: takes the host's bytes, strictly in order and in any chunks, and answers with the
/// recorded bytes after the recorded delays.
///
/// A delay counts from the last host byte that comes before the answer in the trace. From the first byte that is not
/// as recorded the player is silent, and `outcome` says what it was.
package struct Player: Machine {
    /// How the replay stands.
    package private(set) var outcome: ReplayOutcome = .running

    /// Which delays the chip's answers have.
    package enum Delays: Hashable, Sendable {
        /// Those of the trace.
        case recorded
        /// None: an answer is there with the byte that it waited for, and its characters take no time.
        case none
    }

    /// The rate at which the chip starts when the trace names none, in bits per second (ECR6600 facts §1.3).
    package static let defaultRate = BitRate(baud: 115_200)

    private let script: Script
    private let delays: Delays
    private let patience: Duration
    private var queue: [(bytes: [UInt8], timing: RunTiming)] = []
    private var queueOffset = 0
    private var outgoing: [(bytes: [UInt8], timing: RunTiming)] = []
    private var rates: [(since: Instant, rate: BitRate)]
    private var nextStep = 0
    /// When the host byte that a step waits for had come, for as many steps as that has happened to.
    private var reachedAt: [Instant] = []
    private var matchedByteCount = 0
    private var sentByteCount = 0
    private let beginning: Instant
    private var now: Instant
    private var lastHostByte: Instant
    private var lineFreeAt: Instant

    /// - Parameters:
    ///   - events: the trace; what is neither data nor baud is passed over.
    ///   - delays: of the chip's answers.
    ///   - patience: how much longer than in the trace the host may be silent, once it has begun, before it is a
    ///     divergence.
    ///   - beginning: when the replay begins, on its own clock.
    package init(
        _ events: some Sequence<TraceEvent>, delays: Delays = .recorded, patience: Duration = .seconds(10),
        beginning: Instant = .zero
    ) {
        script = Script(events)
        self.delays = delays
        self.patience = patience
        self.beginning = beginning
        now = beginning
        lastHostByte = beginning
        lineFreeAt = beginning
        rates = [(beginning, Self.defaultRate)]
        noteReachedSteps()
        takeSteps()
    }

    /// Whether the trace has no byte of either side: nothing can be played.
    package var isEmpty: Bool { script.isEmpty }

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
            let next = [arrival, due, silenceLimit].compactMap { $0 }.min()
            guard let next, next <= moment else { break }
            now = max(now, next)
            if let due, due <= now {
                takeSteps()
            } else if arrival != nil {
                takeBytes(by: min(moment, due ?? moment))
            } else {
                diverge(.silence, got: [])
            }
        }
        now = moment
        finishWhenDone()
    }

    package mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        guard !outgoing.isEmpty else { return nil }
        let run = outgoing.removeFirst()
        characters += run.bytes
        return run.timing
    }

    package var deadline: Instant? {
        [nextArrival, nextDue, silenceLimit].compactMap { $0 }.min()
    }

    package func receiverClock(at moment: Instant) -> ReceiverClock {
        ReceiverClock(rate: rates.last { $0.since <= moment }?.rate ?? rates[0].rate)
    }

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
    private var nextDue: Instant? {
        guard !isOver, nextStep < reachedAt.count else { return nil }
        let step = script.steps[nextStep]
        let reached = reachedAt[nextStep]
        switch step.action {
        // The host may change over faster than it did; the chip is to be ready then.
        case .sampleAt: return max(reached, lineFreeAt)
        case .send:
            guard delays == .recorded else { return max(reached, lineFreeAt) }
            return max(reached.advanced(by: .nanoseconds(pause(before: step))), lineFreeAt)
        }
    }

    /// From the host's byte that a run waits for to the run's first start bit, in nanoseconds. What is recorded is when its
    /// last character was seen.
    private func pause(before step: Script.Step) -> Int64 {
        guard script.isPaced, case .send(let bytes) = step.action else { return step.delay }
        let timing = RunTiming(start: .zero, backToBackAt: rates[rates.count - 1].rate)
        return max(0, step.delay - timing.end(of: bytes.count).nanoseconds)
    }

    /// When the host has been silent for too long; nil when nothing is expected of it now.
    private var silenceLimit: Instant? {
        // When the host begins is its own affair.
        guard case .running = outcome, matchedByteCount > 0, nextDue == nil, queue.isEmpty,
            let next = script.origin(ofHostByte: matchedByteCount)
        else { return nil }
        let previous =
            script.origin(ofHostByte: matchedByteCount - 1)?.time ?? script.beginning
        let pause = Script.pause(from: previous, to: next.time)
        return max(lastHostByte.advanced(by: .nanoseconds(pause)), lineFreeAt).advanced(by: patience)
    }

    /// Takes what has arrived by `moment` of the first run, up to the byte that the next answer waits for.
    private mutating func takeBytes(by moment: Instant) {
        let run = queue[0]
        var count = run.timing.arrived(by: moment, of: run.bytes.count) - queueOffset
        if reachedAt.count < script.steps.count {
            count = min(count, script.steps[reachedAt.count].hostByteCount - matchedByteCount)
        }
        for _ in 0..<max(1, count) {
            now = max(now, run.timing.end(of: queueOffset + 1))
            guard matchedByteCount < script.hostBytes.count else { return diverge(.extra, got: waitingBytes) }
            guard run.bytes[queueOffset] == script.hostBytes[matchedByteCount] else {
                return diverge(.mismatch, got: waitingBytes)
            }
            matchedByteCount += 1
            queueOffset += 1
        }
        lastHostByte = now
        if queueOffset == run.bytes.count {
            queue.removeFirst()
            queueOffset = 0
        }
        noteReachedSteps()
        finishWhenDone()
    }

    private mutating func noteReachedSteps() {
        while reachedAt.count < script.steps.count,
            script.steps[reachedAt.count].hostByteCount <= matchedByteCount
        {
            reachedAt.append(lastHostByte)
        }
    }

    private mutating func takeSteps() {
        while let due = nextDue, due <= now {
            switch script.steps[nextStep].action {
            case .send(let bytes):
                let rate = rates[rates.count - 1].rate
                var timing =
                    delays == .recorded
                    ? RunTiming(start: due, backToBackAt: rate) : RunTiming(start: due, unpacedAt: rate)
                let end = reachedAt[nextStep].advanced(by: .nanoseconds(script.steps[nextStep].delay))
                if script.isPaced { timing.squeeze(bytes.count, toEndAt: end) }
                outgoing.append((bytes, timing))
                lineFreeAt = timing.end(of: bytes.count)
                sentByteCount += bytes.count
            case .sampleAt(let rate):
                rates.append((due, rate))
            }
            nextStep += 1
        }
        finishWhenDone()
    }

    private mutating func finishWhenDone() {
        guard case .running = outcome, nextStep == script.steps.count, matchedByteCount == script.hostBytes.count
        else { return }
        outcome = .complete(
            ReplaySummary(
                hostByteCount: matchedByteCount, chipByteCount: sentByteCount,
                recordedDuration: .nanoseconds(Script.pause(from: script.beginning, to: script.end)),
                replayedDuration: beginning.duration(to: max(lastHostByte, lineFreeAt))))
    }

    private mutating func diverge(_ kind: Divergence.Kind, got: [UInt8]) {
        let origin = script.origin(ofHostByte: matchedByteCount)
        outcome = .diverged(
            Divergence(
                kind: kind, hostOffset: matchedByteCount, eventIndex: origin?.eventIndex,
                recordedTime: origin?.time, time: now,
                before: Array(script.hostBytes[..<matchedByteCount].suffix(Divergence.contextByteCount)),
                expected: Array(script.hostBytes[matchedByteCount...].prefix(Divergence.contextByteCount)), got: got))
        queue = []
        queueOffset = 0
    }

    /// Up to 16 bytes that have arrived or are on their way.
    private var waitingBytes: [UInt8] {
        var bytes: [UInt8] = []
        for (index, run) in queue.enumerated() {
            bytes += run.bytes.dropFirst(index == 0 ? queueOffset : 0).prefix(Divergence.contextByteCount)
            if bytes.count >= Divergence.contextByteCount { break }
        }
        return Array(bytes.prefix(Divergence.contextByteCount))
    }
}

extension RunTiming {
    /// Lets the characters end at `end`, as they did when they were recorded, where that takes no more than a receiver of
    /// their rate bears: a chip's divisor may make its rate some percent faster than the one it is called.
    fileprivate mutating func squeeze(_ count: Int, toEndAt end: Instant) {
        guard spacing > 0, end < self.end(of: count) else { return }
        let room = start.duration(to: end).wholeNanoseconds
        guard room > 0 else { return }
        let squeezed = room * 1000 / Int64(count)
        guard squeezed >= spacing / 100 * 95 else { return }
        spacing = squeezed
    }
}
