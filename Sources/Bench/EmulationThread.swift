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
    /// Where it takes commands; nil for nowhere.
    package let control: String?
    private let stopping: WakeUp
    private let outcome: Task<Void, any Error>

    /// What is known of it once it is there.
    private struct Names {
        var path: String
        var link: String?
        var control: String?
    }

    private init(_ names: Names, stopping: WakeUp, outcome: Task<Void, any Error>) {
        path = names.path
        link = names.link
        control = names.control
        self.stopping = stopping
        self.outcome = outcome
    }

    /// Starts emulating; returns once the port is there.
    /// - Parameter heardSignal: called on the emulation's thread for each SIGINT, SIGTERM and SIGHUP, which no longer end
    ///   the process; with SIGTERM when somebody asks for the end at the control socket.
    /// - Throws: `PortError`, `CaptureError`.
    package static func start(
        _ plan: EmulationPlan, log: Logger, story: LiveStory? = nil,
        heardSignal: @escaping @Sendable (Int32) -> Void
    ) async throws -> EmulationThread {
        let stopping = try WakeUp()
        let (finished, finish) = AsyncThrowingStream<Never, any Error>.makeStream()
        let outcome = Task { for try await _ in finished {} }
        let names: Names = try await withCheckedThrowingContinuation { ready in
            Thread.detachNewThread {
                var isReady = false
                do {
                    try emulate(plan, log: log, story, stopping: stopping, heardSignal: heardSignal) { emulation in
                        isReady = true
                        ready.resume(
                            returning: Names(path: emulation.path, link: emulation.link, control: emulation.control))
                    }
                    finish.finish()
                } catch {
                    if !isReady { ready.resume(throwing: error) }
                    finish.finish(throwing: error)
                }
            }
        }
        return EmulationThread(names, stopping: stopping, outcome: outcome)
    }

    /// The thread's work.
    private static func emulate(
        _ plan: EmulationPlan, log: Logger, _ story: LiveStory?, stopping: WakeUp,
        heardSignal: @escaping (Int32) -> Void,
        isReady: (Emulation) -> Void
    ) throws {
        let signals = try SignalPipe()
        let others = [stopping.pollDescriptor, signals.pollDescriptor]
        func shouldStop(_ ready: [Readiness]) -> Bool {
            if ready[1].contains(.readable) { signals.signals().forEach(heardSignal) }
            return ready[0].contains(.readable)
        }
        func stopAsked() -> Bool {
            heardSignal(SIGTERM)
            return false
        }
        guard try emulate(plan, log: log, story, others, shouldStop, stopAsked, isReady) == .unplugged else { return }
        // The port is gone; the caller's other business is not, and hears its signals still.
        let clock = MonotonicClock()
        while !shouldStop(try Readiness.wait(for: others, until: nil, clock: clock)) {}
    }

    /// Emulates to the end, and lets go of the port.
    private static func emulate(
        _ plan: EmulationPlan, log: Logger, _ story: LiveStory?, _ others: [PollDescriptor],
        _ shouldStop: ([Readiness]) -> Bool, _ stopAsked: @escaping () -> Bool, _ isReady: (Emulation) -> Void
    ) throws -> PortEnding {
        let emulation = try Emulation(plan, log: log, story: story)
        emulation.stopAsked = stopAsked
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
