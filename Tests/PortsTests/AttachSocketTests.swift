import CPorts
import Glibc
import Line
import Ports
import TestForms
import Testing

/// The socket of `record --attach` against processes that mean no good.
@Suite struct AttachSocketTests {
    private enum Seen: Equatable {
        case joined([UInt8])
        case said([UInt8])
        case left
        case surplus
    }

    /// Serves until `isEnough`, two seconds at most.
    private func serve(_ socket: AttachSocket, _ seen: inout [Seen], until isEnough: ([Seen]) -> Bool) throws {
        let clock = MonotonicClock()
        let end = clock.now.advanced(by: .seconds(2))
        while !isEnough(seen), clock.now < end {
            _ = try Readiness.wait(for: [socket.pollDescriptor], until: end, clock: clock)
            socket.receive { _, input in
                switch input {
                case .joined(let hello): seen.append(.joined(hello))
                case .said(let bytes): seen.append(.said(Array(bytes)))
                case .left: seen.append(.left)
                case .surplus: seen.append(.surplus)
                }
            }
        }
        #expect(isEnough(seen), "\(seen.count) things were seen")
    }

    private func isIdle(_ socket: AttachSocket) throws -> Bool {
        let clock = MonotonicClock()
        return try Readiness.wait(for: [socket.pollDescriptor], until: clock.now, clock: clock)[0].isEmpty
    }

    /// A process with a pipe: the write end is its own.
    private final class Process {
        let socket: Int32
        let pipe: Int32

        init(_ path: String, hello: [UInt8] = [1]) throws {
            var ends: [Int32] = [-1, -1]
            let hasPipe = Glibc.pipe(&ends) == 0
            socket = ports_local_connect(path, 1000)
            pipe = ends[1]
            defer { close(ends[0]) }
            try #require(hasPipe && socket >= 0 && passing(ends[0], over: socket, with: hello))
        }

        func say(_ bytes: [UInt8]) { _ = write(pipe, bytes, bytes.count) }

        deinit {
            close(socket)
            close(pipe)
        }
    }

    @Test func aProcessComesSpeaksAndGoes() throws {
        let folder = try Folder()
        let socket = try AttachSocket(path: folder["s"])
        var process: Process? = try Process(socket.path, hello: [7, 8])
        var seen: [Seen] = []
        try serve(socket, &seen) { $0.count == 1 }
        process?.say([1, 2])
        try serve(socket, &seen) { $0.count == 2 }
        #expect(try isIdle(socket))
        // Its last words are heard, although it is gone before anybody listens.
        process?.say([3])
        process = nil
        try serve(socket, &seen) { $0.count == 4 }
        #expect(seen == [.joined([7, 8]), .said([1, 2]), .said([3]), .left])
        #expect(try isIdle(socket), "nobody is woken for one who is gone")
    }

    @Test func onlyItsOwnerMayConnect() throws {
        let folder = try Folder()
        let socket = try AttachSocket(path: folder["s"])
        var status = stat()
        #expect(lstat(socket.path, &status) == 0)
        #expect(status.st_mode & 0o7777 == 0o600)
    }

    /// No descriptor, or one that is no pipe, which might have no end (/dev/zero) or be somebody's file.
    @Test(arguments: ["", "/dev/zero", "/proc/self/exe", "/"]) func whatIsNoPipeIsRefused(path: String) throws {
        let folder = try Folder()
        let socket = try AttachSocket(path: folder["s"])
        let peer = ports_local_connect(socket.path, 1000)
        defer { close(peer) }
        if path.isEmpty {
            try #require(write(peer, [1], 1) == 1)
        } else {
            let file = open(path, O_RDONLY)
            defer { close(file) }
            try #require(passing(file, over: peer, with: [1]))
        }
        var seen: [Seen] = []
        try serve(socket, &seen) { $0 == [.left] }
        #expect(try isIdle(socket))
        var byte: UInt8 = 0
        #expect(read(peer, &byte, 1) == 0, "it is let go")
    }

    /// Neither hello nor end: it costs a place and nothing else, and what it sends later is nothing.
    @Test func theOthersAreHeard() throws {
        let folder = try Folder()
        let socket = try AttachSocket(path: folder["s"])
        let silent = ports_local_connect(socket.path, 1000)
        defer { close(silent) }
        let process = try Process(socket.path)
        var seen: [Seen] = []
        try serve(socket, &seen) { $0.count == 1 }
        for _ in 0..<100 { _ = ports_local_send(process.socket, [UInt8](repeating: 9, count: 1000), 1000) }
        process.say([5])
        try serve(socket, &seen) { $0.contains(.said([5])) }
        #expect(seen == [.joined([1]), .said([5])])
    }

    /// A process that never stops speaking is heard in pieces, and so are the others.
    @Test func aFloodComesInPieces() throws {
        let folder = try Folder()
        let socket = try AttachSocket(path: folder["s"])
        let flood = try Process(socket.path)
        let other = try Process(socket.path, hello: [2])
        _ = fcntl(flood.pipe, F_SETFL, O_NONBLOCK)
        var seen: [Seen] = []
        try serve(socket, &seen) { $0.count == 2 }
        let bytes = [UInt8](repeating: 1, count: 1 << 16)
        for round in 0..<100 {
            flood.say(bytes)
            if round == 50 { other.say([42]) }
            socket.receive { _, input in if case .said(let bytes) = input { seen.append(.said(Array(bytes))) } }
        }
        #expect(seen.contains(.said([42])))
    }

    @Test func oneTooMany() throws {
        let folder = try Folder()
        let socket = try AttachSocket(path: folder["s"])
        var peers: [Int32] = []
        defer { for peer in peers { close(peer) } }
        var seen: [Seen] = []
        for _ in 0..<AttachSocket.mostClients / 16 + 1 {
            for _ in 0..<16 { peers.append(ports_local_connect(socket.path, 1000)) }
            try serve(socket, &seen) { _ in (try? isIdle(socket)) == true }
        }
        #expect(seen == [Seen](repeating: .surplus, count: 16))
        // One who goes makes room.
        close(peers.removeFirst())
        try serve(socket, &seen) { $0.last == .left }
        let process = try Process(socket.path)
        try serve(socket, &seen) { $0.last == .joined([1]) }
        withExtendedLifetime(process) {}
    }
}

/// Sends bytes and a descriptor with them. - Returns: whether they went.
private func passing(_ descriptor: Int32, over socket: Int32, with bytes: [UInt8]) -> Bool {
    var bytes = bytes
    // A cmsghdr, the descriptor behind it, and padding to eight bytes.
    var control = [UInt32](repeating: 0, count: 6)
    (control[0], control[2], control[3], control[4]) = (20, UInt32(SOL_SOCKET), 1, UInt32(bitPattern: descriptor))
    return bytes.withUnsafeMutableBytes { bytes in
        control.withUnsafeMutableBytes { control in
            var part = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
            return withUnsafeMutablePointer(to: &part) { part in
                var message = msghdr()
                (message.msg_iov, message.msg_iovlen) = (part, 1)
                (message.msg_control, message.msg_controllen) = (control.baseAddress, control.count)
                return sendmsg(socket, &message, 0) == bytes.count
            }
        }
    }
}
