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
    /// Where programs ask for control lines; nil for nowhere.
    package let linesSocket: String?
    private let stopping: WakeUp
    private let mailbox: EmulationMailbox
    private let outcome: Task<Outcome, Never>

    /// How it came out, and what failed while it ran or at its end.
    package typealias Outcome = (summary: EmulationSummary?, failure: (any Error)?)

    /// What is known of it once it is there.
    private struct Names {
        var path: String
        var link: String?
        var control: String?
        var linesSocket: String?
    }

    private init(_ names: Names, stopping: WakeUp, mailbox: EmulationMailbox, outcome: Task<Outcome, Never>) {
        path = names.path
        link = names.link
        control = names.control
        linesSocket = names.linesSocket
        self.stopping = stopping
        self.mailbox = mailbox
        self.outcome = outcome
    }

    /// Starts emulating; returns once the port is there.
    /// - Parameters:
    ///   - heardSignal: called on the emulation's thread for each signal of `SignalPipe.ending`, which no longer
    ///   ends the process; with SIGTERM when somebody asks for the end at the control socket.
    ///   - isReady: called on the emulation's thread before anything happens on its line: an audience is set here.
    /// - Throws: `PortError`, `CaptureError`.
    package static func start(
        _ plan: EmulationPlan, log: Logger, story: LiveStory? = nil,
        heardSignal: @escaping @Sendable (Int32) -> Void,
        isReady began: @escaping @Sendable (Emulation) -> Void = { _ in }
    ) async throws -> EmulationThread {
        let stopping = try WakeUp()
        let mailbox = try EmulationMailbox()
        let (finished, finish) = AsyncThrowingStream<EmulationSummary, any Error>.makeStream()
        let outcome = Task { () -> Outcome in
            var last: EmulationSummary?
            do {
                for try await summary in finished { last = summary }
                return (last, nil)
            } catch {
                return (last, error)
            }
        }
        let names: Names = try await withCheckedThrowingContinuation { ready in
            Thread.detachNewThread {
                var isReady = false
                do {
                    try emulate(
                        plan, log: log, story, stopping: stopping, mailbox, heardSignal: heardSignal,
                        isReady: { emulation in
                            isReady = true
                            began(emulation)
                            ready.resume(
                                returning: Names(
                                    path: emulation.path, link: emulation.link, control: emulation.control,
                                    linesSocket: emulation.linesSocket))
                        }, isOver: { finish.yield($0) })
                    finish.finish()
                } catch {
                    if !isReady { ready.resume(throwing: error) }
                    finish.finish(throwing: error)
                }
            }
        }
        return EmulationThread(names, stopping: stopping, mailbox: mailbox, outcome: outcome)
    }

    /// The thread's work.
    private static func emulate(
        _ plan: EmulationPlan, log: Logger, _ story: LiveStory?, stopping: WakeUp, _ mailbox: EmulationMailbox,
        heardSignal: @escaping (Int32) -> Void, isReady: (Emulation) -> Void, isOver: (EmulationSummary) -> Void
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
        guard try emulate(plan, log: log, story, others, mailbox, shouldStop, stopAsked, isReady, isOver) == .unplugged
        else {
            return
        }
        // The port is gone; the caller's other business is not, and hears its signals still.
        let clock = MonotonicClock()
        while !shouldStop(try Readiness.wait(for: others, until: nil, clock: clock)) {}
    }

    /// Emulates to the end, and lets go of the port.
    private static func emulate(
        _ plan: EmulationPlan, log: Logger, _ story: LiveStory?, _ others: [PollDescriptor],
        _ mailbox: EmulationMailbox, _ shouldStop: ([Readiness]) -> Bool, _ stopAsked: @escaping () -> Bool,
        _ isReady: (Emulation) -> Void,
        _ isOver: (EmulationSummary) -> Void
    ) throws -> PortEnding {
        let emulation = try Emulation(plan, log: log, story: story)
        emulation.stopAsked = stopAsked
        isReady(emulation)
        // A failure of the files does not take away what is known of the line.
        defer {
            mailbox.close(on: emulation)
            if let summary = emulation.summary { isOver(summary) }
        }
        return try emulation.run(alsoWaitingFor: others + [mailbox.pollDescriptor]) { ready in
            if !ready[others.count].isEmpty { mailbox.carryOut(on: emulation) }
            return shouldStop(Array(ready.prefix(others.count)))
        }
    }

    /// Does something with the emulation on its thread, between two turns of the line.
    /// - Throws: what `work` throws; `EmulationOver` when it has ended.
    package func perform<Result: Sendable>(
        _ work: @escaping @Sendable (Emulation) throws -> Result
    ) async throws -> Result {
        try await mailbox.perform(work)
    }

    /// Whether nobody has the port open: two programs at one port take each other's bytes. One that has ended gets a moment
    /// in which that is noticed.
    /// - Throws: `EmulationOver`; `CancellationError`.
    package func isPortFree() async throws -> Bool {
        for _ in 0..<10 {
            if try await !perform({ $0.status.isPortOpen }) { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// What to say to somebody who would be the second at a port.
    package static let portIsTaken =
        "another program has the port open, and two at one port take each other's bytes: end it first"

    /// Ends the emulation and waits until flash file and trace are complete.
    package func stop() async -> Outcome {
        stopping.wake()
        return await outcome.value
    }
}
