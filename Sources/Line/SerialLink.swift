/// Everything between a host's connector and a chip's: the time that characters take, the faults, the levels and
/// receivers, an adapter's packets. There is one of it, whatever drives it.
///
/// ```
/// host ─▶ pace ─▶ faults ─▶ the chip's receiver ─────────────▶ chip
///      ◀─ packets ◀─ the host's receiver ◀─ faults ◀─ as sent ◀─
/// ```
/// It cannot be copied; its owner uses it in place. It has no I/O and reads no clock. A driver tells it what the host
/// wrote (`write`), and at each moment that it asks for lets it carry to the chip (`carryToChip`), take what the chip
/// sends (`takeFromChip`) and bring the host what has come (`deliver`). What happened goes to a `LineListener`.
package struct SerialLink<Follower: StepFollower>: Sendable, ~Copyable {
    /// When the host's characters are committed: handed to the faults and then to the chip.
    package enum Commitment: Hashable, Sendable {
        /// As they are written, though most of a run may cross later: in virtual time they are never taken back.
        case whenWritten
        /// As they cross: until then the host's port may throw them away.
        case whenCrossed
    }

    /// The line's own; see `moment(atWall:)`.
    var clock: LineClock
    let commitment: Commitment
    /// Whether characters that are sent at one rate and sampled at another become others.
    let comparesRates: Bool
    var wire: HostWire
    var wiring: Wiring?
    var faults: FaultChain
    /// Knows the steps that faults are aimed at.
    private var follower = Follower()
    private var restarts = 0

    /// What the host has written and what has not been committed.
    var written = RunQueue()
    /// What the chip has sent and what has not crossed yet.
    var crossing = RunQueue()
    /// What the host receives of its own characters where no ground joins the ends.
    var echoes = RunQueue()
    /// What an earlier session left in the port's buffer, by the fault that has left it.
    var stale: [(label: String, characters: [UInt8])] = []

    var chipReceiver = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))
    var hostReceiver = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))
    /// The host's receiver, for its own characters.
    var ownReceiver = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))

    /// Characters that each sender has put on its wire.
    package var sent = Pair(0)
    /// What of the host's characters has come to the chip's end, or will never: all but what a fault holds back.
    var metByChip = 0
    /// Characters that the host's end has received.
    package var received = 0
    /// When the last of them came.
    var receivedUntil = Instant.zero
    /// Differences of what is on its way to the host, until they can be reported at its own offsets.
    var wireDifferences = WireDifferences()

    /// How often it was rewired.
    var rewirings: UInt64 = 0
    /// Looks at the inputs for somebody who watches; nil where nobody does.
    package var scope: LineScope?

    /// Whether the host's port is open; what comes to a closed one is lost.
    package var isHostListening = true

    var buffers = SpareBuffers()

    /// - Parameters:
    ///   - conditions: the default is a perfect line, which costs nothing.
    ///   - comparesRates: false where time does not pass.
    ///   - clock: whether it may leave the wall's.
    package init(
        _ conditions: LineConditions = .perfect, pacing: HostWire.Pacing = .paced, commitment: Commitment,
        comparesRates: Bool = true, clock: LineClock = LineClock(goesAhead: false)
    ) {
        self.clock = clock
        self.commitment = commitment
        self.comparesRates = comparesRates
        wire = HostWire(pacing: pacing)
        var generator = SplitMix64(seed: conditions.seed)
        let wiring = Wiring(conditions, seeds: &generator)
        self.wiring = conditions.hasLevels ? wiring : nil
        faults = FaultChain(conditions.faults, seeds: &generator)
        unpluggedAt = faults.unpluggedAt
    }

    /// The same line at the same moment, from which the two go their own ways.
    package borrowing func fork() -> SerialLink { SerialLink(forking: self) }

    private init(forking other: borrowing SerialLink) {
        (clock, commitment, comparesRates) = (other.clock, other.commitment, other.comparesRates)
        (wire, wiring, faults) = (other.wire, other.wiring, other.faults)
        (follower, restarts) = (other.follower, other.restarts)
        (written, crossing, echoes, stale) = (other.written, other.crossing, other.echoes, other.stale)
        (chipReceiver, hostReceiver, ownReceiver) = (other.chipReceiver, other.hostReceiver, other.ownReceiver)
        (sent, metByChip, received, receivedUntil) = (other.sent, other.metByChip, other.received, other.receivedUntil)
        (wireDifferences, isHostListening) = (other.wireDifferences, other.isHostListening)
        (scope, rewirings) = (other.scope, other.rewirings)
        buffers = SpareBuffers()
        unpluggedAt = other.unpluggedAt
    }

    /// When the adapter is unplugged; nil for never.
    package let unpluggedAt: Instant?

    /// How many incidents each fault of the line made, in the order of the conditions. Zero: it never did anything.
    package var incidents: [(label: String, count: Int)] { faults.incidents }

    /// The adapter has been pulled out by `moment`.
    package mutating func pullOut(by moment: Instant, _ listener: inout some LineListener) {
        faults.pullOut(by: moment, sent: sent, &listener)
    }

    // MARK: What comes next

    /// When something happens on the line, after `now`.
    /// - Parameter batch: how much time characters may be gathered for; nil for whole runs.
    package func nextEvent(after now: Instant, batch: Duration?) -> Instant? {
        var next: Instant?
        func consider(_ moment: Instant?) {
            guard let moment, moment > now else { return }
            next = next.map { min($0, moment) } ?? moment
        }
        if commitment == .whenCrossed { consider(Self.arrival(of: written.first, after: now, batch)) }
        consider(Self.arrival(of: crossing.first, after: now, batch))
        consider(Self.arrival(of: echoes.first, after: now, batch))
        consider(faults.deadline)
        consider(wiring?.packets?.deadline)
        consider(chipReceiver.deadline)
        consider(hostReceiver.deadline)
        consider(ownReceiver.deadline)
        return next
    }

    private static func arrival(
        of run: (count: Int, timing: RunTiming)?, after now: Instant, _ batch: Duration?
    ) -> Instant? {
        guard let (count, timing) = run else { return nil }
        let end = timing.end(of: count)
        guard let batch else { return end }
        return min(end, max(now.advanced(by: batch), timing.end(of: 1)))
    }

    // MARK: Steps

    /// What a run consists of, where some fault wants to know.
    /// - Parameter restarts: how often the chip has restarted.
    mutating func stepsOf(_ run: Span<UInt8>, _ direction: Direction, restarts: Int) -> [StepStretch] {
        guard faults.watchesSteps else { return [] }
        if restarts != self.restarts {
            self.restarts = restarts
            follower.restart()
        }
        var steps: [StepStretch] = []
        follower.follow(run, direction, into: &steps)
        return steps
    }

    // MARK: Looking

    /// What an oscilloscope shows of a run that is about to be sampled; where no level matters, those of a good line.
    mutating func look(at run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction, by receiver: UARTReceiver) {
        guard scope != nil else { return }
        let levels = wiring?.levels(direction) ?? InputLevels(driver: .ecr6600(), input: .ecr6600(), seed: 1)
        scope?.look(at: run, timing, direction, through: levels, by: receiver)
    }

    // MARK: Rates

    func chipClock(_ clock: ReceiverClock) -> ReceiverClock {
        faults.isEmpty ? clock : ReceiverClock(rate: faults.chipRate(clock.rate), oversampling: clock.oversampling)
    }

    mutating func hostClock(_ clock: ReceiverClock) -> ReceiverClock {
        wiring?.hostClock(clock) ?? clock
    }

    /// Why a receiver made something else of a run.
    func cause(sent: BitRate, _ receiver: UARTReceiver, at moment: Instant) -> LineDifference.Cause {
        guard receiver.isClean(sent) else { return .rate(sent: sent.baud, sampled: receiver.clock.rate.baud) }
        return wiring?.levelCause(at: moment) ?? .rate(sent: sent.baud, sampled: receiver.clock.rate.baud)
    }
}

/// Arrays that are used again for their room, so that a run costs no allocation.
struct SpareBuffers: Sendable {
    private var spares: [[UInt8]] = []

    /// An empty one.
    mutating func take() -> [UInt8] {
        spares.popLast() ?? []
    }

    /// Takes it back, and leaves an empty one without room: shared, it would be given new room here.
    mutating func give(_ buffer: inout [UInt8]) {
        guard spares.count < 8 else { return }
        buffer.removeAll(keepingCapacity: true)
        spares.append(buffer)
        buffer = []
    }
}
