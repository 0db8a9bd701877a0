import CPorts
import Glibc
import Line
import Ports
import TestForms
import Testing

/// The socket against programs that mean no good.
@Suite struct ControlSocketTests {
    /// Serves until `isEnough`, two seconds at most. Lines are answered with themselves.
    private func serve(
        _ socket: ControlSocket, _ seen: inout [ControlSocket.Input], until isEnough: ([ControlSocket.Input]) -> Bool
    ) throws {
        let clock = MonotonicClock()
        let end = clock.now.advanced(by: .seconds(2))
        while !isEnough(seen), clock.now < end {
            _ = try Readiness.wait(for: [socket.pollDescriptor], until: end, clock: clock)
            socket.receive { client, input in
                seen.append(input)
                switch input {
                case .line(let line): socket.send(String(decoding: line, as: UTF8.self), to: client)
                case .lineTooLong: socket.send("too long", to: client)
                case .surplus: socket.send("too many", to: client)
                }
            }
        }
        #expect(isEnough(seen))
    }

    /// Whether there is nothing to do: a loop would sleep.
    private func isIdle(_ socket: ControlSocket) throws -> Bool {
        let clock = MonotonicClock()
        return try Readiness.wait(for: [socket.pollDescriptor], until: clock.now, clock: clock)[0].isEmpty
    }

    private func connect(_ socket: ControlSocket) throws -> Peer {
        try Peer(path: socket.path)
    }

    @Test func linesGoBothWays() throws {
        let folder = try Folder()
        let socket = try ControlSocket(path: "\(folder.path)/s")
        #expect(try isIdle(socket))
        let peer = try connect(socket)
        peer.send("one\n\ntwo\nthr")
        var seen: [ControlSocket.Input] = []
        try serve(socket, &seen) { $0.count == 2 }
        peer.send("ee\n")
        try serve(socket, &seen) { $0.count == 3 }
        #expect(seen == ["one", "two", "three"].map { .line(Array($0.utf8)) })
        #expect(peer.text() == "one\ntwo\nthree\n")
        #expect(try isIdle(socket), "nobody is woken while nobody says anything")
    }

    /// As `printf … | nc -U` leaves it.
    @Test func theLastLineMayLackItsEnd() throws {
        let folder = try Folder()
        let socket = try ControlSocket(path: "\(folder.path)/s")
        let peer = try connect(socket)
        peer.send("status")
        peer.endSending()
        var seen: [ControlSocket.Input] = []
        try serve(socket, &seen) { $0.count == 1 }
        #expect(peer.text() == "status\n")
        #expect(peer.hasEnded, "and it is let go")
        #expect(try isIdle(socket))
    }

    @Test func onlyItsOwnerMayConnect() throws {
        let folder = try Folder()
        let old = umask(0)
        defer { umask(old) }
        let socket = try ControlSocket(path: "\(folder.path)/s")
        var status = stat()
        #expect(lstat(socket.path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
        #expect(status.st_mode & S_IFMT == S_IFSOCK)
    }

    @Test func aLineWithoutEndIsCut() throws {
        let folder = try Folder()
        let socket = try ControlSocket(path: "\(folder.path)/s")
        let peer = try connect(socket)
        peer.send(String(repeating: "x", count: ControlSocket.longestLine) + "\n")
        var seen: [ControlSocket.Input] = []
        try serve(socket, &seen) { !$0.isEmpty }
        #expect(seen == [.line([UInt8](repeating: 0x78, count: ControlSocket.longestLine))])
        peer.send(String(repeating: "x", count: ControlSocket.longestLine + 1))
        try serve(socket, &seen) { $0.count == 2 }
        #expect(seen[1] == .lineTooLong)
        #expect(peer.text().hasSuffix("\ntoo long\n"))
        #expect(peer.hasEnded)
        #expect(try isIdle(socket))
    }

