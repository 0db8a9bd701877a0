import Foundation
import Ports

/// A recording inside a program, on a thread of its own: the caller has the program to wait for.
///
/// The recorder itself never leaves its thread: only the socket's path, the wake-up and the outcome cross.
package final class AttachedRecording: Sendable {
    /// What the preload library finds in SOLDERLESS_ATTACH.
    package let socketPath: String
    private let stopping: WakeUp
    /// Read by the thread once it has been woken.
    private let isInVain: ThreadFlag
    private let outcome: Task<Outcome, Never>

    /// What was recorded, and what failed. Without a summary nothing was.
    package typealias Outcome = (summary: AttachedSummary?, failure: (any Error)?)

    private init(socketPath: String, stopping: WakeUp, isInVain: ThreadFlag, outcome: Task<Outcome, Never>) {
        self.socketPath = socketPath
        self.stopping = stopping
        self.isInVain = isInVain
        self.outcome = outcome
    }

    /// Starts recording; returns once a program can be started.
    /// - Parameters:
    ///   - tell: what somebody who watches should know, in a line.
    ///   - heardSignal: called for each signal of `SignalPipe.ending`, which no longer ends the process.
    /// - Throws: `PortError`, `CaptureError`.
    package static func start(
        _ plan: AttachedPlan, story: LiveStory? = nil, tell: @escaping @Sendable (String) -> Void,
        heardSignal: @escaping @Sendable (Int32) -> Void
    ) async throws -> AttachedRecording {
        let stopping = try WakeUp()
        let isInVain = ThreadFlag()
        let (ended, end) = AsyncStream<Outcome>.makeStream()
        let outcome = Task { () -> Outcome in
            for await outcome in ended { return outcome }
            return (nil, nil)
        }
        let path: String = try await withCheckedThrowingContinuation { ready in
            Thread.detachNewThread {
                do {
                    let signals = try SignalPipe()
                    let recorder = try AttachedRecorder(plan, story: story, tell: tell)
                    ready.resume(returning: recorder.socketPath)
                    end.yield(record(recorder, stopping, isInVain, signals, heardSignal))
                } catch {
                    ready.resume(throwing: error)
                }
                end.finish()
            }
        }
        return AttachedRecording(socketPath: path, stopping: stopping, isInVain: isInVain, outcome: outcome)
    }

    /// The thread's work.
    private static func record(
        _ recorder: AttachedRecorder, _ stopping: WakeUp, _ isInVain: ThreadFlag, _ signals: borrowing SignalPipe,
        _ heardSignal: (Int32) -> Void
    ) -> Outcome {
        defer { recorder.leave() }
        var failure: (any Error)?
        let others = [stopping.pollDescriptor, signals.pollDescriptor]
        do {
            try recorder.run(alsoWaitingFor: others) { ready in
                if ready[1].contains(.readable) { signals.signals().forEach(heardSignal) }
                return ready[0].contains(.readable)
            }
        } catch {
            failure = error
        }
        if isInVain.isSet {
            recorder.discard()
            return (nil, failure)
        }
        return (recorder.finish(), failure)
    }

    /// Ends the recording and waits until the trace is complete.
    /// - Parameter isInVain: whether there was nothing to record: then no trace is made or replaced.
    package func stop(isInVain: Bool = false) async -> Outcome {
        if isInVain { self.isInVain.set() }
        stopping.wake()
        return await outcome.value
    }
}
