/// What a UART's receiver makes of a wire: it polls for a start edge on its own oversampling clock, samples the middle
/// of ten bits, and gives what it saw.
///
/// ```
/// sender's bits     ──┐start┌─d0──┬─d1──┬ … ─d7──┬─stop─────
/// receiver's ticks    ·|·····|·····|              n to a bit; the edge is found at the first tick that is low
/// samples               ×     ×     ×             n/2 ticks after it, then every n ticks
/// ```
/// After the stop sample it polls again: a start edge is a low tick after a high one. A low stop bit is a framing
/// error; the character is kept. Whether the chip's UART resynchronises so is not known; many do.
///
/// Where the rates are so close that no sample can fall into a wrong bit, runs are copied whole; elsewhere every sample
/// is taken. The result depends on the wire alone, never on how it was cut into runs.
package struct UARTReceiver: Sendable {
    /// What was sampled besides characters.
    package struct Reception: Hashable, Sendable {
        /// Characters whose stop bit was low.
        package var framingErrors = 0
        /// Framing errors with all data bits low.
        package var breaks = 0
        /// Start edges that were gone in the middle of the start bit.
        package var falseStarts = 0

        static func += (sum: inout Reception, more: Reception) {
            sum.framingErrors += more.framingErrors
            sum.breaks += more.breaks
            sum.falseStarts += more.falseStarts
        }

        mutating func count(_ character: UInt8, hasLowStop: Bool) {
            guard hasLowStop else { return }
            framingErrors += 1
            if character == 0 { breaks += 1 }
        }
    }

    /// How it samples, from the next character on.
    package var clock: ReceiverClock {
        didSet { if clock != oldValue { ticks.set(clock, from: origin) } }
    }
    /// When the character in progress is complete if the line stays idle; nil when none is.
    package internal(set) var deadline: Instant?

    /// Whether runs are copied whole where nothing can go wrong; off only to prove that it makes no difference.
    private let copiesCleanRuns: Bool

    /// Where the wave's time begins. Its unit is 1/64 ps, so that a tick of the fastest rate is right to 0.1 ppm.
    private(set) var origin = Instant.zero
    var wave = Wave()
    var ticks: Ticks

    package init(_ clock: ReceiverClock, copiesCleanRuns: Bool = true) {
        self.clock = clock
        self.copiesCleanRuns = copiesCleanRuns
        ticks = Ticks(clock)
    }

    /// Whether every character sent at `sent` arrives as it was, wherever its edges fall between two ticks.
    package func isClean(_ sent: BitRate) -> Bool {
        ticks.isClean(bit: Wave.bit(of: sent))
    }

    /// Turns a run into what arrives of it, in place; a run that nothing can go wrong with is not even looked at.
    /// - Parameter timing: when the run crosses; afterwards when what arrived did, spread over the same time.
    /// - Returns: what happened, or nil where the run arrived as it was sent.
    package mutating func sample(_ run: inout [UInt8], timing: inout RunTiming) -> Reception? {
        guard !run.isEmpty, !letPass(run.count, timing) else { return nil }
        var arrived: [UInt8] = []
        let sent = run
        let reception = receive(sent.span, timing: timing, into: &arrived)
        return replace(&run, by: arrived, reception, &timing)
    }

    /// What `sample` makes of a run that was looked at.
    func replace(
        _ run: inout [UInt8], by arrived: [UInt8], _ reception: Reception, _ timing: inout RunTiming
    ) -> Reception? {
        guard arrived != run || reception != Reception() else { return nil }
        timing.spacing = timing.spacing * Int64(run.count) / Int64(max(1, arrived.count))
        run = arrived
        return reception
    }

    /// Takes a run off the wire and appends what arrives. Runs come in the order of their starts; characters that are
    /// not paced, or squeezed together, are sampled as back-to-back characters.
    package mutating func receive(
        _ characters: Span<UInt8>, timing: RunTiming, into arrived: inout [UInt8]
    ) -> Reception {
        var reception = Reception()
        if letPass(characters.count, timing) {
            characters.withUnsafeBufferPointer { arrived.append(contentsOf: $0) }
            return reception
        }
        var done = 0
        while done < characters.count {
            done += load(characters, timing: timing, from: done)
            ticks.sample(&wave, isOver: false, into: &arrived, &reception)
        }
        expectRest(behind: timing.end(of: characters.count))
        return reception
    }

    /// Puts the next piece of a run on the wire, so short that a long run at one baud stays within 64 bits of time.
    /// - Returns: how many characters that were.
    mutating func load(_ characters: Span<UInt8>, timing: RunTiming, from done: Int) -> Int {
        let count = min(characters.count - done, Self.mostAtOnce)
        let start = rebase(to: timing.dropping(done).start)
        wave.append(characters.extracting(done..<(done + count)), from: start, timing: timing)
        return count
    }

    /// A run is over at `end`: a character in progress needs one more character's time.
    mutating func expectRest(behind end: Instant) {
        deadline = wave.isEmpty ? nil : end.advanced(by: restOfCharacter)
    }

    /// What a character in progress needs at most.
    var restOfCharacter: Duration { .nanoseconds(clock.rate.characterPicoseconds / 1000 + 1) }

    /// Completes the character in progress, if `now` is its deadline or later.
    package mutating func settle(at now: Instant, into arrived: inout [UInt8]) -> Reception {
        var reception = Reception()
        guard let deadline, now >= deadline else { return reception }
        ticks.sample(&wave, isOver: true, into: &arrived, &reception)
        self.deadline = nil
        return reception
    }

    /// Whether all of a run arrives as it is; its time has then passed.
    package mutating func letPass(_ count: Int, _ timing: RunTiming) -> Bool {
        guard copiesCleanRuns, count > 0, wave.isEmpty, isClean(timing.rate) else { return false }
        let start = rebase(to: timing.start)
        guard ticks.seesEdge(at: start), let end = wave.skip(count, from: start, timing: timing) else { return false }
        ticks.skip(until: end)
        return true
    }

    private static let mostAtOnce = 1024

    /// Lets the wave's time begin at `start`, or where the wire is free. - Returns: the run's start in that time.
    private mutating func rebase(to start: Instant) -> Int64 {
        let (shift, overflow) = (start.nanoseconds - origin.nanoseconds).multipliedReportingOverflow(
            by: Wave.perNanosecond)
        if overflow || shift > 1 << 60 {
            wave = Wave()
            ticks = Ticks(clock)
        } else {
            wave.shift(by: shift)
            ticks.shift(by: shift)
        }
        origin = start
        ticks.align(to: origin)
        return max(0, wave.end)
    }
}

