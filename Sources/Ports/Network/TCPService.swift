import CPorts
import Files
import SystemPackage

/// A TCP port of this machine that serves one client at a time.
///
/// It never blocks and keeps no thread: a loop waits for its one descriptor. The order of what it tells is that in which
/// clients did it: what one sent comes before its end, and its end before the next one's beginning.
package final class TCPService {
    package enum Event: Equatable {
        /// A client has connected.
        case opened
        /// How many bytes it has sent.
        case received(Int)
        /// It sends no more, and is let go: to close one direction is to close the port.
        case closed
        /// One too many was told so and let go.
        case refused
        /// One for which the system has no descriptor or no memory was told so and let go.
        case noRoom
        /// Nothing else, for now.
        case nothing
    }

    /// Where it listens.
    package let address: LoopbackAddress

    private let watched: DescriptorSet
    private let listener: OwnedDescriptor
    package private(set) var client: TCPConnection?
    /// Has connected after the client has ended, and waits until that one's bytes are read.
    private var successor: TCPConnection?
    private var interest: Readiness = .readable
    private var spare = SpareDescriptor.make()
    /// No descriptor is left, not even for turning somebody away.
    private var isFull = false

    private static let listenerToken: UInt64 = 0
    private static let clientToken: UInt64 = 1
    private static let noRoom = "This machine has no room for another client."
    /// Clients that wait to be accepted.
    private static let backlog: Int32 = 8
    /// Bytes that a client may send ahead of the line before it is held back; the system doubles it, and takes as much on
    /// the client's side. Less than a packet of the loopback interface (64 KB) would make it stutter.
    private static let receiveRoom: Int32 = 64 << 10

    /// - Throws: `PortError`: `.busy` when the port is taken, `.noPermission`.
    package init(_ address: LoopbackAddress) throws(PortError) {
        watched = try DescriptorSet()
        var port = address.port
        guard
            let listener = OwnedDescriptor(
                ports_tcp_listen(address.host, &port, Self.receiveRoom, Self.backlog))
        else {
            guard Errno.last != .addressInUse else {
                throw PortError(
                    .busy, path: "\(address)", "another program listens there",
                    remedy: "name another port, or 0 for any", errno: .addressInUse)
            }
            throw .last(path: "\(address)", "cannot listen there", remedy: "name another port, or 0 for any")
        }
        self.listener = listener
        self.address = LoopbackAddress(host: address.host, port: port)
        guard watched.add(self.listener.descriptor, for: .readable, token: Self.listenerToken) else {
            throw .last(path: "\(address)", "cannot wait for clients")
        }
    }

    /// What the loop waits for.
    package var pollDescriptor: PollDescriptor { watched.pollDescriptor }

    /// Whether a client is there, as of the last event.
    var hasClient: Bool { client != nil }

    /// What has happened next.
    /// - Parameter most: how many of the client's bytes to take; 0 for none, unless it is gone, or has ended and another
    ///   waits: then all that it sent come first.
    package func next(into buffer: inout [UInt8], most: Int) -> Event {
        let ready = look()
        if let client {
            let isEnding = successor != nil || (most == 0 && ready.client.contains(.hungUp))
            let most = isEnding ? buffer.count : most
            if most > 0, isEnding || !ready.client.isDisjoint(with: [.readable, .hungUp]),
                let count = client.read(into: &buffer, most: most) ?? (isEnding ? 0 : nil)
            {
                guard count == 0 else { return .received(count) }
                letGo()
                return .closed
            }
        }
        let guest: TCPConnection
        if let successor {
            guest = successor
        } else {
            guard ready.listener else { return .nothing }
            switch accept() {
            case .guest(let arrived): guest = arrived
            case .turnedAway: return .noRoom
            case .nobody: return .nothing
            }
        }
        guard let client else {
            successor = nil
            return begin(guest)
        }
        if client.hasEnded {
            successor = guest
            return next(into: &buffer, most: most)
        }
        guest.dismiss("The port is in use: it takes one client at a time.")
        return .refused
    }

    /// Sends the client something. - Returns: how many bytes it takes now.
    func send(_ bytes: Span<UInt8>) -> Int {
        client?.send(bytes) ?? 0
    }

    /// What to wait for besides others that connect.
    package func wait(forInput: Bool, forRoom: Bool) {
        guard let client else { return }
        let wanted: Readiness = forInput ? (forRoom ? [.readable, .writable] : .readable) : (forRoom ? .writable : [])
        guard wanted != interest else { return }
        interest = wanted
        watched.modify(client.descriptor, for: wanted, token: Self.clientToken)
    }

    /// Takes a client in, if the system can watch it.
    package func begin(_ guest: TCPConnection) -> Event {
        guard watched.add(guest.descriptor, for: .readable, token: Self.clientToken) else {
            guest.dismiss(Self.noRoom)
            return .noRoom
        }
        client = guest
        interest = .readable
        return .opened
    }

    /// Lets the client go, whatever it still sends.
    func letGo() {
        guard let gone = client else { return }
        watched.remove(gone.descriptor)
        client = nil
    }

    /// What there is to do, by one system call: most turns find nothing.
    private func look() -> (client: Readiness, listener: Bool) {
        // Before the next one, all that the client has sent is taken.
        guard successor == nil else { return ([], false) }
        // What is not watched has to be tried.
        var ready: (client: Readiness, listener: Bool) = (interest.contains(.readable) ? [] : .readable, isFull)
        for (token, readiness) in watched.ready(most: 2) {
            if token == Self.listenerToken { ready.listener = true } else { ready.client.formUnion(readiness) }
        }
        return ready
    }

    private enum Arrival {
        case guest(TCPConnection)
        case turnedAway
        case nobody
    }

    /// The next one that has connected.
    private func accept() -> Arrival {
        if isFull { isFull = !watched.add(listener.descriptor, for: .readable, token: Self.listenerToken) }
        if spare == nil { spare = SpareDescriptor.make() }
        if let guest = TCPConnection(accepting: listener.descriptor) { return .guest(guest) }
        guard SpareDescriptor.isMissing(.last) else { return .nobody }
        spare = nil
        if let guest = TCPConnection(accepting: listener.descriptor) {
            guest.dismiss(Self.noRoom)
            return .turnedAway
        }
        if SpareDescriptor.isMissing(.last) {
            // It stays readable: a loop would not sleep. Whatever wakes it next asks again.
            isFull = true
            watched.remove(listener.descriptor)
        }
        return .nobody
    }
}
