package import Line

/// A host and a chip joined by a line in virtual time: nobody waits, and the same machines always do the same.
///
/// ```
/// host → HostWire (its time on the wire) → the chip's receiver samples → chip
///      ← the host's receiver samples     ← released as it crosses      ←
/// ```
package struct VirtualLine<Host: Machine, Device: Machine> {
    package var host: Host
    package var device: Device
    /// The line's time.
    package private(set) var now = Instant.zero
    private var wire: HostWire
    private var crossing = RunQueue()
    private var deviceReceiver: UARTReceiver
    private var hostReceiver: UARTReceiver

    package init(host: Host, device: Device, pacing: HostWire.Pacing = .strict) {
        self.host = host
        self.device = device
        wire = HostWire(pacing: pacing)
        deviceReceiver = UARTReceiver(device.receiverClock(at: .zero))
        hostReceiver = UARTReceiver(host.receiverClock(at: .zero))
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

    /// Both ends at this moment, until neither has anything more to say now.
    private mutating func turn() {
        repeat {
            deliver()
            host.advance(to: now)
            device.advance(to: now)
        } while carryToDevice() || carryToHost()
    }

    /// When something happens next.
    private var nextEvent: Instant? {
        let arrival = crossing.first.map { count, timing in timing.end(of: count) }
        return [host.deadline, device.deadline, arrival, deviceReceiver.deadline, hostReceiver.deadline]
            .compactMap { $0 }.filter { $0 > now }.min()
    }

    private mutating func carryToDevice() -> Bool {
        var run: [UInt8] = []
        guard let sent = host.transmit(into: &run) else { return false }
        var timing = wire.charge(run.count, writtenAt: max(now, sent.start), rate: sent.rate)
        deviceReceiver.clock = device.receiverClock(at: timing.start)
        _ = deviceReceiver.sample(&run, timing: &timing)
        device.receive(run.span, timing: timing)
        return true
    }

    private mutating func carryToHost() -> Bool {
        var run: [UInt8] = []
        guard let timing = device.transmit(into: &run) else { return false }
        crossing.append(run.span, timing: timing)
        return true
    }

    private mutating func deliver() {
        while let (count, timing) = crossing.first {
            let arrived = timing.arrived(by: now, of: count)
            guard arrived > 0 else { break }
            var run: [UInt8] = []
            crossing.take(arrived, into: &run)
            var sampled = timing
            hostReceiver.clock = host.receiverClock(at: now)
            _ = hostReceiver.sample(&run, timing: &sampled)
            host.receive(run.span, timing: RunTiming(start: now, unpacedAt: timing.rate))
        }
        settle()
    }

    /// Characters that a receiver was still sampling when the line fell idle.
    private mutating func settle() {
        var rest: [UInt8] = []
        _ = deviceReceiver.settle(at: now, into: &rest)
        device.receive(rest.span, timing: RunTiming(start: now, unpacedAt: deviceReceiver.clock.rate))
        rest.removeAll()
        _ = hostReceiver.settle(at: now, into: &rest)
        host.receive(rest.span, timing: RunTiming(start: now, unpacedAt: hostReceiver.clock.rate))
    }
}
