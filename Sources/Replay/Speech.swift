import Line

/// What the player of one side has yet to say: each thing so long after what it answers, one after the other, at the
/// rate that this side then has.
struct Speech: Sendable {
    /// Something to do, and how long after what it follows it was recorded.
    struct Reply: Sendable {
        enum Action: Sendable {
            case send([UInt8])
            case sampleAt(BitRate)
            /// The chip begins anew: what was under way is over.
            case restart
        }
        var action: Action
        /// In nanoseconds; of bytes, to the end of the last.
        var delay: Int64
    }

    private let pace: ReplayPace
    /// Whether characters took their time when they were recorded: a run then began so much before its last was seen.
    private let isPaced: Bool
    private var waiting = Queue<(reply: Reply, since: Instant)>()
    private var outgoing = RunQueue()
    private var rates: [(since: Instant, rate: BitRate)]
    /// When the last character that was said has left.
    private(set) var lineFreeAt: Instant
    private(set) var sentByteCount = 0

    /// Rates that are remembered: a driver asks for that of a moment ago at the most.
    private static let mostRates = 32

    init(pace: ReplayPace, isPaced: Bool, rate: BitRate, beginning: Instant) {
        self.pace = pace
        self.isPaced = isPaced
        rates = [(beginning, rate)]
        lineFreeAt = beginning
    }

    /// Whether everything has been said.
    var isEmpty: Bool { waiting.isEmpty }

    /// Bytes that are still to be said.
    var unsaidByteCount: Int {
        var (count, rest) = (0, waiting)
        while !rest.isEmpty {
            if case .send(let bytes) = rest.removeFirst().reply.action { count += bytes.count }
        }
        return count
    }

    /// Its rate now.
    var rate: BitRate { rates[rates.count - 1].rate }

    func rate(at moment: Instant) -> BitRate { rates.last { $0.since <= moment }?.rate ?? rates[0].rate }

    /// It is to be said, its delay counted from `moment`.
    mutating func add(_ reply: Reply, since moment: Instant) { waiting.append((reply, moment)) }

    /// What has not been said never will be.
    mutating func forget() { waiting.removeAll() }

    /// When the next thing is due; nil for nothing.
    var due: Instant? {
        guard let (reply, since) = waiting.first else { return nil }
        switch reply.action {
        case .restart, .sampleAt: return max(since.advanced(by: .nanoseconds(pace.scaled(reply.delay))), lineFreeAt)
        case .send(let bytes): return max(since.advanced(by: .nanoseconds(pause(before: bytes, reply))), lineFreeAt)
        }
    }

    /// From what a run follows to its first start bit, in nanoseconds. What is recorded is when its last character was seen.
    private func pause(before bytes: [UInt8], _ reply: Reply) -> Int64 {
        let pause = pace.scaled(reply.delay)
        guard isPaced, !pace.isInstant else { return pause }
        return max(0, pause - RunTiming(start: .zero, backToBackAt: rate).end(of: bytes.count).nanoseconds)
    }

    /// Says what is due. - Returns: what that was; nothing where the chip begins anew.
    @discardableResult
    mutating func speak(by now: Instant) -> [[UInt8]] {
        var said: [[UInt8]] = []
        while let due, due <= now {
            let (reply, since) = waiting.removeFirst()
            switch reply.action {
            case .send(let bytes):
                var timing =
                    pace.isInstant ? RunTiming(start: due, unpacedAt: rate) : RunTiming(start: due, backToBackAt: rate)
                let end = since.advanced(by: .nanoseconds(pace.scaled(reply.delay)))
                if isPaced { timing.squeeze(bytes.count, toEndAt: end) }
                outgoing.append(bytes.span, timing: timing)
                lineFreeAt = timing.end(of: bytes.count)
                sentByteCount += bytes.count
                said.append(bytes)
            case .sampleAt(let rate): sample(at: rate, since: due)
            case .restart: said.append([])
            }
        }
        return said
    }

    private mutating func sample(at rate: BitRate, since moment: Instant) {
        guard rate != self.rate else { return }
        if rates.count == Self.mostRates { rates.removeFirst(Self.mostRates / 2) }
        rates.append((moment, rate))
    }

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
        guard let (count, timing) = outgoing.first else { return nil }
        outgoing.take(count, into: &characters)
        return timing
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