    @Test func garbageIsALineLikeAnother() throws {
        let folder = try Folder()
        let socket = try ControlSocket(path: "\(folder.path)/s")
        let peer = try connect(socket)
        let bytes = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 3) }
        peer.send(bytes: bytes + [0x0A])
        let lines = bytes.split(separator: 0x0A).map { ControlSocket.Input.line(Array($0)) }
        var seen: [ControlSocket.Input] = []
        try serve(socket, &seen) { $0.count == lines.count }
        #expect(seen == lines)
    }

    @Test func aHundredClients() throws {
        let folder = try Folder()
        let socket = try ControlSocket(path: "\(folder.path)/s")
        var peers: [Peer] = []
        var seen: [ControlSocket.Input] = []
        // Fewer at once than wait to be taken in; a queue that is full would hold this thread up.
        for _ in 0..<10 {
            for _ in 0..<10 { peers.append(try connect(socket)) }
            try serve(socket, &seen) { _ in (try? isIdle(socket)) == true }
        }
        #expect(seen == [ControlSocket.Input](repeating: .surplus, count: 100 - ControlSocket.mostClients))
        #expect(peers.dropFirst(ControlSocket.mostClients).allSatisfy { $0.text() == "too many\n" && $0.hasEnded })
        // Those who were here first are served, and one who goes makes room.
        peers[3].send("still here\n")
        seen = []
        try serve(socket, &seen) { !$0.isEmpty }
        #expect(peers[3].text() == "still here\n")
        peers[0].leave()
        try serve(socket, &seen) { _ in (try? isIdle(socket)) == true }
        let late = try connect(socket)
        late.send("late\n")
        try serve(socket, &seen) { $0.contains(.line(Array("late".utf8))) }
        #expect(late.text() == "late\n")
    }

    /// No descriptor is left: whoever comes is told and turned away, and the loop sleeps.
    @Test func withoutDescriptorsItSleeps() throws {
        let folder = try Folder()
        let socket = try ControlSocket(path: "\(folder.path)/s")
        let first = try connect(socket)
        var seen: [ControlSocket.Input] = []
        first.send("here\n")
        try serve(socket, &seen) { $0.count == 1 }
        let late = [try connect(socket), try connect(socket)]
        try withoutNewDescriptors {
            try serve(socket, &seen) { _ in (try? isIdle(socket)) == true }
        }
        #expect(seen.dropFirst() == [.surplus, .surplus])
        #expect(late.allSatisfy { $0.text() == "too many\n" && $0.hasEnded })
        #expect(first.text() == "here\n" && !first.hasEnded)
        let later = try connect(socket)
        later.send("later\n")
        try serve(socket, &seen) { $0.last == .line(Array("later".utf8)) }
        #expect(later.text() == "later\n")
    }

    /// That a process cannot be watched does not mean that it has ended.
    @Test func itsEndIsWaitedForWithoutDescriptors() throws {
        let folder = try Folder()
        var sockets = [try ControlSocket(path: "\(folder.path)/s")]
        var connection = try ControlConnection(path: "\(folder.path)/s")
        try connection.send("stop")
        var seen: [ControlSocket.Input] = []
        try serve(sockets[0], &seen) { $0.count == 1 }
        try withoutNewDescriptors {
            let isEarly = try connection.waitForItsEnd(within: .milliseconds(20))
            #expect(!isEarly, "it is there still")
        }
        sockets.removeAll()
        // What the socket had is free again.
        try withoutNewDescriptors {
            let hasEnded = try connection.waitForItsEnd(within: .seconds(2))
            #expect(hasEnded)
        }
        let itself = try ControlSocket(path: "\(folder.path)/s")
        var other = try ControlConnection(path: itself.path)
        let hasEnded = try other.waitForItsEnd(within: .milliseconds(20))
        #expect(!hasEnded, "this process is at the other end")
    }

    /// Runs `body` while this process may open nothing.
    private func withoutNewDescriptors(_ body: () throws -> Void) throws {
        var limits = rlimit()
        try #require(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0)
        let free = dup(0)
        close(free)
        var lower = limits
        lower.rlim_cur = rlim_t(free)
        try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &lower) == 0)
        defer { setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) }
        try body()
    }

    /// It is sent more than it reads: nothing waits for it, and it is let go.
    @Test func oneWhoNeverReadsIsLetGo() throws {
        let folder = try Folder()
        let socket = try ControlSocket(path: "\(folder.path)/s")
        let peer = try connect(socket)
        let other = try connect(socket)
        peer.send("listen\n")
        other.send("listen\n")
        var clients: [UInt64] = []
        let clock = MonotonicClock()
        while clients.count < 2, clock.now < Instant(nanoseconds: 2_000_000_000) {
            socket.receive { client, _ in
                socket.hold(client)
                clients.append(client)
            }
        }
        let event = String(repeating: "e", count: 999)
        var sent = 0
        while socket.send(event, to: try #require(clients.first)), sent < 100_000 {
            sent += 1
            #expect(socket.send(event, to: clients[1]))
            #expect(other.text().count == 1000, "one who reads misses nothing")
        }
        #expect(sent > 100, "some patience")
        #expect(sent < 2000, "but not for ever")
        #expect(!socket.send(event, to: clients[0]))
        #expect(socket.send(event, to: clients[1]))
    }

    /// It asks and asks and reads no answer: it is not asked for more, and the others are served.
    @Test func oneWhoOnlyAsksWaits() throws {
        let folder = try Folder()
        let socket = try ControlSocket(path: "\(folder.path)/s")
        let peer = try connect(socket)
        let question = [UInt8](repeating: 0x71, count: 500) + [0x0A]
        var asked = 0
        var served = 0
        for _ in 0..<20_000 {
            if peer.send(bytes: question) { asked += 1 }
            socket.receive { client, input in
                guard case .line(let line) = input else { return }
                served += 1
                socket.send(String(repeating: "a", count: line.count), to: client)
            }
        }
        #expect(served < 3000 && asked < 6000, "\(served) of \(asked)")
        let other = try connect(socket)
        other.send("and I\n")
        var seen: [ControlSocket.Input] = []
        try serve(socket, &seen) { $0.contains(.line(Array("and I".utf8))) }
        #expect(other.text() == "and I\n")
    }

    // MARK: Its place

    @Test func itGoesWithItsOwner() throws {
        let folder = try Folder()
        var socket: ControlSocket? = try ControlSocket(path: "\(folder.path)/s")
        #expect(try folder.names() == ["s"])
        _ = socket?.path
        socket = nil
        #expect(try folder.names() == [])
    }

    @Test func aStaleOneIsReplacedAndALiveOneIsNot() throws {
        let folder = try Folder()
        let path = "\(folder.path)/s"
        // Bound, and nobody listens: as a process leaves it that was killed.
        close(ports_local_bind(path))
        let socket = try ControlSocket(path: path)
        #expect(code { _ = try ControlSocket(path: path) } == .busy)
        let peer = try connect(socket)
        peer.send("alive\n")
        var seen: [ControlSocket.Input] = []
        try serve(socket, &seen) { $0.count == 1 }
    }

    @Test func whatIsNoSocketStays() throws {
        let folder = try Folder()
        let path = "\(folder.path)/s"
        close(creat(path, 0o600))
        #expect(code { _ = try ControlSocket(path: path) } == .linkTaken)
        unlink(path)
        symlink("/nonexistent", path)
        #expect(code { _ = try ControlSocket(path: path) } == .linkTaken)
        #expect(try folder.names() == ["s"])
        #expect(code { _ = try ControlSocket(path: "\(folder.path)/no/s") } == .missing)
    }

    /// Another one has taken the name meanwhile: it is theirs.
    @Test func itLeavesAnothersSocketAlone() throws {
        let folder = try Folder()
        let path = "\(folder.path)/s"
        let first = try ControlSocket(path: path)
        unlink(path)
        let second = try ControlSocket(path: path)
        first.end()
        #expect(try folder.names() == ["s"])
        second.end()
        #expect(try folder.names() == [])
    }

    @Test func itsPathHasALimit() throws {
        let folder = try Folder()
        func path(_ count: Int) -> String {
            folder.path + "/" + String(repeating: "s", count: count - folder.path.utf8.count - 1)
        }
        let socket = try ControlSocket(path: path(107))
        #expect(try folder.names().count == 1)
        _ = try connect(socket)
        do {
            _ = try ControlSocket(path: path(108))
            Issue.record("108 bytes were taken")
        } catch {
            #expect(error.code == .nameTooLong)
            #expect(error.description.contains("108 bytes") && error.description.contains("--control"), "\(error)")
        }
    }
}

/// A program at the other end: plain system calls.
private final class Peer {
    private var descriptor: Int32

    init(path: String) throws {
        descriptor = ports_local_connect(path, 1000)
        try #require(descriptor >= 0, "cannot connect: errno \(errno)")
    }

    deinit { leave() }

    func leave() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    func send(_ text: String) { send(bytes: Array(text.utf8)) }

    /// - Returns: whether all of it was taken.
    @discardableResult
    func send(bytes: [UInt8]) -> Bool {
        ports_local_send(descriptor, bytes, bytes.count) == bytes.count
    }

    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// What is there to read.
    func text() -> String {
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 65536)
        while case let count = read(descriptor, &bytes, bytes.count), count > 0 {
            text += String(decoding: bytes[..<count], as: UTF8.self)
        }
        return text
    }

    /// Whether the other side has let go, nothing being left to read.
    var hasEnded: Bool {
        var byte: UInt8 = 0
        let count = read(descriptor, &byte, 1)
        return count == 0 || (count < 0 && errno == ECONNRESET)
    }
}
