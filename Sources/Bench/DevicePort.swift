import Wire
package import Line
package import Ports

/// A machine that plays the chip, joined to a client in real time: the loop that carries bytes.
///
/// ```
/// client → transport → SerialLink → machine
///        ← transport ← SerialLink ←
/// ```
/// Everything on the line, and in the machine at its end, happens on the line's clock; waiting is done on the wall's.
///
/// It runs on the thread that calls `run` and keeps no state anywhere else.
package final class DevicePort<Device: Machine, Port: Transport & ~Copyable, Wall: WallClock> {
    package var device: Device
    /// The wall's clock.
    package let clock: Wall
    var terminal: Port
    private var client = ClientEnd()
    var link: SerialLink<StepTracker>
    let tap: TraceTap?
    /// What somebody learns here; nil for nothing.
    var lesson: BenchLesson?
    /// Whether the adapter has been pulled out: no more is carried.
    private(set) var hasBeenUnplugged = false
    private var clientBaud: Int?
    /// Up to where everything has happened: what fell due since is due at once.
    private var livedUntil = Instant.zero
    private var rateWatch: RateWatch
    private let comparesRates: Bool
    /// Whether the host's characters take their time.
    private let isPaced: Bool
    /// Whether something was done between two turns, so that the next is due now (`intervene`).
    var isDisturbed = false
    /// What the client's port has beside its data, and what the client has asked it for.
    var portState = ClientPortState()
    /// What happened and has not been asked for.
    var log = LineEventLog()
    /// The most by which anything that was due came later, on the wall's clock: how far the bench itself cannot be trusted
    /// with a host's time-outs.
    package private(set) var lateness = Duration.zero
    /// Called in each turn with the wall's time, for whatever else has to be done at this pace; says when, on the
    /// wall's clock, it wants to be called again even if nothing happens on the line.
    package var housekeeping: (DevicePort, Instant) -> Instant? = { _, _ in nil }

    /// Whether the client's adapter is still plugged in, as far as the device knows: a planned cut may pull it out.
    package var isPluggedIn: (Device) -> Bool = { _ in true }

    /// How finely paced characters are handed over: per-character wake-ups would be finer than any USB adapter.
    private static var batch: Duration { .milliseconds(1) }
    /// The same where the clock goes ahead, and what lies closer together is then lived through at once.
    private static var aheadBatch: Duration { .milliseconds(10) }
    private static var leastStep: Duration { .microseconds(50) }
    /// About so many of them are made, however far the clock goes ahead.
    private static var mostSteps: Int { 256 }
    /// Bytes that are read before they are lived through, where the client is not held back.
    private static var mostAtOnce: Int { 1 << 16 }
    /// What an adapter is taken to have off its driver's hands already, when the client flushes: an assumption, two of
    /// full-speed USB's frames. A host that writes its last ACK and flushes at once must not lose it here more often
    /// than on a port (ECR6600 facts §13.4).
    private static var adapterHolds: Duration { .milliseconds(2) }

    /// - Parameter conditions: what lies between client and chip; the default is a perfect line, which costs nothing.
    package init(
        _ device: Device, on terminal: consuming Port, time: TimeMode, clock: Wall, tap: TraceTap?,
        conditions: LineConditions = .perfect
    ) {
        self.device = device
        rateWatch = RateWatch(isOn: time.comparesRates && !terminal.tellsRates)
        self.terminal = terminal
        self.clock = clock
        self.tap = tap
        comparesRates = time.comparesRates
        isPaced = time.hostPacing == .paced
        link = SerialLink(
            conditions, pacing: time.hostPacing, commitment: .whenCrossed, comparesRates: comparesRates,
            clock: time.lineClock)
        link.isHostListening = false
    }

    /// The port's own name.
    package var path: String { terminal.path }
    /// The name that stays, if one was asked for.
    package var portLink: String? { terminal.link }
    /// Whether a client has the port open.
    package var isClientThere: Bool { terminal.isOpen }
    /// Characters on their way to the client.
    package var undeliveredByteCount: Int { link.crossingCount + client.unreadCount }

    /// How many incidents each fault of the line made; zero for one that never did anything.
    package var incidentCounts: [(label: String, count: Int)] { link.incidents }

    /// What onlookers want to know, since the last call: incidents that began, the client's coming and going, its rates,
    /// what nobody took, remarks.
    func takeEvents() -> (events: [LineEvent], untold: LineEventLog.Untold) { log.take() }

    /// When the line's clock will show a moment.
    func wall(at moment: Instant) -> Instant { link.wall(at: moment) }

    /// What the line's clock shows now.
    package var moment: Instant { link.moment(atWall: clock.now) }

    /// One turn. - Returns: when, on the wall's clock, the next one is due even if nothing arrives.
    func turn() throws(PortError) -> Instant? {
        let start = moment
        // A client that is held back is not read, but its coming and going is followed.
        let room = link.room(at: start, rate: clientRate) ?? Self.mostAtOnce
        // Each piece is stamped as it is read, for reading takes time as well.
        try terminal.read(atMost: room) { input in accept(input, at: moment) }
        try live(at: moment)
        try goAhead()
        let now = moment
        let wall = clock.now
        let onLine = [nextEvent(after: livedUntil, batch: Self.batch), link.heldUntil(at: now), link.unpluggedAt]
            .compactMap { $0 }.min()
        let deadline = [
            onLine.map { link.wall(at: $0) }, rateWatch.deadline(after: wall), housekeeping(self, wall),
        ].compactMap { $0 }.min()
        tap?.settle(at: now, isQuiet: deadline.map { wall.duration(to: $0) > .milliseconds(5) } ?? true)
        return deadline
    }

    /// Everything that is due up to a moment of the line's clock, and what the client has asked for in its place.
    func live(at now: Instant) throws(PortError) {
        while let change = portState.takeNext(by: now) {
            try carry(by: change.due)
            carryOut(change)
        }
        try carry(by: now)
    }

    /// What ends and wires do by a moment.
    private func carry(by now: Instant) throws(PortError) {
        livedUntil = now
        guard isPluggedIn(device) else { return }
        var listener = BenchListener(tap: tap, lesson: lesson, log: log)
        defer { log = listener.log }
        if comparesRates { client.baud = terminal.clientBaud }
        link.isHostListening = terminal.isOpen
        link.carryToChip(by: now, from: client, to: &device, &listener)
        device.advance(to: now)
        while link.takeFromChip(&device, &listener) {
            // A chip that sends without end is emptied as it goes.
            if link.crossingCount > ClientEnd.mostUnread {
                link.deliver(by: now, to: &client, device: &device, &listener)
            }
        }
        link.deliver(by: now, to: &client, device: &device, &listener)
        let lost = client.takeLost()
        if lost > 0 { listener.happened(LineEvent(now, .untaken(.chipToHost, count: lost, .unread))) }
        if let unpluggedAt = link.unpluggedAt, unpluggedAt <= now {
            hasBeenUnplugged = true
            link.pullOut(by: now, &listener)
        }
        if !isPluggedIn(device) { hasBeenUnplugged = true }
        try client.handOver(to: &terminal)
    }

    /// Lets the line's clock go ahead where more waits to cross than a real port would have taken, and lives through
    /// what lies between.
    private func goAhead() throws(PortError) {
        guard let ahead = link.goAhead(atWall: clock.now) else { return }
        var now = ahead.lowerBound
        try live(from: &now, to: ahead.upperBound)
        try live(from: &now, to: link.goOn(from: now, within: Self.batch))
        happened(LineEvent(now, .clockAhead(ahead.lowerBound.duration(to: now))))
        link.hasGoneAhead(atWall: clock.now)
    }

    /// Everything that is due up to `end`, each thing at its moment.
    private func live(from now: inout Instant, to end: Instant) throws(PortError) {
        let batch = max(Self.aheadBatch, now.duration(to: end) / Self.mostSteps)
        while now < end {
            let next = nextEvent(after: now, batch: batch) ?? end
            now = min(end, max(next, now.advanced(by: Self.leastStep)))
            try live(at: now)
        }
    }

    /// When something happens on the line or in the machine.
    private func nextEvent(after now: Instant, batch: Duration) -> Instant? {
        [link.nextEvent(after: now, batch: batch), device.deadline, portState.nextDue].compactMap { $0 }.min()
    }

    // MARK: The client

    private func accept(_ input: borrowing PortInput, at now: Instant) {
        rateWatch.activity(at: clock.now)
        switch input {
        case .data(let bytes, let baud):
            let rate = BitRate(baud: max(1, baud))
            guard isPaced || portState.nextDue == nil else { return portState.add(bytes, rate, at: now) }
            link.write(bytes, at: now, rate: rate)
        case .baud(let baud):
            clientBaud = baud
            happened(LineEvent(now, .baud(.host, baud)))
        case .flushed(let isInput, let isOutput): flush(isInput ? (isOutput ? .both : .input) : .output, at: now)
        case .controlLines(let lines): setLines(lines, at: now)
        case .breakSent: sendBreak(at: now)
        case .mode(let mode):
            if let complaint = mode.complaint { happened(LineEvent(now, .remark(complaint))) }
        case .remark(let text): happened(LineEvent(now, .remark(text)))
        case .request(let request, let asker, let baud):
            if let baud { clientBaud = baud }
            portState.add(request, from: asker, baud: baud, at: now, behind: link.busyUntil)
        case .opened:
            // What the client before left to be done, or on the wire, is not the next one's.
            let left = portState.hasten(at: now)
            tellUntaken(.hostToChip, left + takeBack(at: now, held: nil), .takenBack, at: now)
            happened(LineEvent(now, .portOpened))
            // Now, and not with the turn: the client may throw it away next.
            var listener = BenchListener(tap: tap, lesson: lesson, log: log)
            link.isHostListening = true
            link.giveStaleBytes(at: now, to: &client, &listener)
            log = listener.log
        case .closed:
            tellUntaken(.chipToHost, client.dropUnread(), .unreadAtClose, at: now)
            clientBaud = nil
            happened(LineEvent(now, .portClosed))
            portState.addHangUp(at: now, behind: link.busyUntil)
        }
    }

    /// The client throws away what lies in its port's queues.
    func flush(_ queues: Queues, at now: Instant) {
        if queues != .input {
            tellUntaken(.hostToChip, takeBack(at: now, held: Self.adapterHolds), .takenBack, at: now)
            // What is written from now on must not overtake it.
            portState.bringForward(to: link.busyUntil)
        }
        if queues != .output { tellUntaken(.chipToHost, client.dropUnread(), .thrownAway, at: now) }
        happened(LineEvent(now, .flushed(queues)))
    }

    /// - Parameter held: what of it is out of the client's reach; nil for nothing.
    private func takeBack(at now: Instant, held: Duration?) -> Int {
        link.takeBack(at: now, leaving: held.map { now.advanced(by: $0) } ?? Instant(nanoseconds: .min))
    }

    private func tellUntaken(_ direction: Direction, _ count: Int, _ why: LineEvent.Untaken, at now: Instant) {
        if count > 0 { happened(LineEvent(now, .untaken(direction, count: count, why))) }
    }

    /// At which the client writes now.
    private var clientRate: BitRate { BitRate(baud: max(1, clientBaud ?? terminal.clientBaud)) }
}

extension DevicePort where Wall == MonotonicClock, Port: ~Copyable {
    /// Carries bytes until `shouldStop` says so, or the adapter is pulled out.
    /// - Parameters:
    ///   - others: what else to wait for; `shouldStop` is called when one of them is ready.
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
        var due: Instant?
        while true {
            let (wasDue, lead) = (due.map { $0 <= clock.now } ?? false, lead)
            var deadline = try turn()
            // Where the clock has gone ahead, what came of it is early and not late.
            if wasDue, let due, lead == self.lead { lateness = max(lateness, due.duration(to: clock.now)) }
            due = deadline
            if shouldStop(self, ready) { return .stopped }
            if hasBeenUnplugged { return .unplugged }
            if takeDisturbance() { deadline = clock.now }
            let wanted = (input: link.heldUntil(at: moment) == nil, output: client.hasUnread)
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
    /// It was asked to stop.
    case stopped
    /// The line's conditions have the adapter pulled out: the port's owner lets go of it.
    case unplugged
}
