package import Line
package import Ports

import Trace

/// A machine that plays the chip, joined to a client in real time: the loop that carries bytes.
///
/// ```
/// client → transport → HostToChip: charged time, sampled at the chip's rate → machine
///        ← transport ← ChipToHost: released as it crosses, sampled at the client's rate ←
/// ```
/// Everything on the line, and in the machine behind it, happens on the line's clock; waiting is done on the wall's.
///
/// It runs on the thread that calls `run` and keeps no state anywhere else.
package final class DevicePort<Device: Machine, Port: Transport & ~Copyable, Wall: WallClock> {
    package var device: Device
    /// The wall's clock.
    package let clock: Wall
    private var lineClock: LineClock
    private var terminal: Port
    private var toChip: HostToChip
    private var toHost: ChipToHost
    private let tap: TraceTap?
    /// What may happen on the line; nil where nothing can, and then nothing is asked of it.
    private var line: LineState?
    private let unpluggedAt: Instant?
    /// What an earlier session left in the buffer, for the first client.
    private var stale: [UInt8] = []
    private var hasBeenUnplugged = false
    private var clientBaud: Int?
    private var rateWatch: RateWatch
    /// Called in each turn with the wall's time, for whatever else has to be done at this pace; says when, on the wall's
    /// clock, it wants to be called again even if nothing happens on the line.
    package var housekeeping: (DevicePort, Instant) -> Instant? = { _, _ in nil }

    /// How finely paced characters are handed over: per-character wake-ups would be finer than any USB adapter.
    private static var batch: Duration { .milliseconds(1) }
    /// Bytes that are read before they are lived through, where the client is not held back.
    private static var mostAtOnce: Int { 1 << 16 }
    /// What lies closer together is lived through at once where the clock goes ahead.
    private static var leastStep: Duration { .microseconds(50) }

    /// - Parameter conditions: what lies between client and chip; the default is a perfect line, which costs nothing.
    package init(
        _ device: Device, on terminal: consuming Port, time: TimeMode, clock: Wall, tap: TraceTap?,
        conditions: LineConditions = .perfect
    ) {
        self.device = device
        self.terminal = terminal
        self.clock = clock
        self.tap = tap
        lineClock = time.lineClock
        rateWatch = RateWatch(isOn: time.comparesRates)
        toChip = HostToChip(time)
        toHost = ChipToHost(time)
        line = conditions.state
        unpluggedAt = conditions.unpluggedAt
    }

    /// The port's own name.
    package var path: String { terminal.path }
    /// The name that stays, if one was asked for.
    package var link: String? { terminal.link }
    /// Whether a client has the port open.
    package var isClientThere: Bool { terminal.isOpen }
    /// Characters on their way to the client.
    package var undeliveredByteCount: Int { toHost.undeliveredByteCount }

    /// How often each fault of the line has done something; zero for one that never fired.
    package var faultFirings: [(name: String, count: Int)] { line?.firings ?? [] }

    /// The oldest thing a fault of the line did that has not been asked for.
    package func nextFaultEvent() -> FaultEvent? { line?.nextEvent() }

    /// What the line's clock shows now.
    package var moment: Instant { lineClock.moment(atWall: clock.now) }

    /// One turn. - Returns: when, on the wall's clock, the next one is due even if nothing arrives.
    func turn() throws(PortError) -> Instant? {
        let start = moment
        let rate = BitRate(baud: max(1, clientBaud ?? terminal.clientBaud))
        let room = lineClock.goesAhead ? Self.mostAtOnce : toChip.room(at: start, rate: rate)
        if line != nil { inject(at: start) }
        // Each piece is stamped as it is read, for reading takes time as well. A client that is held back is not read, but
        // its coming and going is followed.
        try terminal.read(atMost: room) { input in accept(input, at: moment) }
        try live(at: moment)
        try goAhead()
        let now = moment
        hasBeenUnplugged = unpluggedAt.map { $0 <= now } ?? false
        if hasBeenUnplugged { line?.pullOut(by: now) }
        let wall = clock.now
        let deadline = [
            nextEvent(after: now, batch: Self.batch).map(lineClock.wall), heldUntil(at: now).map(lineClock.wall),
            unpluggedAt.map(lineClock.wall), rateWatch.deadline(after: wall), housekeeping(self, wall),
        ].compactMap { $0 }.min()
        tap?.settle(at: now, isQuiet: deadline.map { wall.duration(to: $0) > .milliseconds(5) } ?? true)
        return deadline
    }

    /// Everything that is due at a moment of the line's clock.
    private func live(at now: Instant) throws(PortError) {
        if line != nil { inject(at: now) }
        toChip.handOver(to: &device, through: &line, at: now, tap: tap)
        if line != nil { toHost.hear(toChip.takeHeard(), through: &line, at: now) }
        device.advance(to: now)
        try toHost.carry(from: &device, through: &line, to: &terminal, at: now, tap: tap)
    }

    /// Lets the line's clock go ahead where more waits to cross than a real port would have taken (`LineClock`), and lives
    /// through what lies between.
    private func goAhead() throws(PortError) {
        let wall = clock.now
        var now = lineClock.moment(atWall: wall)
        guard var ahead = lineClock.goAhead(waiting: toChip.waitingCount, until: toChip.busyUntil, atWall: wall)
        else { return }
        let start = now
        try live(from: &now, to: start.advanced(by: ahead))
        // The answer to the last byte is due a character behind it, not whenever the bench is woken again.
        let answer = toHost.lastArrival(by: now.advanced(by: Self.batch)) ?? now
        ahead += lineClock.goOn(to: answer, from: now)
        try live(from: &now, to: answer)
        tap?.note(.clockAhead(ahead), at: now)
        lineClock.hasGoneAhead(atWall: clock.now)
    }

    /// Everything that is due up to `end`, each thing at its moment, whole runs at once.
    private func live(from now: inout Instant, to end: Instant) throws(PortError) {
        while now < end {
            let next = nextEvent(after: now, batch: now.duration(to: end)) ?? end
            now = min(end, max(next, now.advanced(by: Self.leastStep)))
            try live(at: now)
        }
    }

    /// When something happens on the line or in the machine.
    private func nextEvent(after now: Instant, batch: Duration) -> Instant? {
        [
            toChip.nextArrival(after: now, batch: batch), toHost.nextRelease(after: now, batch: batch, through: line),
            device.deadline, line?.deadline,
        ].compactMap { $0 }.min()
    }

    /// When the client may be read again; nil when it is not held back.
    private func heldUntil(at now: Instant) -> Instant? {
        lineClock.goesAhead ? nil : toChip.heldUntil(at: now)
    }

    private func accept(_ input: borrowing PortInput, at now: Instant) {
        switch input {
        case .data(let bytes, let baud):
            rateWatch.activity(at: clock.now)
            let rate = BitRate(baud: max(1, baud))
            toChip.accept(bytes, at: now, rate: line?.hostRate(rate) ?? rate)
        case .baud(let baud):
            clientBaud = baud
            tap?.note(.baud(.host, bitsPerSecond: UInt32(clamping: baud)), at: now)
        case .flushed(let isInput, let isOutput):
            if isOutput { toChip.flush(at: now) }
            if isInput { toHost.dropUnread() }
            tap?.note(.flushed(isInput ? (isOutput ? .both : .input) : .output), at: now)
        case .opened:
            // What the client before left on the wire is not the next one's.
            toChip.drop(at: now)
            toHost.put(stale)
            stale.removeAll()
            tap?.note(.portOpened, at: now)
        case .closed:
            toHost.dropUnread()
            clientBaud = nil
            tap?.note(.portClosed, at: now)
        }
    }

    /// What the faults put on the wires by themselves.
    private func inject(at now: Instant) {
        while let injection = line?.inject(at: now) {
            switch (injection.direction, injection.rate) {
            case (.hostToChip, let rate):
                let rate = rate ?? device.receiverClock(at: now).rate
                toChip.inject(injection.characters, rate: rate, to: &device, through: &line, at: now, tap: tap)
            case (.chipToHost, let rate?):
                toHost.inject(injection.characters, timing: RunTiming(start: now, backToBackAt: rate))
            case (.chipToHost, nil): stale += injection.characters
            }
        }
    }
}

