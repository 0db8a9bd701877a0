import Line
package import Ports
package import Replay
package import Trace

/// A recorded chip on a pseudo-terminal: what it said then it says again, as long as the host does as the host did then.
package final class ReplayPort {
    private let port: DevicePort<Player, PseudoTerminal, MonotonicClock>
    private let patience: Duration
    /// When to stop waiting for the client to go, once the trace has been played.
    private var lingersUntil: Instant?

    /// - Parameters:
    ///   - events: the trace.
    ///   - link: symbolic link to the port; nil for none.
    ///   - delays: of the chip's answers.
    ///   - patience: how much longer than in the trace the host may be silent, once it has begun.
    /// - Throws: `PortError`.
    package init(
        _ events: [TraceEvent], link: String?, delays: Player.Delays, patience: Duration
    ) throws(PortError) {
        self.patience = patience
        port = DevicePort(
            Player(events, delays: delays, patience: patience), on: try PseudoTerminal(link: link),
            time: TimeMode(delays == .none ? .fast : .brisk), clock: MonotonicClock(), tap: nil)
    }

    /// The port's own name.
    package var path: String { port.path }
    /// The name that stays, if one was asked for.
    package var link: String? { port.portLink }

    /// Characters of the chip that the client never took.
    package var undeliveredByteCount: Int { port.undeliveredByteCount }

    /// Plays until the trace is played whole and the client has gone, the host diverges, or `shouldStop` says so.
    /// - Throws: `PortError`.
    package func run(
        alsoWaitingFor others: [PollDescriptor], until shouldStop: ([Readiness]) -> Bool
    ) throws(PortError) -> ReplayOutcome {
        port.housekeeping = { [unowned self] port, now in
            guard case .complete = port.device.outcome else { return nil }
            // The client may not have read the last answer yet, and a closed port would take it away.
            let limit = lingersUntil ?? now.advanced(by: patience)
            lingersUntil = limit
            return limit
        }
        try port.run(alsoWaitingFor: others) { [unowned self] port, ready in
            switch port.device.outcome {
            case .running: return shouldStop(ready)
            case .diverged: return true
            case .complete:
                let isDelivered = port.undeliveredByteCount == 0 && !port.isClientThere
                return isDelivered || lingersUntil.map { $0 <= port.clock.now } ?? false || shouldStop(ready)
            }
        }
        return port.device.outcome
    }
}
