import Foundation
package import Logging
import Ports

/// An emulation on a thread of its own, for a caller that has something else to wait for.
///
/// The emulation itself never leaves its thread: only names, the wake-up and the outcome cross.
package final class EmulationThread: Sendable {
    /// The port's own name.
    package let path: String
    /// The name that stays, if one was asked for.
    package let link: String?
    private let stopping: WakeUp
    private let outcome: Task<Void, any Error>

    private init(path: String, link: String?, stopping: WakeUp, outcome: Task<Void, any Error>) {
        self.path = path
        self.link = link
        self.stopping = stopping
        self.outcome = outcome
    }

    /// Starts emulating; returns once the port is there.
    /// - Parameter heardSignal: called on the emulation's thread for each SIGINT, SIGTERM and SIGHUP, which no longer end
    ///   the process.
    /// - Throws: `PortError`, `CaptureError`.
    package static func start(
        _ plan: EmulationPlan, log: Logger, story: LiveStory? = nil,
        heardSignal: @escaping @Sendable (Int32) -> Void
    ) async throws -> EmulationThread {
        let stopping = try WakeUp()
        let (finished, finish) = AsyncThrowingStream<Never, any Error>.makeStream()
        let outcome = Task { for try await _ in finished {} }
        let names: (String, String?) = try await withCheckedThrowingContinuation { ready in
            Thread.detachNewThread {
                var isReady = false
                do {
                    try emulate(plan, log: log, story, stopping: stopping, heardSignal: heardSignal) { emulation in
                        isReady = true
                        ready.resume(returning: (emulation.path, emulation.link))
                    }
                    finish.finish()
                } catch {
                    if !isReady { ready.resume(throwing: error) }
                    finish.finish(throwing: error)
                }
            }
        }
        return EmulationThread(path: names.0, link: names.1, stopping: stopping, outcome: outcome)
    }

    /// The thread's work.
    private static func emulate(
        _ plan: EmulationPlan, log: Logger, _ story: LiveStory?, stopping: WakeUp, heardSignal: (Int32) -> Void,
        isReady: (Emulation) -> Void
    ) throws {
        let signals = try SignalPipe()
        let others = [stopping.pollDescriptor, signals.pollDescriptor]
        func shouldStop(_ ready: [Readiness]) -> Bool {
            if ready[1].contains(.readable) { signals.signals().forEach(heardSignal) }
            return ready[0].contains(.readable)
        }
        guard try emulate(plan, log: log, story, others, shouldStop, isReady) == .unplugged else { return }
        // The port is gone; the caller's other business is not, and hears its signals still.
        let clock = MonotonicClock()
        while !shouldStop(try Readiness.wait(for: others, until: nil, clock: clock)) {}
    }

    /// Emulates to the end, and lets go of the port.
    private static func emulate(
        _ plan: EmulationPlan, log: Logger, _ story: LiveStory?, _ others: [PollDescriptor],
        _ shouldStop: ([Readiness]) -> Bool, _ isReady: (Emulation) -> Void
    ) throws -> PortEnding {
        let emulation = try Emulation(plan, log: log, story: story)
        isReady(emulation)
        return try emulation.run(alsoWaitingFor: others, until: shouldStop)
    }

    /// Ends the emulation and waits until flash file and trace are complete.
    /// - Throws: what failed while it ran or at its end.
    package func stop() async throws {
        stopping.wake()
        try await outcome.value
    }
}
