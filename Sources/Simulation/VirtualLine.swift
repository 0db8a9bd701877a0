package import Line

/// A host and a chip joined by a line in virtual time: nobody waits, and the same machines always do the same.
///
/// ```
/// host → HostWire (its time on the wire) → the chip's receiver samples → chip
///      ← an adapter's packets ← the host's receiver samples ← released as it crosses ←
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
    /// What is wrong with the line; nil where nothing is, and then nothing is asked of it.
    private var trouble: LineState?
    /// What the host hears of its own characters where no ground joins the ends, and the receiver that hears it: such a
    /// run lies in the future, and what the chip says meanwhile is sampled in between.
    private var echoes = RunQueue()
    private var ownEar: UARTReceiver
    /// Whoever listens; nil for nobody, which costs nothing.
    package var tap: LineTap?

    /// - Parameter conditions: what lies between the two; the default is a perfect line, which costs nothing.
    package init(
        host: Host, device: Device, pacing: HostWire.Pacing = .paced, conditions: LineConditions = .perfect
    ) {
        self.host = host
        self.device = device
        trouble = conditions.state
        wire = HostWire(pacing: pacing)
        deviceReceiver = UARTReceiver(device.receiverClock(at: .zero))
        hostReceiver = UARTReceiver(host.receiverClock(at: .zero))
        ownEar = hostReceiver
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

    /// How often each fault of the line has done something; zero for one that never fired.
    package var firings: [(name: String, count: Int)] { trouble?.firings ?? [] }

    /// The host has lost its port: a fault that pulled the adapter out by now has done something.
    package mutating func pullOut() { trouble?.pullOut(by: now) }

    /// The oldest thing a fault did that has not been asked for.
    package mutating func nextFaultEvent() -> FaultEvent? { trouble?.nextEvent() }

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
        let echo = echoes.first.map { count, timing in timing.end(of: count) }
        // An array would be made anew for each character that crosses.
        var next: Instant?
        sooner(&next, host.deadline)
        sooner(&next, device.deadline)
        sooner(&next, arrival)
        sooner(&next, echo)
        sooner(&next, trouble?.deadline)
        sooner(&next, trouble?.packets?.deadline)
        sooner(&next, deviceReceiver.deadline)
        sooner(&next, hostReceiver.deadline)
        sooner(&next, ownEar.deadline)
        return next
    }

    private func sooner(_ next: inout Instant?, _ moment: Instant?) {
        guard let moment, moment > now else { return }
        next = min(next ?? moment, moment)
    }

    private mutating func carryToDevice() -> Bool {
        var run: [UInt8] = []
        guard let sent = host.transmit(into: &run) else { return false }
        let rate = trouble?.hostRate(sent.rate) ?? sent.rate
        var timing = wire.charge(run.count, writtenAt: max(now, sent.start), rate: rate)
        tap?.sent(run, timing, .hostToChip)
        putOnWireToDevice(&run, &timing)
        return true
    }

    /// Takes a run through the line to the chip, which may lie in the future.
    private mutating func putOnWireToDevice(_ run: inout [UInt8], _ timing: inout RunTiming) {
        if !run.isEmpty { device.otherEndSends(at: timing.start) }
        let clock = device.receiverClock(at: timing.start)
        deviceReceiver.clock = trouble?.chipClock(clock) ?? clock
        if trouble != nil {
            hearOwn(run.span, timing)
            let whole = tap == nil ? [] : run
            trouble?.spoil(&run, &timing, .hostToChip)
            tap?.spoiled(whole, to: run, .hostToChip)
        }
        sampleAtDevice(&run, &timing)
        device.receive(run.span, timing: timing)
    }

    private mutating func sampleAtDevice(_ run: inout [UInt8], _ timing: inout RunTiming) {
        let onWire = tap == nil ? [] : run
        _ = trouble.sample(&run, timing: &timing, .hostToChip, by: &deviceReceiver)
        tap?.sampled(
            onWire, as: run, rates: (timing.rate, deviceReceiver.clock.rate), at: timing.start, .hostToChip)
    }

    private mutating func hearOwn(_ run: Span<UInt8>, _ timing: RunTiming) {
        var heard: [UInt8] = []
        ownEar.clock = hostClock
        trouble?.hearOwn(run, timing: timing, by: &ownEar, into: &heard)
        echoes.append(heard.span, timing: timing)
    }

    private mutating func carryToHost() -> Bool {
        var run: [UInt8] = []
        guard var timing = device.transmit(into: &run) else { return false }
        tap?.sent(run, timing, .chipToHost)
        if trouble != nil {
            trouble?.chipSends(run.span, timing: timing)
            let whole = tap == nil ? [] : run
            trouble?.spoil(&run, &timing, .chipToHost)
            tap?.spoiled(whole, to: run, .chipToHost)
        }
        crossing.append(run.span, timing: timing)
        return true
    }

    private var hostClock: ReceiverClock {
        mutating get {
            let clock = host.receiverClock(at: now)
            return trouble?.hostClock(clock) ?? clock
        }
    }

    private mutating func deliver() {
        inject()
        while let (count, timing) = crossing.first {
            let arrived = timing.arrived(by: now, of: count)
            guard arrived > 0 else { break }
            var run: [UInt8] = []
            crossing.take(arrived, into: &run)
            var sampled = timing
            hostReceiver.clock = hostClock
            let onWire = tap == nil ? [] : run
            _ = trouble.sample(&run, timing: &sampled, .chipToHost, by: &hostReceiver)
            tap?.sampled(onWire, as: run, rates: (timing.rate, hostReceiver.clock.rate), at: now, .chipToHost)
            reach(run.span, sampled)
        }
        while let (count, timing) = echoes.first, timing.end(of: count) <= now {
            var run: [UInt8] = []
            echoes.take(count, into: &run)
            reach(run.span, timing)
        }
        settle()
        handOverPackets()
    }

    /// What the host's end has received goes to the host: at once, or in an adapter's packets.
    private mutating func reach(_ run: Span<UInt8>, _ timing: RunTiming) {
        if trouble?.packets == nil {
            host.receive(run, timing: RunTiming(start: now, unpacedAt: timing.rate))
        } else {
            trouble?.packets?.append(run, timing: timing)
        }
    }

    private mutating func handOverPackets() {
        var run: [UInt8] = []
        trouble?.packets?.take(by: now, into: &run)
        guard !run.isEmpty else { return }
        host.receive(run.span, timing: RunTiming(start: now, unpacedAt: hostReceiver.clock.rate))
    }

    /// What the faults put on the wires by themselves.
    private mutating func inject() {
        while let injection = trouble?.inject(at: now) {
            var run = injection.characters
            switch injection.direction {
            case .hostToChip:
                let clock = device.receiverClock(at: now)
                deviceReceiver.clock = trouble?.chipClock(clock) ?? clock
                var timing = RunTiming(start: now, backToBackAt: injection.rate ?? clock.rate)
                sampleAtDevice(&run, &timing)
                device.receive(run.span, timing: timing)
            case .chipToHost:
                if let rate = injection.rate {
                    crossing.append(run.span, timing: RunTiming(start: now, backToBackAt: rate))
                } else {
                    // Behind the wire already, in the port's buffer.
                    host.receive(run.span, timing: RunTiming(start: now, unpacedAt: hostClock.rate))
                }
            }
        }
    }

    /// Characters that a receiver was still sampling when the line fell idle.
    private mutating func settle() {
        var rest: [UInt8] = []
        trouble.settle(at: now, .hostToChip, by: &deviceReceiver, into: &rest)
        device.receive(rest.span, timing: RunTiming(start: now, unpacedAt: deviceReceiver.clock.rate))
        rest.removeAll()
        trouble.settle(at: now, .chipToHost, by: &hostReceiver, into: &rest)
        trouble?.settleOwn(at: now, by: &ownEar, into: &rest)
        reach(rest.span, RunTiming(start: now, unpacedAt: hostReceiver.clock.rate))
    }
}
