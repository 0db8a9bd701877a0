import CPorts
import Files
import FlyingSocks
import Ports
import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// Listens on this machine's own network and nowhere else, and hands over who connects. FlyingFox's sockets, and not its server:
/// that one reads heads and frames of any length, waits for ever, and ends when the descriptors do (docs/workbench.md).
final class WebServer: Sendable {
    let address: LoopbackAddress
    private let listener: Socket
    private let pool: SocketPool<ePoll> = .ePoll(maxEvents: 64)
    private let connectionCount = Mutex(0)

    /// Clients at a time. A browser opens six for a page, and one for its WebSocket.
    static let mostConnections = 64
    /// Who waits to be accepted.
    private static let backlog: Int32 = 64
    private static let receiveRoom: Int32 = 64 << 10
    private static let pauseWithoutDescriptors = Duration.milliseconds(100)

    /// - Throws: `PortError`: `.busy` when the port is taken, `.noPermission`.
    init(port: UInt16) throws(PortError) {
        var port = port
        let wanted = LoopbackAddress(port: port)
        let raw = ports_tcp_listen(wanted.host, &port, Self.receiveRoom, Self.backlog)
        guard raw >= 0 else {
            let isTaken = Errno.last == .addressInUse
            throw PortError(
                isTaken ? .busy : .system, path: "\(wanted)",
                isTaken ? "another program listens there" : "cannot listen there",
                remedy: "name another port with --port, or 0 for any", errno: Errno.last)
        }
        listener = Socket(file: .init(rawValue: raw))
        address = LoopbackAddress(host: wanted.host, port: port)
    }

    deinit { try? listener.close() }

    /// Serves until the task is cancelled.
    /// - Parameter serve: called for each connection, which is closed when it returns.
    func run(_ serve: @escaping @Sendable (WebStream) async -> Void) async throws {
        try await pool.prepare()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.pool.run() }
            group.addTask {
                try await withThrowingDiscardingTaskGroup { connections in
                    while true {
                        guard let stream = try await self.next() else { continue }
                        connections.addTask {
                            await serve(stream)
                            stream.patience.close()
                            self.connectionCount.withLock { $0 -= 1 }
                        }
                    }
                }
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// The next one who connects; nil where that one was turned away, or has gone already.
    private func next() async throws -> WebStream? {
        let raw = ports_tcp_accept(listener.file.rawValue)
        guard raw >= 0 else {
            switch Errno.last {
            case .wouldBlock: try await pool.suspendSocket(listener, untilReadyFor: .connection)
            case .tooManyOpenFiles, .tooManyOpenFilesInSystem:
                try await Task.sleep(for: Self.pauseWithoutDescriptors)
            default: try Task.checkCancellation()
            }
            return nil
        }
        let socket = Socket(file: .init(rawValue: raw))
        let hasRoom = connectionCount.withLock { count in
            guard count < Self.mostConnections else { return false }
            count += 1
            return true
        }
        guard hasRoom else {
            ports_tcp_dismiss(
                raw, "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n")
            try? socket.close()
            return nil
        }
        return WebStream(try AsyncSocket(socket: socket, pool: pool))
    }
}
