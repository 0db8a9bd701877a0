import Line
package import Ports
package import Replay

/// A recorded chip on a pseudo-terminal: what it said then it says again, as long as the host does as the host did then.
package final class ReplayPort<Device: Replaying> {
    private let port: DevicePort<Device, PseudoTerminal, MonotonicClock>
    private let patience: Duration
    /// How long after its last byte the port goes, as if the adapter were pulled out; nil for a port that stays.
    private let unplugDelay: Duration?
    private let tap: TraceTap?
    /// When to stop waiting for the client to go, once the trace has been played: so long after its last byte.
    private var lingersUntil: Instant?
    private var completeSince: Instant?
    private var hadClient = false
    /// Bytes of the client when they were last counted, and when they last changed.
    private var heard = (count: 0, at: Instant.zero)

    /// - Parameters:
    ///   - player: of the trace.
    ///   - patience: how long to wait for the client to go, and for one that is silent once a chip answers.
    ///   - unplugDelay: how long after the trace's last byte the adapter is pulled out; nil for not.
    package init(
        _ player: Device, on terminal: consuming PseudoTerminal, time: TimeMode, clock: MonotonicClock,
        patience: Duration, unplugDelay: Duration? = nil, tap: TraceTap?
    ) {
        self.unplugDelay = unplugDelay
        self.patience = patience
        self.tap = tap
        port = DevicePort(player, on: terminal, time: time, clock: clock, tap: tap)
    }

    /// The port's own name.
    package var path: String { port.path }
    /// The name that stays, if one was asked for.
    package var link: String? { port.portLink }
    package var player: Device { port.device }
    /// Characters of the chip that the client never took.
    package var undeliveredByteCount: Int { port.undeliveredByteCount }

    /// Plays until the trace is played whole and the client has gone, the host diverges, or `shouldStop` says so. Where a
    /// chip has taken over, until the client has gone or is silent for long.
    /// - Throws: `PortError`.
    package func run(
        alsoWaitingFor others: [PollDescriptor], until shouldStop: ([Readiness]) -> Bool
    ) throws(PortError) {
        port.housekeeping = { [unowned self] port, now in
            if port.isClientThere || heard.count > 0 { hadClient = true }
            if port.device.takenByteCount != heard.count { heard = (port.device.takenByteCount, now) }
            switch port.device.outcome {
            case .running, .diverged: return nil
            case .complete:
                // The client may not have read the last answer yet, and a closed port would take it away.
                let limit = max(completeSince ?? now, heard.at)
                completeSince = completeSince ?? now
                lingersUntil = limit.advanced(by: patience)
                return unplugsAt ?? lingersUntil
            case .left: return heard.at.advanced(by: patience)
            }
        }
        try port.run(alsoWaitingFor: others) { [unowned self] port, ready in
            switch port.device.outcome {
            case .running: return shouldStop(ready)
            case .diverged: return true
            case .complete:
                if let moment = unplugsAt, port.undeliveredByteCount == 0, moment <= port.clock.now { return true }
                return isDelivered || lingersUntil.map { $0 <= port.clock.now } ?? false || shouldStop(ready)
            case .left:
                return isDelivered || heard.at.advanced(by: patience) <= port.clock.now || shouldStop(ready)
            }
        }
    }

    /// The other side has gone for good.
    package func clientLeft() throws(PortError) {
        try port.intervene { device, now in device.otherSideLeft(at: now) }
    }

    /// When the adapter is pulled out, once the trace has been played.
    private var unplugsAt: Instant? {
        guard let unplugDelay, let completeSince else { return nil }
        return completeSince.advanced(by: unplugDelay)
    }

    private var isDelivered: Bool { hadClient && port.undeliveredByteCount == 0 && !port.isClientThere }

    /// Completes the trace of the replay.
    package func closeTrace() { tap?.close() }
}
