/// What a UART's receiver makes of a wire: it polls for a start edge on its own oversampling clock, samples the middle of
/// ten bits, and gives what it saw.
///
/// ```
/// sender's bits     ──┐start┌─d0──┬─d1──┬ … ─d7──┬─stop─────
/// receiver's ticks    ·|·····|·····|              n to a bit; the edge is found at the first tick that is low
/// samples               ×     ×     ×             n/2 ticks after it, then every n ticks
/// ```
/// After the stop sample it polls again: a start edge is a low tick behind a high one. A low stop bit is a framing error;
/// the character is kept. Whether the chip's UART resynchronises so is not known; many do.
///
/// Where the rates are so close that no sample can fall into a wrong bit, runs are copied whole; elsewhere every sample
/// is taken. The result depends on the wire alone, never on how it was cut into runs.
package struct UARTReceiver: Sendable {
    /// What became of the wire beside its characters.
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
        didSet { if clock != oldValue { ticks.set(clock) } }
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
        guard arrived != sent || reception != Reception() else { return nil }
        run = arrived
        timing.spacing = timing.spacing * Int64(sent.count) / Int64(max(1, arrived.count))
        return reception
    }

    /// Takes a run off the wire and appends what arrives. Runs come in the order of their starts; characters that are
    /// not paced, or squeezed together, are sampled as if they had come back to back.
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
        guard ticks.polledAt < rebase(to: timing.start) else { return false }
        let last = rebase(to: timing.dropping(count - 1).start)
        ticks.skip(until: wave.skip(1, from: last, timing: timing))
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
        return max(0, wave.end)
    }
}

/// The characters on a wire that a receiver has not looked at to their end.
struct Wave {
    static let perNanosecond: Int64 = 64_000

    struct Character {
        /// Bit `b` begins at `start + b * bit`.
        var start: Int64
        var bit: Int64
        /// From the lowest: the idle line, the start bit, eight data bits, and ones for the stop bit and what follows.
        var levels: UInt32

        init(_ byte: UInt8, start: Int64, bit: Int64) {
            self.start = start
            self.bit = bit
            levels = UInt32(byte) << 2 | ~0x3FE
        }

        /// Its first falling edge after `time`.
        func fall(after time: Int64) -> Int64? {
            let falls = levels & ~(levels >> 1) & 0x1FF
            let first = time < start ? 0 : (time - start) / bit + 1
            guard first < 10 else { return nil }
            let left = falls >> UInt32(truncatingIfNeeded: first)
            return left == 0 ? nil : start + (first + Int64(left.trailingZeroBitCount)) * bit
        }
    }

    private(set) var characters: [Character] = []
    private(set) var head = 0
    /// When the wire is free.
    private(set) var end: Int64 = .min / 2

    var isEmpty: Bool { head == characters.count }

    static func bit(of rate: BitRate) -> Int64 { rate.characterPicoseconds * 64 / 10 }

    mutating func append(_ bytes: Span<UInt8>, from start: Int64, timing: RunTiming) {
        characters.removeFirst(head)
        head = 0
        let bit = Self.bit(of: timing.rate)
        let pitch = Self.pitch(timing)
        var position = start
        for index in bytes.indices {
            characters.append(Character(bytes[index], start: position, bit: bit))
            position += pitch
        }
        end = position
    }

    /// Lets `count` characters pass that need no look. - Returns: when the wire is free.
    mutating func skip(_ count: Int, from start: Int64, timing: RunTiming) -> Int64 {
        end = start + Int64(count) * Self.pitch(timing)
        return end
    }

    mutating func shift(by time: Int64) {
        for index in head..<characters.count { characters[index].start -= time }
        end = max(end - time, .min / 2)
    }

    /// From start to start: never less than ten bits, however the run was squeezed.
    private static func pitch(_ timing: RunTiming) -> Int64 {
        max(timing.spacing, timing.rate.characterPicoseconds) * 64
    }

    /// Lets go of the first characters.
    mutating func drop(before index: Int) {
        head = index
    }
}

/// A look at the wire that only goes forward: additions and comparisons, no division for a sample.
struct Cursor {
    private var index: Int
    /// The bit it stands in: 0 before the character, 1 for its start bit, 11 behind it.
    private var bit: UInt32 = 0
    /// When that bit ends.
    private var until: Int64

    init(_ wire: Span<Wave.Character>, at index: Int) {
        self.index = index
        until = wire[index].start
    }

    /// The level at a time that is not before the last: 1 or 0.
    mutating func level(_ wire: Span<Wave.Character>, at time: Int64) -> UInt32 {
        while index + 1 < wire.count, wire[index + 1].start <= time { self = Cursor(wire, at: index + 1) }
        let character = wire[index]
        while time >= until, bit < 11 {
            bit &+= 1
            until &+= character.bit
        }
        return character.levels &>> bit & 1
    }
}

/// The wire as a receiver looks at it.
extension Span<Wave.Character> {
    /// The first falling edge after `time`.
    func fall(after time: Int64, _ index: inout Int) -> Int64? {
        while index < count {
            if let edge = self[index].fall(after: time) { return edge }
            index += 1
        }
        return nil
    }

    /// The first character, from `index` on, that does not end by `time`.
    func place(after time: Int64, from index: Int) -> Int {
        var index = index
        while index < count, self[index].start + 10 * self[index].bit <= time { index += 1 }
        return index
    }
}

/// A receiver's oversampling clock and what it does at its ticks.
struct Ticks {
    private(set) var tick: Int64 = 1
    private(set) var ticksInBit: Int64 = 1
    /// Some tick.
    private var grid: Int64 = 0
    /// From this tick on it polls for a start edge.
    var polledAt: Int64 = .min / 2
    var wasLow = false

    init(_ clock: ReceiverClock) {
        set(clock)
    }

    mutating func set(_ clock: ReceiverClock) {
        precondition(clock.oversampling >= 4, "fewer than four ticks in a bit find no middle")
        ticksInBit = Int64(clock.oversampling)
        tick = max(1, clock.rate.characterPicoseconds * 64 / (10 * ticksInBit))
    }

    mutating func shift(by time: Int64) {
        grid = (grid - time) % tick
        polledAt = max(polledAt - time, .min / 2)
    }

    /// Polls from `time` on, where a character may begin; the line was high before it.
    mutating func skip(until time: Int64) {
        polledAt = time - 1
        wasLow = false
    }

    /// See `UARTReceiver.isClean`.
    func isClean(bit: Int64) -> Bool {
        for index in 0..<10 {
            let earliest = (ticksInBit / 2 + Int64(index) * ticksInBit) * tick
            guard earliest >= Int64(index) * bit, earliest + tick <= Int64(index + 1) * bit else { return false }
        }
        return true
    }

    /// Takes every sample that the wave decides.
    /// - Parameter isOver: whether the line is idle behind the wave, however long; else a character that needs more than
    ///   the wave stays in it.
    mutating func sample(
        _ wave: inout Wave, isOver: Bool, into arrived: inout [UInt8], _ reception: inout UARTReceiver.Reception
    ) {
        let known = isOver ? Int64.max : wave.end
        let characters = wave.characters
        let wire = characters.span
        var head = wave.head
        var index = head
        while let edge = wire.fall(after: polledAt, &index) {
            let found = tickFrom(edge)
            let stop = found + (ticksInBit / 2 + 9 * ticksInBit) * tick
            guard stop < known else { return wave.drop(before: wire.place(after: min(edge, polledAt), from: head)) }
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
        wave.drop(before: wire.count)
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
