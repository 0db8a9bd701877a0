/// What hangs on the wires: the adapter, both inputs' levels, the ground. Only where any of these can matter.
package struct Wiring: Sendable {
    private let adapter: Adapter?
    private let ground: Ground
    private var toChip: InputLevels
    private var toHost: InputLevels
    /// What the host's own edges do at its input, where no ground joins the ends; nil where one does from the
    /// beginning.
    private var echo: InputLevels?
    private var lastRate = BitRate(baud: 115_200)
    /// What the adapter holds back of what the host's end has received; nil where there is no adapter.
    package var packets: PacketBuffer?

    /// - Parameter generator: of the line's seed.
    package init(_ conditions: LineConditions, seeds generator: inout SplitMix64) {
        let phase = Int64(generator.next(below: 65_536))
        let driver = conditions.adapterDriver
        ground = conditions.ground
        adapter = conditions.adapter
        packets = conditions.adapter.map(PacketBuffer.init)
        toChip = InputLevels(
            driver: driver, input: conditions.chipInput,
            ground: FloatingInput(ground, phase: phase, risesWithChip: false), rail: conditions.effectiveRail,
            seed: generator.next())
        toHost = InputLevels(
            driver: conditions.chipDriver, input: conditions.adapterInput,
            ground: FloatingInput(ground, phase: phase, risesWithChip: true), seed: generator.next())
        guard ground != .joined else { return }
        echo = InputLevels(
            driver: conditions.chipDriver, input: conditions.adapterInput,
            ground: FloatingInput(
                ground, phase: phase, risesWithChip: true, swingOfOtherWire: driver.high - driver.low),
            seed: generator.next())
    }

    // MARK: Clocks

    /// What the adapter makes of the rate that the host's port has. One that it refuses leaves it as it was.
    package mutating func hostRate(_ rate: BitRate) -> BitRate {
        guard let adapter else { return rate }
        lastRate = adapter.rate(for: rate.baud) ?? lastRate
        return lastRate
    }

    mutating func hostClock(_ clock: ReceiverClock) -> ReceiverClock {
        ReceiverClock(rate: hostRate(clock.rate), oversampling: clock.oversampling)
    }

    // MARK: Levels

    /// The chip sends: what that does to the rail of an adapter below its level.
    mutating func chipSends(_ characters: Span<UInt8>, timing: RunTiming) {
        toChip.rail?.transmitted(characters, timing: timing)
    }

    /// Samples a run, in place: by rates and levels.
    package mutating func sample(
        _ run: inout [UInt8], timing: inout RunTiming, _ direction: Direction, by receiver: inout UARTReceiver
    ) -> UARTReceiver.Reception? {
        switch direction {
        case .hostToChip: receiver.sample(&run, timing: &timing, through: &toChip)
        case .chipToHost: receiver.sample(&run, timing: &timing, through: &toHost)
        }
    }

    /// Completes a character in progress, if `now` is its deadline or later.
    package mutating func settle(
        at now: Instant, _ direction: Direction, by receiver: inout UARTReceiver, into arrived: inout [UInt8]
    ) {
        switch direction {
        case .hostToChip: _ = receiver.settle(at: now, through: &toChip, into: &arrived)
        case .chipToHost: _ = receiver.settle(at: now, through: &toHost, into: &arrived)
        }
    }

    /// The levels at an input.
    func levels(_ direction: Direction) -> InputLevels { direction == .hostToChip ? toChip : toHost }

    /// Why a receiver made something else of what it could sample at the sender's rate.
    func levelCause(at moment: Instant) -> LineDifference.Cause {
        ground.floats(at: moment) == nil ? .level : .ground
    }

    /// What the host receives of its own run because no ground joins the ends; appends nothing where one does.
    package mutating func hearOwn(
        _ run: Span<UInt8>, timing: RunTiming, by receiver: inout UARTReceiver, into arrived: inout [UInt8]
    ) {
        guard var levels = echo, !levels.isClear(from: timing.start, to: timing.end(of: run.count)) else { return }
        echo = nil
        _ = receiver.receive(run, timing: timing, through: &levels, into: &arrived)
        echo = levels
    }

    /// Completes a character that the host has begun to receive, if `now` is its deadline or later.
    package mutating func settleOwn(at now: Instant, by receiver: inout UARTReceiver, into arrived: inout [UInt8]) {
        guard receiver.deadline != nil, var levels = echo else { return }
        echo = nil
        _ = receiver.settle(at: now, through: &levels, into: &arrived)
        echo = levels
    }
}

/// No wiring is that of a perfect line: only the rates of its ends decide what arrives.
extension Wiring? {
    mutating func sample(
        _ run: inout [UInt8], timing: inout RunTiming, _ direction: Direction, by receiver: inout UARTReceiver
    ) -> UARTReceiver.Reception? {
        guard self != nil else { return receiver.sample(&run, timing: &timing) }
        return self!.sample(&run, timing: &timing, direction, by: &receiver)
    }

    mutating func settle(
        at now: Instant, _ direction: Direction, by receiver: inout UARTReceiver, into arrived: inout [UInt8]
    ) {
        guard self != nil else {
            _ = receiver.settle(at: now, into: &arrived)
            return
        }
        self!.settle(at: now, direction, by: &receiver, into: &arrived)
    }
}
