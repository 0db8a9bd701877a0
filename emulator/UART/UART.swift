import Line

/// The chip's UART0: a receive FIFO that overruns when it is not read, a transmitter that takes its time.
///
/// Characters wait in `arriving` until their time has come. A read finds in the FIFO what came before, at most as much
/// as it holds; the rest is lost, as on the chip (ECR6600 facts §10, last line).
struct UART {
    /// Characters that the receive FIFO holds: 32 as the SDK has it, 16 as a stub's header says (facts §1.3).
    let fifoDepth: Int
    /// Whether characters take their time on the wire.
    let isPaced: Bool

    private var arriving = RunQueue()
    private var fifo: [UInt8] = []
    private(set) var clearedUntil = Instant(nanoseconds: .min)
    /// Characters that the last reset of the FIFO threw away.
    private var cleared = 0
    /// Characters lost in overruns since the last `takeOverruns`.
    private var overruns = 0

    private(set) var leaving = RunQueue()
    private var transmitterBusyUntil = Instant.zero
    private var divisor = BaudDivisor.boot
    private var coming: [(from: Instant, divisor: BaudDivisor)] = []
    /// Whether nothing arrives any more.
    private var isLineLost = false

    init(fifoDepth: Int, isPaced: Bool) {
        self.fifoDepth = fifoDepth
        self.isPaced = isPaced
        fifo.reserveCapacity(fifoDepth)
    }

    // MARK: Rate

    /// The divisor at a moment, which may lie ahead of what has been switched so far.
    func divisor(at moment: Instant) -> BaudDivisor {
        coming.last { $0.from <= moment }?.divisor ?? divisor
    }

    /// Switches the divisor at a moment; moments come in order.
    mutating func setDivisor(_ new: BaudDivisor, from moment: Instant) {
        // A loader may switch twice before the driver's time has come to the first: both must still be told apart.
        if coming.count == Self.mostSwitches { divisor = coming.removeFirst().divisor }
        coming.append((moment, new))
    }
    private static let mostSwitches = 4

