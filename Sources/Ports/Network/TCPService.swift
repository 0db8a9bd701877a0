import CPorts
import Files
import SystemPackage

/// A TCP port of this machine that serves one client at a time.
///
/// It never blocks and keeps no thread: a loop waits for its one descriptor. The order of what it tells is that in which
/// clients did it: what one sent comes before its end, and its end before the next one's beginning.
final class TCPService {
    enum Event {
        /// A client has connected.
        case opened
        /// It has sent so many bytes.
        case received(Int)
        /// It sends no more, and is let go: to close one direction is to close the port.
        case closed
        /// One too many was told so and let go.
        case refused
        /// Nothing else, for now.
        case nothing
    }

    /// Where it listens.
    let address: LoopbackAddress

    private let watched: DescriptorSet
    private let listener: OwnedDescriptor
    private var client: TCPConnection?
    /// Has connected after the client has ended, and waits until that one's bytes are read.
    private var successor: TCPConnection?
    private var interest: Readiness = .readable
    private var spare = SpareDescriptor.make()
    /// No descriptor is left, not even for turning somebody away.
    private var isFull = false

    private static let listenerToken: UInt64 = 0
    private static let clientToken: UInt64 = 1
    /// Clients that wait to be taken in.
    private static let backlog: Int32 = 8
    /// Bytes that a client may send ahead of the line before it is held back; the system doubles it, and takes as much on
    /// the client's side. Less than a packet of the loopback interface (64 KB) would make it stutter.
    private static let receiveRoom: Int32 = 64 << 10

    /// - Throws: `PortError`: `.busy` when the port is taken, `.noPermission`.
    init(_ address: LoopbackAddress) throws(PortError) {
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
    var pollDescriptor: PollDescriptor { watched.pollDescriptor }

    /// Whether a client is there, as of the last event.
    var hasClient: Bool { client != nil }

    /// What has happened next.
    /// - Parameter most: how many of the client's bytes to take; 0 for none, unless it is gone, or has ended and another
    ///   waits: then all that it sent come first.
    func next(into buffer: inout [UInt8], most: Int) -> Event {
        if let client {
            let isEnding = successor != nil || (most == 0 && client.isGone)
            let most = isEnding ? buffer.count : most
            if most > 0, let count = client.read(into: &buffer, most: most) ?? (isEnding ? 0 : nil) {
                guard count == 0 else { return .received(count) }
                letGo()
                return .closed
            }
        }
        guard let guest = successor ?? accept() else { return .nothing }
        guard let client else {
            successor = nil
            return begin(guest) ? .opened : .refused
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
    func wait(forInput: Bool, forRoom: Bool) {
        guard let client else { return }
        let wanted: Readiness = forInput ? (forRoom ? [.readable, .writable] : .readable) : (forRoom ? .writable : [])
        guard wanted != interest else { return }
        interest = wanted
        watched.modify(client.descriptor, for: wanted, token: Self.clientToken)
    }

    private func begin(_ guest: TCPConnection) -> Bool {
        guard watched.add(guest.descriptor, for: .readable, token: Self.clientToken) else { return false }
        client = guest
        interest = .readable
        return true
    }

    private func letGo() {
        guard let gone = client else { return }
        watched.remove(gone.descriptor)
        client = nil
    }

    /// The next one that has connected.
    private func accept() -> TCPConnection? {
        if isFull { isFull = !watched.add(listener.descriptor, for: .readable, token: Self.listenerToken) }
        if spare == nil { spare = SpareDescriptor.make() }
        if let guest = TCPConnection(accepting: listener.descriptor) { return guest }
        guard SpareDescriptor.isMissing(.last) else { return nil }
        spare = nil
        if let guest = TCPConnection(accepting: listener.descriptor) {
            guest.dismiss("This machine has no room for another client.")
        } else if SpareDescriptor.isMissing(.last) {
            // It stays readable: a loop would not sleep. Whatever wakes it next asks again.
            isFull = true
            watched.remove(listener.descriptor)
        }
        return nil
    }
}
