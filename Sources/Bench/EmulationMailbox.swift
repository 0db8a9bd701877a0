import Ports
import Synchronization

/// What other threads ask of an emulation: done on its own thread, between two turns of the line.
final class EmulationMailbox: Sendable {
    private struct State {
        var jobs: [@Sendable (Emulation) -> Void] = []
        var isClosed = false
    }
    private let state = Mutex(State())
    private let wakeUp: WakeUp

    /// - Throws: `PortError` when no descriptor is left.
    init() throws(PortError) {
        wakeUp = try WakeUp()
    }

    /// What the emulation's loop waits for.
    var pollDescriptor: PollDescriptor { wakeUp.pollDescriptor }

    /// Does something on the emulation's thread. - Throws: what `work` throws; `EmulationOver`.
    func perform<Result: Sendable>(_ work: @escaping @Sendable (Emulation) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let isTaken = state.withLock { state in
                guard !state.isClosed else { return false }
                state.jobs.append { emulation in
                    continuation.resume(with: Swift.Result { try work(emulation) })
                }
                return true
            }
            guard isTaken else { return continuation.resume(throwing: EmulationOver()) }
            wakeUp.wake()
        }
    }

    /// On the emulation's thread: does what was asked since the last call.
    func carryOut(on emulation: Emulation) {
        wakeUp.clear()
        let jobs = state.withLock { state in
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in jobs { job(emulation) }
    }

    /// On the emulation's thread, at its end: what was asked is still done, and nothing more is taken.
    func close(on emulation: Emulation) {
        state.withLock { $0.isClosed = true }
        carryOut(on: emulation)
    }
}

/// The emulation has ended, and can be asked for nothing more.
package struct EmulationOver: Error, CustomStringConvertible {
    package var description: String { "the emulation has ended" }
}
