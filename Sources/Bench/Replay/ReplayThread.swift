import Capture
import Emulator
import Foundation
import Line
import Ports
import Trace
import Replay

/// A replay of a chip on a thread of its own, for a caller that has a program to wait for.
///
/// The port never leaves its thread: only names, the wake-up and the outcome cross.
package final class ReplayThread: Sendable {
    /// The port's own name.
    package let path: String
    /// The name that stays, if one was asked for.
    package let link: String?
    private let stopping: WakeUp
    private let outcome: Task<Result<ReplayResult, any Error>, Never>

    private init(
        path: String, link: String?, stopping: WakeUp, outcome: Task<Result<ReplayResult, any Error>, Never>
    ) {
        self.path = path
        self.link = link
        self.stopping = stopping
        self.outcome = outcome
    }

    /// Starts playing; returns once the port is there.
    /// - Parameters:
    ///   - link: symbolic link to the port; nil for none.
    ///   - tell: what somebody who watches should know, in a line.
    ///   - heardSignal: called for each signal of `SignalPipe.ending`, which no longer ends the process; returns whether
    ///     the replay ends.
    /// - Throws: `PortError`, `CaptureError`.
    package static func start(
        _ plan: ReplayPlan, link: String?, tell: @escaping @Sendable (String) -> Void = { _ in },
        heardSignal: @escaping @Sendable (Int32) -> Bool
    ) async throws -> ReplayThread {
        let stopping = try WakeUp()
        let (ended, end) = AsyncStream<Result<ReplayResult, any Error>>.makeStream()
        let outcome = Task { () -> Result<ReplayResult, any Error> in
            for await outcome in ended { return outcome }
            return .failure(CancellationError())
        }
        let (path, name): (String, String?) = try await withCheckedThrowingContinuation { ready in
            Thread.detachNewThread {
                var isReady = false
                let result = Result {
                    try play(plan, link, stopping, tell, heardSignal) { path, name in
                        isReady = true
                        ready.resume(returning: (path, name))
                    }
                }
                if !isReady, case .failure(let error) = result { ready.resume(throwing: error) }
                end.yield(result)
                end.finish()
            }
        }
        return ReplayThread(path: path, link: name, stopping: stopping, outcome: outcome)
    }

    /// Waits until the replay ends by itself. - Throws: `PortError`.
    package func result() async throws -> ReplayResult { try await outcome.value.get() }

    /// The other side has gone for good: ends the replay. - Throws: `PortError`.
    package func stop() async throws -> ReplayResult {
        stopping.wake()
        return try await result()
    }

    // MARK: The thread's work

    private static func play(
        _ plan: ReplayPlan, _ link: String?, _ stopping: WakeUp, _ tell: (String) -> Void,
        _ heardSignal: (Int32) -> Bool, _ isReady: (String, String?) -> Void
    ) throws -> ReplayResult {
        let terminal = try PseudoTerminal(link: link)
        let clock = MonotonicClock()
        let tap = try plan.tap(clock: .line, port: terminal.path, epoch: clock.epochNanoseconds)
        let recording = plan.recording
        switch plan.match {
        case .exact:
            let player = Player(
                recording.events, pace: plan.pace, patience: plan.patience, tolerates: plan.tolerates,
                holes: recording.holes, isCutOff: recording.isCutOff)
            let port = ReplayPort(
                player, on: terminal, time: plan.time, clock: clock, patience: plan.patience,
                unplugDelay: recording.unplugDelay, tap: tap)
            return try run(port, tap, stopping, heardSignal, isReady)
        case .frames:
            let player = FramePlayer(
                recording, pace: plan.pace, patience: plan.patience, tolerates: plan.tolerates,
                knowsStub: plan.knowsStub)
            let port = ReplayPort(
                player, on: terminal, time: plan.time, clock: clock, patience: plan.patience,
                unplugDelay: recording.unplugDelay, tap: tap)
            return try run(port, tap, stopping, heardSignal, isReady)
        case .effect:
            let chip = plan.chip.chip(of: recording, time: plan.time)
            let player = EffectPlayer(
                recording, chip: chip, pace: plan.pace, patience: plan.patience, knowsStub: plan.knowsStub)
            let port = ReplayPort(
                player, on: terminal, time: plan.time, clock: clock, patience: plan.patience,
                unplugDelay: recording.unplugDelay, tap: tap)
            var result = try run(port, tap, stopping, heardSignal, isReady)
            result.effect = port.player.effect()
            result.disagreement = port.player.disagreement
            return result
        }
    }

    private static func run<Device: Replaying>(
        _ port: ReplayPort<Device>, _ tap: TraceTap?, _ stopping: WakeUp, _ heardSignal: (Int32) -> Bool,
        _ isReady: (String, String?) -> Void
    ) throws -> ReplayResult {
        let signals = try SignalPipe()
        isReady(port.path, port.link)
        defer { port.closeTrace() }
        var isAsked = false
        try port.run(alsoWaitingFor: [stopping.pollDescriptor, signals.pollDescriptor]) { ready in
            if ready[1].contains(.readable), signals.signals().contains(where: heardSignal) { isAsked = true }
            return isAsked || ready[0].contains(.readable)
        }
        // A program that has ended sends nothing more. A replay that is stopped by hand is simply incomplete.
        if !isAsked { try port.clientLeft() }
        return ReplayResult(
            outcome: port.player.outcome, tolerated: port.player.tolerated,
            undeliveredByteCount: port.undeliveredByteCount + port.player.unsaidByteCount, traceFailure: tap?.failure)
    }
}