extension DevicePort where Wall == MonotonicClock, Port: ~Copyable {
    /// Carries bytes until `shouldStop` says so, or the adapter is pulled out.
    /// - Parameters:
    ///   - others: what else to wait for; `shouldStop` hears when one of them is ready.
    ///   - shouldStop: asked after every turn, with the readiness of `others`.
    /// - Throws: `PortError` when the pseudo-terminal fails.
    @discardableResult
    package func run(
        alsoWaitingFor others: [PollDescriptor], until shouldStop: (DevicePort, [Readiness]) -> Bool
    ) throws(PortError) -> PortEnding {
        minimizeTimerSlack()
        var ready = others.map { _ in Readiness() }
        var wants = (input: true, output: false)
        var descriptors = others + terminal.pollDescriptors(takesInput: true, hasOutput: false)
        while true {
            let deadline = try turn()
            if shouldStop(self, ready) { return .stopped }
            if hasBeenUnplugged { return .unplugged }
            let wanted = (input: heldUntil(at: moment) == nil, output: toHost.hasUnread)
            if wanted != wants {
                wants = wanted
                descriptors = others + terminal.pollDescriptors(takesInput: wants.input, hasOutput: wants.output)
            }
            ready = Array(
                try Readiness.wait(for: descriptors, until: deadline, clock: clock).prefix(others.count))
        }
    }
}

/// Why a port carries no more bytes.
package enum PortEnding: Hashable, Sendable {
    /// It was told to stop.
    case stopped
    /// The line's conditions have the adapter pulled out: whoever owns the port lets go of it.
    case unplugged
}
