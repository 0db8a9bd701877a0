package import Line
package import Ports
import Trace
import Wire

/// A machine that plays the chip, joined to a pseudo-terminal in real time: the loop that carries bytes.
///
/// ```
/// client → PTY → baud from termios → HostWire (charged time) → sampling → machine
///        ← PTY ← sampling at the client's baud ← released as they cross ← machine
/// ```
/// It runs on the thread that calls `run` and keeps no state anywhere else.
package final class DevicePort<Device: Machine> {
    package var device: Device
    package let clock: MonotonicClock
    private var terminal: PseudoTerminal
    private var wire: HostWire
    private let tap: TraceTap?
    private let comparesRates: Bool
    /// What the machine has sent and what has not crossed the wire yet.
    private var leaving = RunQueue()
    /// What has crossed and what the client's queue had no room for.
    private var unwritten: [UInt8] = []
    private var unwrittenHead = 0
    private var scratch: [UInt8] = []
    private var clientBaud: Int?
    /// When the client is read again, while it is held back.
    private var heldUntil: Instant?
    /// Called in each turn, for whatever else has to be done at this pace; says when it wants to be called again even
    /// if nothing happens on the line.
    package var housekeeping: (DevicePort, Instant) -> Instant? = { _, _ in nil }

    /// How finely paced characters are handed over: per-character wake-ups would be finer than any USB adapter.
    private static var batch: Duration { .milliseconds(1) }
    /// How far the wire may lag the client before the client is held back; far beyond every time-out.
    private static var mostBehind: Duration { .seconds(5) }
    /// What waits for a client that does not read: a whole flash of 16 MB in frames fits; more is lost, as on a port.
    private static var mostUnwritten: Int { 20 << 20 }

    package init(
        _ device: Device, on terminal: consuming PseudoTerminal, time: TimeMode, clock: MonotonicClock, tap: TraceTap?
    ) {
        self.device = device
        self.terminal = terminal
        self.clock = clock
        self.tap = tap
        wire = HostWire(pacing: time.hostPacing)
        comparesRates = time.comparesRates
    }

    /// The port's own name.
    package var path: String { terminal.path }
    /// The name that stays, if one was asked for.
    package var link: String? { terminal.link }

    /// Whether a client has the port open.
    package var isClientThere: Bool { terminal.isOpen }
    /// Whether nothing is on its way to the client.
    package var isDrained: Bool { leaving.isEmpty && unwritten.isEmpty }

    /// Carries bytes until `shouldStop` says so.
    /// - Parameters:
    ///   - others: what else to wait for; `shouldStop` hears when one of them is ready.
    ///   - shouldStop: asked after every turn, with the readiness of `others`.
    /// - Throws: `PortError` when the pseudo-terminal fails.
    package func run(
        alsoWaitingFor others: [PollDescriptor], until shouldStop: (DevicePort, [Readiness]) -> Bool
    ) throws(PortError) {
        minimizeTimerSlack()
        var ready = others.map { _ in Readiness() }
        var wants = (input: true, output: false)
        var descriptors = others + terminal.pollDescriptors()
        while true {
            let deadline = try turn()
            if shouldStop(self, ready) { return }
            let wanted = (input: heldUntil == nil, output: unwrittenHead < unwritten.count)
            if wanted != wants {
                wants = wanted
                descriptors = others + terminal.pollDescriptors(takesInput: wants.input, hasOutput: wants.output)
            }
            ready = Array(
                try Readiness.wait(for: descriptors, until: deadline, clock: clock).prefix(others.count))
        }
    }

    /// One turn. - Returns: when the next one is due even if nothing arrives.
    private func turn() throws(PortError) -> Instant? {
        var now = clock.now
        holdBack(at: now)
        if heldUntil == nil { try terminal.read { input in accept(input, at: now) } }
        now = clock.now
        device.advance(to: now)
        scratch.removeAll(keepingCapacity: true)
        while let timing = device.transmit(into: &scratch) {
            tap?.chipSent(scratch.span, until: timing.end(of: scratch.count), now: now)
            leaving.append(scratch.span, timing: timing)
            scratch.removeAll(keepingCapacity: true)
        }
        try release(at: now)
        let chore = housekeeping(self, now)
        let deadline = [nextDeadline(now), chore].compactMap { $0 }.min()
        tap?.settle(at: now, isQuiet: deadline.map { now.duration(to: $0) > .milliseconds(5) } ?? true)
        return deadline
    }

    // MARK: Host to chip

    /// A client that writes far faster than the wire carries is not read until the wire has caught up, as a real port
    /// would hold it back: what waits here stays bounded.
    private func holdBack(at now: Instant) {
        let resumption = Instant(nanoseconds: wire.busyUntil.nanoseconds - Self.mostBehind.wholeNanoseconds)
        heldUntil = resumption > now ? resumption : nil
    }

    private func accept(_ input: borrowing PortInput, at now: Instant) {
        switch input {
        case .data(let bytes, let baud):
            note(baud, at: now)
            let rate = BitRate(baud: max(1, baud))
            let timing = wire.charge(bytes.count, writtenAt: now, rate: rate)
            tap?.hostSent(bytes, timing: timing)
            let sampledAt = device.receiverRate(at: timing.start)
            if isClean(sent: rate, received: sampledAt) {
                device.receive(bytes, timing: timing)
            } else {
                var arrived = bytes.withUnsafeBufferPointer { Array($0) }
                distort(&arrived, .hostToChip, sent: rate, received: sampledAt, at: timing.start)
                device.receive(arrived.span, timing: timing)
            }
        case .flushed(let isInput, let isOutput):
            if isOutput { wire.clear(at: now) }
            if isInput { discardUnread() }
            tap?.note(.flushed(isInput ? (isOutput ? .both : .input) : .output), at: now)
        case .opened:
            tap?.note(.portOpened, at: now)
        case .closed:
            discardUnread()
            wire.clear(at: now)
            clientBaud = nil
            tap?.note(.portClosed, at: now)
        }
    }

    private func note(_ baud: Int, at now: Instant) {
        guard baud != clientBaud else { return }
        clientBaud = baud
        tap?.note(.baud(.host, bitsPerSecond: UInt32(clamping: baud)), at: now)
    }

    /// What has crossed but not been read is what a client's flush or the next client's arrival makes go away.
    private func discardUnread() {
        unwritten.removeAll(keepingCapacity: true)
        unwrittenHead = 0
    }

    // MARK: Chip to host

    private func release(at now: Instant) throws(PortError) {
        while let (count, timing) = leaving.first {
            let crossed = timing.arrived(by: now, of: count)
            guard crossed > 0 else { break }
            guard unwritten.count - unwrittenHead < Self.mostUnwritten else {
                leaving.drop(crossed)
                tap?.note(.lost(.chipToHost, count: crossed, reason: "the client does not read"), at: now)
                continue
            }
            let before = unwritten.count
            leaving.take(crossed, into: &unwritten)
            guard comparesRates, terminal.isOpen else { continue }
            let rate = BitRate(baud: max(1, terminal.clientBaud))
            if !isClean(sent: timing.rate, received: rate) {
                var arrived = Array(unwritten[before...])
                distort(&arrived, .chipToHost, sent: timing.rate, received: rate, at: timing.start)
                unwritten.replaceSubrange(before..., with: arrived)
            }
        }
        while unwrittenHead < unwritten.count {
            let crossed = unwritten
            let taken = try terminal.write(crossed.span.extracting(droppingFirst: unwrittenHead))
            guard taken > 0 else { return }
            unwrittenHead += taken
        }
        discardUnread()
    }

    private func isClean(sent: BitRate, received: BitRate) -> Bool {
        !comparesRates || Sampling.isClean(sent: sent, received: received)
    }

    private func distort(
        _ characters: inout [UInt8], _ direction: Direction, sent: BitRate, received: BitRate, at moment: Instant
    ) {
        let garbled = Sampling.distort(&characters, sent: sent, received: received)
        tap?.note(
            .garbled(
                direction, count: garbled, sentAt: UInt32(clamping: sent.baud),
                receivedAt: UInt32(clamping: received.baud)),
            at: moment)
    }

    private func nextDeadline(_ now: Instant) -> Instant? {
        let crossing = leaving.first.map { count, timing in
            min(timing.end(of: count), max(now.advanced(by: Self.batch), timing.end(of: 1)))
        }
        return [crossing, device.deadline, heldUntil].compactMap { $0 }.min()
    }
}
