/// A line on which something may happen: both wires' levels, and the faults with what each has done.
package struct LineState: Sendable {
    private let adapter: Adapter?
    private var toChip: InputLevels
    private var toHost: InputLevels
    /// What the host's own edges do at its input, where no ground joins the ends; nil where one does from the beginning.
    private var echo: InputLevels?
    private var faults: [FaultInPlace]
    private var lastRate = BitRate(baud: 115_200)
    /// What the adapter holds back of what the host's end has received; nil where there is no adapter.
    package var packets: PacketBuffer?
    /// What the faults did, oldest first, for whoever takes it away.
    package private(set) var log = FaultLog()

    init(_ conditions: LineConditions) {
        var generator = SplitMix64(seed: conditions.seed)
        let phase = Int64(generator.next(below: 65_536))
        let ground = conditions.ground
        let driver = conditions.adapterDriver
        adapter = conditions.adapter
        packets = conditions.adapter.map(PacketBuffer.init)
        toChip = InputLevels(
            driver: driver, input: conditions.chipInput,
            ground: FloatingInput(ground, phase: phase, risesWithChip: false), rail: conditions.effectiveRail,
            seed: generator.next())
        toHost = InputLevels(
            driver: conditions.chipDriver, input: conditions.adapterInput,
            ground: FloatingInput(ground, phase: phase, risesWithChip: true), seed: generator.next())
        if ground != .joined {
            echo = InputLevels(
                driver: conditions.chipDriver, input: conditions.adapterInput,
                ground: FloatingInput(
                    ground, phase: phase, risesWithChip: true, swingOfOtherWire: driver.high - driver.low),
                seed: generator.next())
        }
        faults = conditions.faults.map { FaultInPlace($0, seed: generator.next()) }
    }

    /// How often each fault has done something, in the order of the conditions. Zero: it never fired.
    package var firings: [(name: String, count: Int)] {
        faults.map { ($0.name, $0.firings) }
    }

    // MARK: Clocks

    /// What the adapter makes of the rate that the host's port has. One that it refuses leaves it as it was.
    package mutating func hostRate(_ rate: BitRate) -> BitRate {
        guard let adapter else { return rate }
        lastRate = adapter.rate(for: rate.baud) ?? lastRate
        return lastRate
    }

    package mutating func hostClock(_ clock: ReceiverClock) -> ReceiverClock {
        ReceiverClock(rate: hostRate(clock.rate), oversampling: clock.oversampling)
    }

    package func chipRate(_ rate: BitRate) -> BitRate {
        var rate = rate
        for place in faults { rate = place.fault.chipRate(rate) }
        return rate
    }

    package func chipClock(_ clock: ReceiverClock) -> ReceiverClock {
        ReceiverClock(rate: chipRate(clock.rate), oversampling: clock.oversampling)
    }

    // MARK: Faults

    /// Takes a run through the faults, in place.
    package mutating func spoil(_ run: inout [UInt8], _ timing: inout RunTiming, _ direction: LineDirection) {
        if direction == .chipToHost { shiftChip(&timing) }
        pass(&run, &timing, direction, from: faults.startIndex)
    }

    private mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, _ direction: LineDirection, from first: Int
    ) {
        for index in first..<faults.endIndex {
            guard !run.isEmpty else { return }
            guard let effect = faults[index].pass(&run, &timing, in: direction) else { continue }
            note(effect, of: index, at: timing.start, direction)
        }
    }

    /// When a fault puts characters on a wire by itself.
    package var deadline: Instant? {
        var earliest: Instant?
        for place in faults {
            guard let deadline = place.fault.deadline else { continue }
            earliest = min(earliest ?? deadline, deadline)
        }
        return earliest
    }

    /// What a fault puts on a wire at `now`, and what the faults behind it leave of that; nil when there is nothing left.
    package mutating func inject(at now: Instant) -> FaultInjection? {
        for index in faults.indices {
            guard let deadline = faults[index].fault.deadline, deadline <= now else { continue }
            guard var injection = faults[index].inject(at: now) else { continue }
            if injection.isNew {
                note(.added(injection.characters.count), of: index, at: now, injection.direction)
            }
            if let rate = injection.rate {
                var timing = RunTiming(start: now, backToBackAt: rate)
                pass(&injection.characters, &timing, injection.direction, from: index + 1)
            }
            return injection
        }
        return nil
    }

    /// The adapter has been pulled out: whoever did so by `moment` has done something, whether or not a character was on
    /// its way.
    package mutating func pullOut(by moment: Instant) {
        for index in faults.indices where faults[index].firings == 0 {
            guard let fault = faults[index].fault as? Unplugged, fault.moment <= moment else { continue }
            faults[index].fire()
        }
    }

    /// The oldest thing a fault did that nobody has heard of.
    package mutating func nextEvent() -> FaultEvent? { log.next() }

    private mutating func note(_ effect: FaultEffect, of index: Int, at moment: Instant, _ direction: LineDirection) {
        log.append(
            FaultEvent(
                fault: faults[index].name, moment: moment, direction: direction, effect: effect)
        )
    }

    private func shiftChip(_ timing: inout RunTiming) {
        let rate = chipRate(timing.rate)
        guard rate != timing.rate else { return }
        // The product of two characters' times at 300 baud has more than 64 bits.
        let product = timing.spacing.multipliedFullWidth(by: rate.characterPicoseconds)
        timing.spacing = timing.rate.characterPicoseconds.dividingFullWidth(product).quotient
        timing.rate = rate
    }

    // MARK: Levels

    /// The chip sends: what that does to the rail of an adapter below its level.
    package mutating func chipSends(_ characters: Span<UInt8>, timing: RunTiming) {
        toChip.rail?.transmitted(characters, timing: timing)
    }

    /// As the line that may be perfect does it.
    package mutating func sample(
        _ run: inout [UInt8], timing: inout RunTiming, _ direction: LineDirection, by receiver: inout UARTReceiver
    ) -> UARTReceiver.Reception? {
        switch direction {
        case .hostToChip: receiver.sample(&run, timing: &timing, through: &toChip)
        case .chipToHost: receiver.sample(&run, timing: &timing, through: &toHost)
        }
    }

    /// As the line that may be perfect does it.
    package mutating func settle(
        at now: Instant, _ direction: LineDirection, by receiver: inout UARTReceiver, into arrived: inout [UInt8]
    ) {
        switch direction {
        case .hostToChip: _ = receiver.settle(at: now, through: &toChip, into: &arrived)
        case .chipToHost: _ = receiver.settle(at: now, through: &toHost, into: &arrived)
        }
    }

    /// What the host hears of its own run because no ground joins the ends; appends nothing where one does.
    package mutating func hearOwn(
        _ run: Span<UInt8>, timing: RunTiming, by receiver: inout UARTReceiver, into arrived: inout [UInt8]
    ) {
        guard var levels = echo, !levels.isClear(from: timing.start, to: timing.end(of: run.count)) else { return }
        echo = nil
        _ = receiver.receive(run, timing: timing, through: &levels, into: &arrived)
        echo = levels
    }

    /// Completes a character that the host has heard the beginning of, if `now` is its deadline or later.
    package mutating func settleOwn(at now: Instant, by receiver: inout UARTReceiver, into arrived: inout [UInt8]) {
        guard receiver.deadline != nil, var levels = echo else { return }
        echo = nil
        _ = receiver.settle(at: now, through: &levels, into: &arrived)
        echo = levels
    }
}

// MARK: - Sampling

/// No state is a perfect line: only the rates of its ends decide what arrives.
extension LineState? {
    /// Samples a run, in place: by rates and levels.
    /// - Parameter timing: when the run crosses; afterwards when what arrived did, spread over the same time.
    /// - Returns: what happened, or nil where the run arrived as it was sent.
    package mutating func sample(
        _ run: inout [UInt8], timing: inout RunTiming, _ direction: LineDirection, by receiver: inout UARTReceiver
    ) -> UARTReceiver.Reception? {
        guard self != nil else { return receiver.sample(&run, timing: &timing) }
        return self!.sample(&run, timing: &timing, direction, by: &receiver)
    }

    /// Completes a character in progress, if `now` is its deadline or later.
    package mutating func settle(
        at now: Instant, _ direction: LineDirection, by receiver: inout UARTReceiver, into arrived: inout [UInt8]
    ) {
        guard self != nil else {
            _ = receiver.settle(at: now, into: &arrived)
            return
        }
        self!.settle(at: now, direction, by: &receiver, into: &arrived)
    }
}
