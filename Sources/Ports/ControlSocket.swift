import CPorts
import Files
import SystemPackage

/// A local socket on which this user's programs give a bench lines and take lines from it.
///
/// It never blocks and keeps no thread: a loop waits for its one descriptor and then calls `receive`. Nobody on the other
/// side can hold the loop up or fill the memory: clients, lines and what waits for a client are bounded, and one call
/// does a bounded piece of work.
package final class ControlSocket {
    /// What a client did.
    package enum Input: Hashable, Sendable {
        /// It sent a line; the line feed is left out.
        case line([UInt8])
        /// It sent more than a line may have. It is heard no more, and let go once what is sent to it now is out.
        case lineTooLong
        /// It is one too many, or there is no descriptor for it. It is told what is sent to it now, and let go.
        case surplus
    }

    /// Where it is.
    package let path: String
    private let listening: ListeningSocket
    private let watched: DescriptorSet
    private var clients: [UInt64: ControlClient] = [:]
    private var lastClient = ControlSocket.listenerToken
    private var hasEnded = false
    private var spare = SpareDescriptor.make()
    /// Not even that helps: clients wait until one goes.
    private var isFull = false

    private static let listenerToken: UInt64 = 0
    /// Clients at a time.
    package static let mostClients = 16
    /// Bytes of a line that is received, without its line feed.
    package static let longestLine = 4096
    /// Clients that are heard, and taken in, in one call.
    private static let mostAtOnce = 8

    /// Makes the socket (mode 0600) and listens. What an emulation left there that was killed is removed.
    ///
    /// - Throws: `PortError`: `.nameTooLong` beyond 107 bytes, `.busy` when somebody listens there, `.linkTaken` when
    ///   something else stands there.
    package init(path: String) throws(PortError) {
        watched = try DescriptorSet()
        listening = try ListeningSocket(path)
        self.path = path
        guard watched.add(listening.listener.descriptor, for: .readable, token: Self.listenerToken) else {
            throw .last(path: path, "cannot wait for the control socket")
        }
    }

    /// What the loop waits for.
    package var pollDescriptor: PollDescriptor { watched.pollDescriptor }

    /// Tells what clients did since the last call, or a part of it: the descriptor is then still readable.
    /// - Parameter handle: may call `send`, `hold` and `end`.
    package func receive(_ handle: (_ client: UInt64, Input) -> Void) {
        for (token, readiness) in watched.ready(most: Self.mostAtOnce) {
            if token == Self.listenerToken {
                accept(handle)
            } else if clients[token] != nil {
                serve(token, readiness, handle)
            }
        }
    }

    /// Sends a client a line. What it does not take at once waits; when too much waits it is let go.
    /// - Returns: whether the client is still there.
    @discardableResult
    package func send(_ line: String, to client: UInt64) -> Bool {
        guard let receiver = clients[client] else { return false }
        receiver.append(line)
        receiver.write()
        update(client)
        return clients[client] != nil
    }

    /// Keeps a client that sends no more: something may be sent to it later.
    package func hold(_ client: UInt64) {
        clients[client]?.isHeld = true
    }

    /// Takes in nobody any more, and removes the socket. Who is there is let go when this value is.
    package func end() {
        guard !hasEnded else { return }
        hasEnded = true
        watched.remove(listening.listener.descriptor)
        listening.leave()
    }

    deinit {
        end()
    }

    // MARK: Clients

    private func accept(_ handle: (UInt64, Input) -> Void) {
        for _ in 0..<Self.mostAtOnce {
            if spare == nil { spare = SpareDescriptor.make() }
            guard let (client, hasRoom) = next() else { return }
            guard !client.isLost else { continue }
            let isSurplus = !hasRoom || clients.count >= Self.mostClients
            lastClient += 1
            let token = lastClient
            clients[token] = client
            guard watched.add(client.descriptor, for: .readable, token: token) else {
                clients[token] = nil
                continue
            }
            guard isSurplus else { continue }
            handle(token, .surplus)
            drop(token)
        }
    }

    /// The next one that has connected, and whether there is a descriptor for it to stay.
    private func next() -> (client: ControlClient, hasRoom: Bool)? {
        if let client = ControlClient(accepting: listening.listener.descriptor) { return (client, true) }
        guard SpareDescriptor.isMissing(.last) else { return nil }
        spare = nil
        if let client = ControlClient(accepting: listening.listener.descriptor) { return (client, false) }
        // It stays readable: a loop would not sleep.
        if SpareDescriptor.isMissing(.last), !clients.isEmpty {
            isFull = true
            watched.remove(listening.listener.descriptor)
        }
        return nil
    }

    private func serve(_ token: UInt64, _ readiness: Readiness, _ handle: (UInt64, Input) -> Void) {
        guard let client = clients[token] else { return }
        if readiness.contains(.writable) { client.write() }
        if readiness.contains(.readable) {
            client.read { line in handle(token, line) }
        } else if readiness.contains(.hungUp) {
            client.isLost = true
        }
        update(token)
    }

    /// Lets go of a client that is done, and waits for what the others want.
    private func update(_ token: UInt64) {
        guard let client = clients[token] else { return }
        guard !client.isDone else { return drop(token) }
        guard let interest = client.newInterest() else { return }
        watched.modify(client.descriptor, for: interest, token: token)
    }

    private func drop(_ token: UInt64) {
        guard let client = clients.removeValue(forKey: token) else { return }
        watched.remove(client.descriptor)
        guard isFull, !hasEnded else { return }
        isFull = !watched.add(listening.listener.descriptor, for: .readable, token: Self.listenerToken)
    }
}
