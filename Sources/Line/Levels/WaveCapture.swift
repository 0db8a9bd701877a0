/// What an oscilloscope at a receiver's input would have shown of a few characters.
package struct WaveCapture: Hashable, Sendable {
    /// Towards whose input.
    package var direction: Direction
    /// What the receiver samples at.
    package var rate: BitRate
    /// When the first of `levels` was.
    package var start: Instant
    /// Between two of them, in picoseconds: a tick of the receiver.
    package var step: Int64
    /// At the input, against its own ground, with its noise.
    package var levels: [Millivolts]
    package var input: Input
    /// Where the receiver took a bit, as an index of `levels`, and what it read: ten for each character, from the start bit
    /// to the stop bit.
    package var samples: [Sample]
    /// What was on the wire.
    package var sent: [UInt8]
    /// What the receiver made of it.
    package var received: [UInt8]

    package struct Sample: Hashable, Sendable {
        package var index: Int
        package var isHigh: Bool
    }
}

extension WaveCapture {
    /// As many ticks of an idle wire are shown before the first start edge.
    private static let lead: Int64 = 12

    /// Receives characters once more, with an eye on every tick. - Parameters: copies, which it may use up.
    init(
        _ characters: Span<UInt8>, _ timing: RunTiming, _ direction: Direction, through levels: InputLevels,
        by receiver: UARTReceiver
    ) {
        let clock = receiver.clock
        step = clock.rate.characterPicoseconds / (10 * Int64(clock.oversampling))
        start = timing.start.advanced(by: .nanoseconds(-Self.lead * step / 1000))
        self.direction = direction
        rate = clock.rate
        input = levels.input
        var probe = ProbedLevels(levels)
        for tick in 0..<(Self.lead - 1) {
            _ = probe.isHigh(true, at: start.advanced(by: .nanoseconds(tick * step / 1000)))
        }
        // A receiver of its own: what the other has not finished is not of this picture.
        var receiver = UARTReceiver(clock, copiesCleanRuns: false)
        var arrived: [UInt8] = []
        _ = receiver.receive(characters, timing: timing, through: &probe, into: &arrived)
        if let deadline = receiver.deadline { _ = receiver.settle(at: deadline, through: &probe, into: &arrived) }
        self.levels = probe.levels
        samples = probe.samples
        sent = Array(count: characters.count) { characters[$0] }
        received = arrived
    }
}

extension Array {
    fileprivate init(count: Int, _ element: (Int) -> Element) {
        self = (0..<count).map(element)
    }
}

/// An input's levels, each written down.
private struct ProbedLevels: LevelSource {
    private var source: InputLevels
    private(set) var levels: [Millivolts] = []
    private(set) var samples: [WaveCapture.Sample] = []

    init(_ source: InputLevels) {
        self.source = source
    }

    /// Every tick is to be looked at.
    mutating func isClear(from start: Instant, to end: Instant) -> Bool { false }

    mutating func isHigh(_ drivenHigh: Bool, at moment: Instant) -> Bool {
        let level = source.level(drivenHigh, at: moment)
        levels.append(level)
        return level >= source.input.threshold
    }

    mutating func sampled(_ isHigh: Bool) {
        samples.append(WaveCapture.Sample(index: levels.count - 1, isHigh: isHigh))
    }
}

/// Looks at a line's inputs now and then, for somebody who watches.
package struct LineScope: Sendable {
    private var captures: [WaveCapture] = []
    /// Before that nothing more is looked at.
    private var nextLook = Pair(Instant(nanoseconds: .min))

    /// Ten pictures a second are as many as somebody can follow.
    private static let pause = Duration.milliseconds(100)
    private static let mostCharacters = 3
    /// Those that nobody takes.
    private static let mostCaptures = 8

    package init() {}

    /// Takes a picture of a run's first characters, unless there was one just before.
    mutating func look(
        at run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction, through levels: InputLevels,
        by receiver: UARTReceiver
    ) {
        guard !run.isEmpty, timing.spacing > 0, timing.start >= nextLook[direction],
            captures.count < Self.mostCaptures
        else { return }
        nextLook[direction] = timing.start.advanced(by: Self.pause)
        captures.append(
            WaveCapture(
                run.extracting(0..<min(run.count, Self.mostCharacters)), timing, direction, through: levels,
                by: receiver))
    }

    /// What was seen since the last call.
    package mutating func takeCaptures() -> [WaveCapture] {
        defer { captures.removeAll(keepingCapacity: true) }
        return captures
    }
}