/// A receiver's oversampling clock and what it does at its ticks.
struct Ticks {
    private(set) var tick: Int64 = 1
    private(set) var ticksInBit: Int64 = 1
    /// Some tick. The clock has ticked since the zero of all time, whatever its rate.
    private var grid: Int64 = 0
    /// From this tick on it polls for a start edge.
    var polledAt: Int64 = .min / 2
    var wasLow = false

    init(_ clock: ReceiverClock) {
        set(clock, from: .zero)
    }

    /// Another clock, in a wave's time that begins at `origin`.
    mutating func set(_ clock: ReceiverClock, from origin: Instant) {
        precondition(clock.oversampling >= 4, "fewer than four ticks in a bit find no middle")
        ticksInBit = Int64(clock.oversampling)
        tick = max(1, clock.rate.characterPicoseconds * 64 / (10 * ticksInBit))
        align(to: origin)
    }

    mutating func align(to origin: Instant) {
        grid = -((origin.nanoseconds % tick) * Wave.perNanosecond % tick)
    }

    mutating func shift(by time: Int64) {
        polledAt = max(polledAt - time, .min / 2)
    }

    /// Polls from `time` on, where a character may begin; the line was high before it.
    mutating func skip(until time: Int64) {
        polledAt = time - 1
        wasLow = false
    }

    /// Whether a start edge at `time` is seen, on a line that is idle from the last tick looked at until then: a low
    /// tick so near before it would hide it.
    func seesEdge(at time: Int64) -> Bool {
        polledAt < (wasLow ? time - tick : time)
    }

    /// See `UARTReceiver.isClean`.
    func isClean(bit: Int64) -> Bool {
        for index in 0..<10 {
            let earliest = (ticksInBit / 2 + Int64(index) * ticksInBit) * tick
            guard earliest >= Int64(index) * bit, earliest + tick <= Int64(index + 1) * bit else { return false }
        }
        return true
    }

    /// Takes every sample that the wave determines.
    /// - Parameter isOver: whether the line is idle after the wave, however long; else a character that needs more than
    ///   the wave stays in it.
    mutating func sample(
        _ wave: inout Wave, isOver: Bool, into arrived: inout [UInt8], _ reception: inout UARTReceiver.Reception
    ) {
        let known = isOver ? Int64.max : wave.end
        let characters = wave.characters.waiting
        let wire = characters.span
        var head = 0
        var index = head
        while let edge = wire.fall(after: polledAt, &index) {
            let found = tickFrom(edge)
            let stop = found + (ticksInBit / 2 + 9 * ticksInBit) * tick
            guard stop < known else { return wave.drop(wire.place(after: min(edge, polledAt), from: head)) }
            let before = found - tick
            var cursor = Cursor(wire, at: head)
            let comesFromHigh = before <= polledAt ? !wasLow : cursor.level(wire, at: before) == 1
            let isHigh = cursor.level(wire, at: found) == 1
            if comesFromHigh, !isHigh {
                take(found, &cursor, wire, into: &arrived, &reception)
                head = wire.place(after: polledAt, from: head)
                index = head
            } else {
                wasLow = !isHigh
                polledAt = found
            }
        }
        wave.drop(wire.count)
    }

    /// The first tick that is not before `time`.
    func tickFrom(_ time: Int64) -> Int64 {
        let beyond = (time - grid) % tick
        return beyond > 0 ? time + tick - beyond : time - beyond
    }

    /// A character whose start edge was found at the tick `found`.
    private mutating func take(
        _ found: Int64, _ cursor: inout Cursor, _ wire: Span<Wave.Character>, into arrived: inout [UInt8],
        _ reception: inout UARTReceiver.Reception
    ) {
        var time = found + ticksInBit / 2 * tick
        wasLow = cursor.level(wire, at: time) == 0
        polledAt = time
        guard wasLow else {
            reception.falseStarts += 1
            return
        }
        let bit = ticksInBit * tick
        var sampled: UInt32 = 0
        for position in UInt32(0)..<8 {
            time &+= bit
            sampled |= cursor.level(wire, at: time) &<< position
        }
        let character = UInt8(truncatingIfNeeded: sampled)
        time += bit
        wasLow = cursor.level(wire, at: time) == 0
        polledAt = time
        arrived.append(character)
        reception.count(character, hasLowStop: wasLow)
    }
}
