/// Receiving where a level may be read wrongly: the wire is then looked at tick by tick, each tick by its voltage.
extension UARTReceiver {
    /// As `sample(_:timing:)`, through an input's levels.
    package mutating func sample<Levels: LevelSource>(
        _ run: inout [UInt8], timing: inout RunTiming, through levels: inout Levels
    ) -> Reception? {
        guard !run.isEmpty else { return nil }
        let end = timing.end(of: run.count).advanced(by: restOfCharacter)
        if deadline == nil, levels.isClear(from: timing.start, to: end), letPass(run.count, timing) { return nil }
        var arrived: [UInt8] = []
        let sent = run
        let reception = receive(sent.span, timing: timing, through: &levels, into: &arrived)
        return replace(&run, by: arrived, reception, &timing)
    }

    /// As `receive(_:timing:into:)`, through an input's levels. Where they are clear the two are the same.
    package mutating func receive<Levels: LevelSource>(
        _ characters: Span<UInt8>, timing: RunTiming, through levels: inout Levels, into arrived: inout [UInt8]
    ) -> Reception {
        // A line that was idle so long is not polled all the way to here.
        if let deadline, deadline <= timing.start {
            var reception = settle(at: timing.start, through: &levels, into: &arrived)
            reception += receive(characters, timing: timing, through: &levels, into: &arrived)
            return reception
        }
        let end = timing.end(of: characters.count)
        guard !levels.isClear(from: timing.start, to: end.advanced(by: restOfCharacter)) else {
            return receive(characters, timing: timing, into: &arrived)
        }
        var reception = Reception()
        var done = 0
        while done < characters.count {
            done += load(characters, timing: timing, from: done)
            ticks.poll(&wave, from: origin, through: &levels, isOver: false, into: &arrived, &reception)
        }
        expectRest(behind: end)
        return reception
    }

    /// As `settle(at:into:)`, through an input's levels.
    package mutating func settle<Levels: LevelSource>(
        at now: Instant, through levels: inout Levels, into arrived: inout [UInt8]
    ) -> Reception {
        guard let deadline, now >= deadline else { return Reception() }
        guard !levels.isClear(from: origin, to: deadline.advanced(by: restOfCharacter)) else {
            return settle(at: now, into: &arrived)
        }
        var reception = Reception()
        ticks.poll(&wave, from: origin, through: &levels, isOver: true, into: &arrived, &reception)
        self.deadline = nil
        return reception
    }
}

extension Ticks {
    /// Takes every sample that the wave decides, by the voltage at each tick. The line between two waves is not looked
    /// at: only the tick before a wave decides whether it is high there.
    mutating func poll<Levels: LevelSource>(
        _ wave: inout Wave, from origin: Instant, through levels: inout Levels, isOver: Bool,
        into arrived: inout [UInt8], _ reception: inout UARTReceiver.Reception
    ) {
        let characters = wave.characters.waiting
        let wire = characters.span
        guard !wire.isEmpty else { return }
        var input = PolledInput(wire, from: 0, origin: origin)
        let before = tickFrom(wire[0].start) - tick
        if polledAt < before {
            wasLow = !input.isHigh(wire, at: before, &levels)
            polledAt = before
        }
        while true {
            let next = tickFrom(polledAt + 1)
            let stop = next + (ticksInBit / 2 + 9 * ticksInBit) * tick
            guard isOver ? next < wave.end : stop < wave.end else { break }
            let isLow = !input.isHigh(wire, at: next, &levels)
            polledAt = next
            if isLow, !wasLow {
                take(next, &input, wire, through: &levels, into: &arrived, &reception)
            } else {
                wasLow = isLow
            }
        }
        wave.drop(isOver ? wire.count : wire.place(after: polledAt, from: 0))
    }

    /// A character whose start edge was found at the tick `found`; every tick is looked at, the middle ones count.
    private mutating func take<Levels: LevelSource>(
        _ found: Int64, _ input: inout PolledInput, _ wire: Span<Wave.Character>, through levels: inout Levels,
        into arrived: inout [UInt8], _ reception: inout UARTReceiver.Reception
    ) {
        wasLow = !isHigh(after: ticksInBit / 2, &input, wire, through: &levels)
        levels.sampled(!wasLow)
        guard wasLow else {
            reception.falseStarts += 1
            return
        }
        var character: UInt8 = 0
        for bit in UInt8(0)..<8 {
            let isHigh = isHigh(after: ticksInBit, &input, wire, through: &levels)
            levels.sampled(isHigh)
            if isHigh { character |= 1 << bit }
        }
        wasLow = !isHigh(after: ticksInBit, &input, wire, through: &levels)
        levels.sampled(!wasLow)
        arrived.append(character)
        reception.count(character, hasLowStop: wasLow)
    }

    /// What the input reads `count` ticks after the last sample; every tick between is looked at.
    private mutating func isHigh<Levels: LevelSource>(
        after count: Int64, _ input: inout PolledInput, _ wire: Span<Wave.Character>, through levels: inout Levels
    ) -> Bool {
        var isHigh = true
        for _ in 0..<count {
            polledAt += tick
            isHigh = input.isHigh(wire, at: polledAt, &levels)
        }
        return isHigh
    }
}

/// A wire and where it is looked at.
struct PolledInput {
    private var cursor: Cursor
    private let origin: Instant

    init(_ wire: Span<Wave.Character>, from index: Int, origin: Instant) {
        cursor = Cursor(wire, at: index)
        self.origin = origin
    }

    /// What the input reads at a time that is not before the last.
    mutating func isHigh<Levels: LevelSource>(
        _ wire: Span<Wave.Character>, at time: Int64, _ levels: inout Levels
    ) -> Bool {
        levels.isHigh(
            cursor.level(wire, at: time) == 1,
            at: Instant(nanoseconds: origin.nanoseconds + time / Wave.perNanosecond))
    }
}
