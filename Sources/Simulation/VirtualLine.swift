import Wire
package import Line

/// A host and a chip joined by a line in virtual time: there is no waiting, and the same machines always do the same.
package struct VirtualLine<Host: Machine, Device: Machine>: ~Copyable {
    package var host: Host
    package var device: Device
    /// The line's time.
    package private(set) var now = Instant.zero
    private var link: SerialLink<StepTracker>
    private var spare: [UInt8] = []
    /// What the host's port was set to when it was last looked at; as every host begins (ECR6600 facts §1.3).
    private var hostBaud = 115_200
    /// The listener; nil for none, which costs nothing.
    package var tap: LineTap?

    /// - Parameter conditions: what lies between the two; the default is a perfect line, which costs nothing.
    package init(
        host: Host, device: Device, pacing: HostWire.Pacing = .paced, conditions: LineConditions = .perfect
    ) {
        self.host = host
        self.device = device
        link = SerialLink(conditions, pacing: pacing, commitment: .whenWritten)
    }

    /// The same line at the same moment, from which the two go their own ways: machines are values.
    package borrowing func fork() -> VirtualLine { VirtualLine(forking: self) }

    private init(forking other: borrowing VirtualLine) {
        (host, device, now) = (other.host, other.device, other.now)
        link = other.link.fork()
        (hostBaud, tap) = (other.hostBaud, other.tap)
    }

    /// Lets time pass until `isDone` says so, nothing is left to wait for, or `limit` has come.
    /// - Returns: whether `isDone` said so.
    @discardableResult
    package mutating func run(until limit: Instant, isDone: (inout VirtualLine) -> Bool = { _ in false }) -> Bool {
        while true {
            turn()
            if isDone(&self) { return true }
            guard let next = nextEvent, next <= limit else {
                now = max(now, limit)
                turn()
                return isDone(&self)
            }
            now = max(now, next)
        }
    }

    /// How many incidents each fault of the line made; zero for one that never did anything.
    package var incidents: [(label: String, count: Int)] { link.incidents }

    /// The host has lost its port: a fault that pulled the adapter out by now has done something.
    package mutating func pullOut() { link.pullOut(by: now, &tap) }

    /// From now on something else lies between the ends (`SerialLink.rewire`).
    package mutating func rewire(_ conditions: LineConditions) { link.rewire(conditions, at: now) }

    /// The host opens its port or closes it: what comes to a closed one is lost. It is open at first.
    package mutating func setHostListening(_ isOpen: Bool) {
        guard link.isHostListening != isOpen else { return }
        link.isHostListening = isOpen
        tap?.happened(LineEvent(now, isOpen ? .portOpened : .portClosed))
    }

    /// The host's port now asserts these control lines. A host that has none never does.
    package mutating func setHostLines(_ lines: ControlLines) { link.setLines(lines, at: now, of: &device, &tap) }

    /// Both ends at this moment, until neither has anything more to say now.
    private mutating func turn() {
        repeat {
            link.deliver(by: now, to: &host, device: &device, &tap)
            host.advance(to: now)
            noteHostBaud()
            device.advance(to: now)
        } while carry()
    }

    private mutating func noteHostBaud() {
        let baud = host.receiverClock(at: now).rate.baud
        guard baud != hostBaud else { return }
        hostBaud = baud
        tap?.happened(LineEvent(now, .baud(.host, baud)))
    }

    /// One run, the host's first. - Returns: whether there was one.
    private mutating func carry() -> Bool {
        var run: [UInt8] = []
        swap(&run, &spare)
        defer {
            run.removeAll(keepingCapacity: true)
            swap(&run, &spare)
        }
        guard let sent = host.transmit(into: &run) else { return link.takeFromChip(&device, &tap) }
        link.write(run.span, at: max(now, sent.start), rate: sent.rate)
        link.carryToChip(by: now, from: host, to: &device, &tap)
        return true
    }

    /// When something happens next.
    private var nextEvent: Instant? {
        var next = link.nextEvent(after: now, batch: nil)
        func consider(_ deadline: Instant?) {
            guard let deadline, deadline > now else { return }
            next = next.map { min($0, deadline) } ?? deadline
        }
        consider(host.deadline)
        consider(device.deadline)
        consider(link.unpluggedAt)
        return next
    }
}
