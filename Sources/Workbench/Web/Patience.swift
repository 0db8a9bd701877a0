import FlyingSocks
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// How long a client may keep its connection waiting. When it is over, the connection's socket is shut down, and what waits
/// for it goes on.
final class Patience: Sendable {
    /// What is waited for. Each has its own limit: a client that sends a little now and then must still take what it is sent.
    enum Purpose: Hashable, Sendable {
        /// That it sends something. When it does not, it can still be told why the connection ends.
        case reading
        case writing
    }

    private struct State {
        var dues: [Purpose: ContinuousClock.Instant] = [:]
        var hasTimer = false
        var hasEnded = false
        var isOpen = true
    }

    private let socket: Socket
    private let state = Mutex(State())

    /// A timer looks again after this long at most: what is waited for next may have less time.
    private static let pause = Duration.seconds(5)

    init(of socket: Socket) {
        self.socket = socket
    }

    /// Whether a client has taken too long.
    var hasEnded: Bool { state.withLock(\.hasEnded) }

    /// From now on it may take so long.
    func begin(_ purpose: Purpose, _ span: Duration) {
        let needsTimer = state.withLock { state in
            guard state.isOpen, !state.hasEnded else { return false }
            state.dues[purpose] = .now + span
            defer { state.hasTimer = true }
            return !state.hasTimer
        }
        if needsTimer { Task { await self.watch() } }
    }

    /// It has done what was waited for.
    func end(_ purpose: Purpose) { state.withLock { $0.dues[purpose] = nil } }

    /// Ends the connection, also for what waits for it.
    func cut() { state.withLock { if $0.isOpen { shutdown(socket.file.rawValue, Int32(SHUT_RDWR)) } } }

    /// Closes the socket: nobody waits for it any more.
    func close() {
        state.withLock { state in
            guard state.isOpen else { return }
            state.isOpen = false
            try? socket.close()
        }
    }

    /// One timer for a connection; none while nothing is waited for.
    private func watch() async {
        while let due = next() { try? await Task.sleep(until: min(due, .now + Self.pause), clock: .continuous) }
    }

    private func next() -> ContinuousClock.Instant? {
        state.withLock { state in
            guard state.isOpen, let (purpose, due) = state.dues.min(by: { $0.value < $1.value }) else {
                state.hasTimer = false
                return nil
            }
            guard due <= .now else { return due }
            state.hasTimer = false
            state.hasEnded = true
            shutdown(socket.file.rawValue, Int32(purpose == .reading ? SHUT_RD : SHUT_RDWR))
            return nil
        }
    }
}
