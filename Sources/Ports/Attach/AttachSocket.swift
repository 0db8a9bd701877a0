import CPorts
import Files
import Glibc
import SystemPackage

/// The local socket on which the preload library of `record --attach` reports, and the pipes that come through it.
///
/// Each process connects, says hello and hands over a pipe that everything else comes through (tools/preload/attach/messages.h).
/// It never blocks and keeps no thread: a loop waits for its one descriptor and then calls `receive`. Any process of this
/// user may connect: clients are bounded, one call does a bounded piece of work, and what comes is handed on as bytes.
package final class AttachSocket {
    /// What a process did.
    package enum Input {
        /// It is there; the bytes are its hello.
        case joined([UInt8])
        /// It has said something, or a part of it.
        case said(ArraySlice<UInt8>)
        /// It has ended, or become another program; it has said everything.
        case left
        /// It is one too many: nothing of it is recorded.
        case surplus
    }

    /// Where it is: what the preload library finds in SOLDERLESS_ATTACH.
    package let path: String
    private let listening: ListeningSocket
    private let watched: DescriptorSet
    private var clients: [UInt64: AttachedProcess] = [:]
    private var lastClient: UInt64 = 0
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    private static let listenerToken: UInt64 = 0
    /// Processes at a time: each costs two descriptors.
    package static let mostClients = 256
    /// The most processes that are accepted or read in one call.
    private static let mostAtOnce = 16

    /// Makes the socket in the runtime folder, and removes those of recorders that were killed. - Throws: `PortError`.
    package convenience init() throws(PortError) {
        try self.init(path: try ListeningSocket.pathForPrograms(suffix: ".attach"))
    }

    /// Makes the socket (mode 0600). - Throws: `PortError`.
    package init(path: String) throws(PortError) {
        self.path = path
        watched = try DescriptorSet()
        listening = try ListeningSocket.forPrograms(path, "the socket that the recorded program reports to")
        guard watched.add(listening.listener.descriptor, for: .readable, token: Self.listenerToken) else {
            throw .last(path: path, "cannot wait for the socket that the recorded program reports to")
        }
    }

    deinit { leave() }

    /// Removes the socket; nobody can connect any more.
    package func leave() { listening.leave() }

    /// What the loop waits for.
    package var pollDescriptor: PollDescriptor { watched.pollDescriptor }

    /// Tells what processes did since the last call, or a part of it: the descriptor is then still readable.
    package func receive(_ handle: (_ client: UInt64, Input) -> Void) {
        for (token, readiness) in watched.ready(most: Self.mostAtOnce) {
            if token == Self.listenerToken {
                accept(handle)
            } else if clients[token >> 1] != nil {
                serve(token >> 1, isPipe: token & 1 == 1, readiness, handle)
            }
        }
    }

    private func accept(_ handle: (UInt64, Input) -> Void) {
        for _ in 0..<Self.mostAtOnce {
            guard let process = AttachedProcess(accepting: listening.listener.descriptor) else { return }
            lastClient += 1
            guard clients.count < Self.mostClients,
                watched.add(process.end, for: .readable, token: lastClient << 1)
            else {
                handle(lastClient, .surplus)
                continue
            }
            clients[lastClient] = process
        }
    }

    private func serve(
        _ client: UInt64, isPipe: Bool, _ readiness: Readiness, _ handle: (UInt64, Input) -> Void
    ) {
        guard let process = clients[client] else { return }
        if isPipe {
            if !readPipe(of: process, client, handle) { process.dropPipe(from: watched) }
        } else if !process.hasPipe, !process.hasEnded, let hello = process.hello(&buffer) {
            guard process.watchPipe(in: watched, token: client << 1 | 1) else { return drop(client, handle) }
            handle(client, .joined(hello))
            return
        } else if !process.hasEnded, !readiness.isDisjoint(with: [.readable, .hungUp]) {
            process.hasEnded = process.isGone(&buffer)
        }
        guard process.hasEnded else { return }
        // What it has said lies in the pipe, complete. The pipe may have other writers, children that have not joined yet.
        for _ in 0..<Self.mostReads where process.hasPipe {
            if !readPipe(of: process, client, handle) { process.dropPipe(from: watched) }
        }
        drop(client, handle)
    }

    /// As often as the largest pipe needs until it is empty.
    private static let mostReads = 32

    /// - Returns: whether more may come.
    private func readPipe(of process: AttachedProcess, _ client: UInt64, _ handle: (UInt64, Input) -> Void) -> Bool {
        let count = process.read(&buffer)
        guard count > 0 else { return count < 0 && Errno.last == .wouldBlock && !process.hasEnded }
        handle(client, .said(buffer[..<count]))
        return true
    }

    private func drop(_ client: UInt64, _ handle: (UInt64, Input) -> Void) {
        guard let process = clients.removeValue(forKey: client) else { return }
        process.dropPipe(from: watched)
        watched.remove(process.end)
        handle(client, .left)
    }

    /// Listens to a process no more.
    package func dismiss(_ client: UInt64) {
        drop(client) { _, _ in }
    }
}

/// One process that has the preload library.
private final class AttachedProcess {
    private let socket: OwnedDescriptor
    private var pipe: OwnedDescriptor?
    /// It is gone, or has let go.
    var hasEnded = false

    /// The next one that has connected, if it is of this user; nil when there is none.
    init?(accepting listener: FileDescriptor) {
        guard let socket = OwnedDescriptor(uninterrupted { ports_local_accept(listener.rawValue) }) else { return nil }
        self.socket = socket
        var process: Int32 = 0
        var user: UInt32 = 0
        hasEnded = ports_local_peer(self.socket.raw, &process, &user) != 0 || (user != getuid() && user != 0)
    }

    var end: FileDescriptor { socket.descriptor }
    var hasPipe: Bool { pipe != nil }

    /// Its hello, with which its pipe comes; nil when there is none, and then it is of no use unless it has said nothing yet.
    func hello(_ buffer: inout [UInt8]) -> [UInt8]? {
        var passed: Int32 = -1
        let count = uninterrupted { ports_local_receive(socket.raw, &buffer, buffer.count, &passed) }
        if count < 0, Errno.last == .wouldBlock { return nil }
        guard let given = OwnedDescriptor(passed), count > 0 else {
            hasEnded = true
            return nil
        }
        pipe = OwnedDescriptor(ports_pipe_reader(given.raw))
        hasEnded = !hasPipe
        return hasEnded ? nil : Array(buffer[..<count])
    }

    func watchPipe(in watched: borrowing DescriptorSet, token: UInt64) -> Bool {
        guard let descriptor = pipe?.descriptor else { return false }
        return watched.add(descriptor, for: .readable, token: token)
    }

    func dropPipe(from watched: borrowing DescriptorSet) {
        guard let descriptor = pipe?.descriptor else { return }
        watched.remove(descriptor)
        pipe = nil
    }

    func read(_ buffer: inout [UInt8]) -> Int {
        guard let raw = pipe?.raw else { return 0 }
        return uninterrupted { Glibc.read(raw, &buffer, buffer.count) }
    }

    /// Whether the socket has come to its end. What else comes through it is nothing.
    func isGone(_ buffer: inout [UInt8]) -> Bool {
        let count = uninterrupted { Glibc.read(socket.raw, &buffer, buffer.count) }
        return count == 0 || (count < 0 && Errno.last != .wouldBlock)
    }
}