    // MARK: Receiving

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        guard !isLineLost else { return }
        arriving.append(characters, timing: timing)
    }

    /// When the next character can be read; `now` when one is in the FIFO already.
    func nextCharacter(now: Instant) -> Instant? {
        guard fifo.isEmpty else { return now }
        return arriving.first.map { max(now, $0.timing.end(of: 1)) }
    }

    /// Empties the FIFO at a moment: everything that arrived before is gone.
    mutating func clear(at moment: Instant) {
        clearedUntil = max(clearedUntil, moment)
        settle(at: moment)
    }

    /// Moves what arrived before `moment` into the FIFO, as happens while the processor looks elsewhere. What arrives
    /// at that very moment is still there to be read as it comes.
    mutating func settle(at moment: Instant) {
        if clearedUntil >= moment { emptyFIFO() }
        while let (count, timing) = arriving.first {
            let cleared = timing.arrived(before: clearedUntil, of: count)
            if cleared > 0 {
                emptyFIFO()
                arriving.drop(cleared)
                // What the FIFO could not hold until it was reset had overrun it before.
                let held = min(cleared, max(0, fifoDepth - self.cleared))
                self.cleared += held
                overruns += cleared - held
                continue
            }
            let arrived = timing.arrived(before: moment, of: count)
            guard arrived > 0 else { return }
            let room = min(arrived, fifoDepth - fifo.count)
            if room > 0 { arriving.take(room, into: &fifo) }
            if arrived > room {
                arriving.drop(arrived - room)
                overruns += arrived - room
            }
        }
    }

    private mutating func emptyFIFO() {
        cleared += fifo.count
        fifo.removeAll(keepingCapacity: true)
    }

    /// Takes up to `limit` characters that have arrived by `horizon`, of one run, reading as fast as they come.
    /// - Parameter now: the processor's time; afterwards the arrival of the last character taken.
    /// - Returns: how many were appended.
    mutating func take(_ limit: Int, now: inout Instant, horizon: Instant, into destination: inout [UInt8]) -> Int {
        settle(at: now)
        if !fifo.isEmpty {
            let count = min(limit, fifo.count)
            destination.append(contentsOf: fifo.prefix(count))
            fifo.removeFirst(count)
            return count
        }
        guard let (count, timing) = arriving.first else { return 0 }
        let taken = min(limit, timing.arrived(by: horizon, of: count))
        guard taken > 0 else { return 0 }
        now = max(now, timing.end(of: taken))
        arriving.take(taken, into: &destination)
        return taken
    }

    /// The same for a single character.
    mutating func takeOne(now: inout Instant, horizon: Instant) -> UInt8? {
        settle(at: now)
        if !fifo.isEmpty { return fifo.removeFirst() }
        guard let (count, timing) = arriving.first, timing.arrived(by: horizon, of: count) > 0 else { return nil }
        now = max(now, timing.end(of: 1))
        return arriving.takeFirst()
    }

    /// What has not arrived by `moment` never will.
    mutating func loseLine(at moment: Instant) {
        isLineLost = true
        var arrived = RunQueue()
        while let (count, timing) = arriving.first {
            let whole = timing.arrived(by: moment, of: count)
            guard whole > 0 else { break }
            var run: [UInt8] = []
            arriving.take(whole, into: &run)
            arrived.append(run.span, timing: timing)
            if whole < count { break }
        }
        arriving = arrived
    }

    /// Throws away what has arrived by `moment`, as a chip without power does. - Returns: how many characters.
    mutating func discard(until moment: Instant) -> Int {
        var count = 0
        while let (held, timing) = arriving.first {
            let arrived = timing.arrived(by: moment, of: held)
            guard arrived > 0 else { break }
            arriving.drop(arrived)
            count += arrived
        }
        return count
    }

    /// Characters that the FIFO's resets threw away since the last call, once the last reset's moment has come.
    mutating func takeCleared(by moment: Instant) -> Int {
        guard cleared > 0, clearedUntil <= moment else { return 0 }
        defer { cleared = 0 }
        return cleared
    }

    mutating func takeOverruns() -> Int {
        defer { overruns = 0 }
        return overruns
    }

    // MARK: Transmitting

    /// Sends at `now`, or when what was sent before has left.
    /// - Returns: when they leave, and when the processor is free again: the transmit FIFO takes the last characters
    /// off   its hands.
    mutating func send(_ characters: Span<UInt8>, at now: Instant) -> (timing: RunTiming, isFreeAt: Instant) {
        let start = max(now, transmitterBusyUntil)
        let rate = divisor(at: now).rate
        let timing = isPaced ? RunTiming(start: start, backToBackAt: rate) : RunTiming(start: start, unpacedAt: rate)
        leaving.append(characters, timing: timing)
        transmitterBusyUntil = timing.end(of: characters.count)
        // It is free once no more than a FIFO full is left to send.
        let queued = fifoDepth * Int(timing.spacing) / 1000
        let isFreeAt = max(now, Instant(nanoseconds: transmitterBusyUntil.nanoseconds - Int64(queued)))
        return (timing, isFreeAt)
    }

    /// Hands over `count` characters of the next run that leaves.
    mutating func transmit(_ count: Int, into characters: inout [UInt8]) -> RunTiming? {
        guard let timing = leaving.first?.timing else { return nil }
        leaving.take(count, into: &characters)
        return timing
    }

    // MARK: Power

    /// What losing power at `moment` does to it: nothing is kept, and what has not left by then never does. What is
    /// still on the wire goes on arriving.
    mutating func reset(at moment: Instant) {
        fifo.removeAll(keepingCapacity: true)
        stopTransmitting(at: moment)
        coming.removeAll()
        divisor = .boot
        transmitterBusyUntil = moment
        clearedUntil = Instant(nanoseconds: .min)
        cleared = 0
        overruns = 0
    }

    /// A character that is cut short is none; what has left and was not handed over yet stays.
    private mutating func stopTransmitting(at moment: Instant) {
        var left = RunQueue()
        while let (count, timing) = leaving.first {
            let gone = timing.arrived(by: moment, of: count)
            guard gone > 0 else { break }
            var run: [UInt8] = []
            leaving.take(gone, into: &run)
            left.append(run.span, timing: timing)
            if gone < count { break }
        }
        leaving = left
    }
}
