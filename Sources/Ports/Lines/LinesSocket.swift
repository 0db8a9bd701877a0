import CPorts
import Files
import Glibc
import SystemPackage

/// The local socket on which programs with the preload library of `run` ask for what a pseudo-terminal lacks.
///
/// Each request has a connection of its own (tools/preload/lines/requests.h). It never blocks and keeps no thread: a loop
/// waits for its one descriptor and then calls `receive`. Nobody on the other side can hold the loop up or fill the memory:
/// connections are bounded, a request is sixteen bytes in one piece, and one call does a bounded piece of work.
package final class LinesSocket {
    /// Where it is.
    package let path: String
    private let listening: ListeningSocket
    private let watched: DescriptorSet
    private var askers: [UInt64: Asker] = [:]
    private var lastAsker = LinesSocket.listenerToken
    /// All of them wait for answers: others are let in when one has its own.
    private var isFull = false

    private static let listenerToken: UInt64 = 0
    /// Connections at a time.
    package static let mostAskers = 64
    /// The most of them that are let in or read in one call.
    private static let mostAtOnce = 16

    /// Makes the socket in the runtime folder, and removes those of benches that were killed. - Throws: `PortError`.
    package convenience init() throws(PortError) {
        try self.init(path: try ListeningSocket.pathForPrograms(suffix: ".lines"))
    }

    /// Makes the socket (mode 0600). - Throws: `PortError`.
    package init(path: String) throws(PortError) {
        self.path = path
        watched = try DescriptorSet()
        listening = try ListeningSocket.forPrograms(path, "the socket for control lines")
        guard listen() else { throw .last(path: path, "cannot wait for the socket for control lines") }
    }

    deinit { listening.leave() }

    /// What the loop waits for.
    package var pollDescriptor: PollDescriptor { watched.pollDescriptor }

    private func listen() -> Bool {
        watched.add(listening.listener.descriptor, for: .readable, token: Self.listenerToken)
    }

    /// Tells what is asked for, or a part of it: the descriptor is then still readable. Each asker waits until it is
    /// answered.
    package func receive(_ handle: (_ asker: UInt64, PortRequest) -> Void) {
        for (token, _) in watched.ready(most: Self.mostAtOnce) {
            if token == Self.listenerToken {
                letIn(handle)
            } else if let asker = askers[token], hear(asker, token, handle) {
                watched.remove(asker.socket.descriptor)
            }
        }
    }

    private func letIn(_ handle: (UInt64, PortRequest) -> Void) {
        for _ in 0..<Self.mostAtOnce {
            guard askers.count < Self.mostAskers || dropSilent() else {
                isFull = true
                return watched.remove(listening.listener.descriptor)
            }
            guard let asker = Asker(accepting: listening.listener.descriptor) else { return }
            lastAsker += 1
            askers[lastAsker] = asker
            // As a rule it has spoken already.
            if hear(asker, lastAsker, handle) { continue }
            if !watched.add(asker.socket.descriptor, for: .readable, token: lastAsker) { askers[lastAsker] = nil }
        }
    }

    /// - Returns: whether it need not be heard any more.
    private func hear(_ asker: Asker, _ token: UInt64, _ handle: (UInt64, PortRequest) -> Void) -> Bool {
        var bytes = [UInt8](repeating: 0, count: PortRequest.byteCount)
        let count = uninterrupted { read(asker.socket.raw, &bytes, bytes.count) }
        if count < 0, Errno.last == .wouldBlock { return false }
        guard asker.isOurs, let request = PortRequest(bytes.prefix(max(0, count))) else {
            askers[token] = nil
            return true
        }
        asker.hasAsked = true
        handle(token, request)
        return true
    }

    /// Lets go of the one that has been there longest without a word. - Returns: whether there was one.
    private func dropSilent() -> Bool {
        guard let oldest = askers.filter({ !$0.value.hasAsked }).keys.min() else { return false }
        if let asker = askers.removeValue(forKey: oldest) { watched.remove(asker.socket.descriptor) }
        return true
    }

    /// Answers, and lets go of the asker, which may be gone.
    package func answer(_ token: UInt64, _ answer: PortAnswer) {
        guard let asker = askers.removeValue(forKey: token) else { return }
        let bytes = answer.bytes
        _ = ports_local_send(asker.socket.raw, bytes, bytes.count)
        if isFull { isFull = !listen() }
    }
}

/// One connection.
private final class Asker {
    let socket: OwnedDescriptor
    /// Whether it is this user's.
    let isOurs: Bool
    /// Its request has come, and it waits.
    var hasAsked = false

    /// The next one that has connected; nil when there is none.
    init?(accepting listener: FileDescriptor) {
        guard let socket = OwnedDescriptor(uninterrupted { ports_local_accept(listener.rawValue) }) else { return nil }
        var process: Int32 = 0
        var user: UInt32 = 0
        isOurs = ports_local_peer(socket.raw, &process, &user) == 0 && (user == getuid() || user == 0)
        self.socket = socket
    }
}
