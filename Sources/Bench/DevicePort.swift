package import Line
package import Ports

import Trace

/// A machine that plays the chip, joined to a pseudo-terminal in real time: the loop that carries bytes.
///
/// ```
/// client → PTY → HostToChip: charged time, sampled at the chip's rate → machine
///        ← PTY ← ChipToHost: released as it crosses, sampled at the client's rate ←
/// ```
/// It runs on the thread that calls `run` and keeps no state anywhere else.
package final class DevicePort<Device: Machine> {
    package var device: Device
    package let clock: MonotonicClock
    private var terminal: PseudoTerminal
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
    /// Called in each turn, for whatever else has to be done at this pace; says when it wants to be called again even
    /// if nothing happens on the line.
    package var housekeeping: (DevicePort, Instant) -> Instant? = { _, _ in nil }

    /// How finely paced characters are handed over: per-character wake-ups would be finer than any USB adapter.
    private static var batch: Duration { .milliseconds(1) }

    /// - Parameter conditions: what lies between client and chip; the default is a perfect line, which costs nothing.
    package init(
        _ device: Device, on terminal: consuming PseudoTerminal, time: TimeMode, clock: MonotonicClock, tap: TraceTap?,
        conditions: LineConditions = .perfect
    ) {
        self.device = device
        self.terminal = terminal
        self.clock = clock
        self.tap = tap
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

    /// Why no more bytes are carried.
    package enum Ending: Hashable, Sendable {
        /// `shouldStop` said so.
        case stopped
        /// The line's conditions have the adapter pulled out: whoever owns the port lets go of it.
        case unplugged
    }

    /// Carries bytes until `shouldStop` says so, or the adapter is pulled out.
    /// - Parameters:
    ///   - others: what else to wait for; `shouldStop` hears when one of them is ready.
    ///   - shouldStop: asked after every turn, with the readiness of `others`.
    /// - Throws: `PortError` when the pseudo-terminal fails.
    @discardableResult
    package func run(
        alsoWaitingFor others: [PollDescriptor], until shouldStop: (DevicePort, [Readiness]) -> Bool
    ) throws(PortError) -> Ending {
        minimizeTimerSlack()
        var ready = others.map { _ in Readiness() }
        var wants = (input: true, output: false)
        var descriptors = others + terminal.pollDescriptors()
        while true {
            let deadline = try turn()
            if shouldStop(self, ready) { return .stopped }
            if hasBeenUnplugged { return .unplugged }
            let wanted = (input: toChip.heldUntil(at: clock.now) == nil, output: toHost.hasUnread)
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
        let rate = BitRate(baud: max(1, clientBaud ?? terminal.clientBaud))
        if line != nil { inject(at: now) }
        // A client that is held back is not read, but its coming and going is followed.
        try terminal.read(atMost: toChip.room(at: now, rate: rate)) { input in accept(input, at: now) }
        now = clock.now
        toChip.handOver(to: &device, through: &line, at: now, tap: tap)
        if line != nil { toHost.hear(toChip.takeHeard(), through: &line, at: now) }
        device.advance(to: now)
        try toHost.carry(from: &device, through: &line, to: &terminal, at: now, tap: tap)
        hasBeenUnplugged = unpluggedAt.map { $0 <= now } ?? false
        if hasBeenUnplugged { line?.pullOut(by: now) }
        let chore = housekeeping(self, now)
        let deadline = [
            toChip.nextArrival(after: now, batch: Self.batch),
            toHost.nextRelease(after: now, batch: Self.batch, through: line), toChip.heldUntil(at: now),
            device.deadline, chore, line?.deadline, unpluggedAt,
        ].compactMap { $0 }.min()
        tap?.settle(at: now, isQuiet: deadline.map { now.duration(to: $0) > .milliseconds(5) } ?? true)
        return deadline
    }

    private func accept(_ input: borrowing PortInput, at now: Instant) {
        switch input {
        case .data(let bytes, let baud):
            note(baud, at: now)
            let rate = BitRate(baud: max(1, baud))
            toChip.accept(bytes, at: now, rate: line?.hostRate(rate) ?? rate)
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

    private func note(_ baud: Int, at now: Instant) {
        guard baud != clientBaud else { return }
        clientBaud = baud
        tap?.note(.baud(.host, bitsPerSecond: UInt32(clamping: baud)), at: now)
    }
}
