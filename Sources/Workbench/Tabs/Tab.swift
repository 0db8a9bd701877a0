import Bench
import Synchronization

/// A page that shows the bench, wherever it is open.
final class Tab: Sendable {
    private struct State {
        var queue = TabQueue()
        var streams: ControlStreams = []
        /// Nothing more is taken for it.
        var isEnding = false
    }

    private let state = Mutex(State())
    private let calls: AsyncStream<Void>
    private let call: AsyncStream<Void>.Continuation

    init() {
        (calls, call) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// What it asked for beside what everybody is told.
    var streams: ControlStreams {
        get { state.withLock(\.streams) }
        set { state.withLock { $0.streams = newValue } }
    }

    /// Puts a frame into its queue; never waits. One that does not fit ends it.
    func send(_ frame: [UInt8], _ importance: TabQueue.Importance = .rest) {
        state.withLock { state in
            guard !state.isEnding else { return }
            if !state.queue.add(frame, importance) { state.isEnding = true }
        }
        call.yield()
    }

    /// What it is told last. - Parameter frame: nil for nothing.
    func end(_ frame: [UInt8]?) {
        state.withLock { state in
            guard !state.isEnding else { return }
            state.isEnding = true
            if let frame { _ = state.queue.add(frame, .rest) }
        }
        call.yield()
        call.finish()
    }

    /// Hands over what waits, as it comes, until the end. - Throws: what `write` throws.
    func drain(_ write: ([UInt8]) async throws -> Void) async throws {
        while true {
            while let bytes = state.withLock({ $0.queue.take() }) { try await write(bytes) }
            if state.withLock({ $0.isEnding && $0.queue.isEmpty }) { return }
            var calls = calls.makeAsyncIterator()
            guard await calls.next() != nil else {
                if state.withLock({ $0.queue.isEmpty }) { return }
                continue
            }
        }
    }
}
