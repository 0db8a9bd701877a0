import Line
import Ports
import TestForms
import Testing

/// A port that is reached over TCP, by clients of every kind.
@Suite struct TCPPortTests {
    private func port() throws -> WatchedPort<TCPPort> {
        WatchedPort(try TCPPort(LoopbackAddress(port: 0), baud: 115_200))
    }

    @Test func aClientComesAndGoes() throws {
        let port = try port()
        #expect(port.port.path.hasPrefix("socket://127.0.0.1:"))
        #expect(!port.port.isOpen)
        for round in 0..<3 {
            let client = try TCPClient(port.port.path)
            client.send([1, 255, UInt8(round)])
            try port.watch { $0.bytes.count == 3 }
            #expect(port.port.isOpen)
            #expect(try port.port.write([9, 255, 8].span) == 3)
            #expect(try port.given(client, 3) == [9, 255, 8])
            client.leave()
            try port.watch { $0.last == .closed }
            #expect(!port.port.isOpen)
            #expect(
                port.take() == [.opened, .baud(115_200), .data([1, 255, UInt8(round)], 115_200), .closed])
        }
    }

    /// What nobody receives is gone, as on a wire.
    @Test func withoutAClientAllIsTaken() throws {
        let port = try port()
        #expect(try port.port.write([1, 2, 3].span) == 3)
        let client = try TCPClient(port.port.path)
        try port.watch { $0.contains(.opened) }
        _ = try port.port.write([4].span)
        #expect(try port.given(client, 1) == [4])
    }

    /// Half a close is a close: what was sent before it comes first.
    @Test func aClientThatSendsNoMoreIsLetGo() throws {
        let port = try port()
        let client = try TCPClient(port.port.path)
        client.send([7])
        client.endSending()
        try port.watch { $0.last == .closed }
        #expect(port.take() == [.opened, .baud(115_200), .data([7], 115_200), .closed])
        #expect(try port.given(client, 1) == [], "the connection has ended for it as well")
    }

    @Test func aClientThatVanishesIsNoticed() throws {
        let port = try port()
        let client = try TCPClient(port.port.path)
        try port.watch { $0.contains(.opened) }
        client.vanish()
        try port.watch { $0.last == .closed }
        #expect(try port.port.write([1].span) == 1)
    }

    /// Also by a bench that takes nothing from it at the moment.
    @Test func soIsOneThatIsHeldBack() throws {
        let port = try port()
        let client = try TCPClient(port.port.path)
        try port.watch { $0.contains(.opened) }
        client.send([1, 2])
        client.vanish()
        try port.watch(atMost: 0) { $0.last == .closed }
    }

    @Test func aSecondClientIsSentAway() throws {
        let port = try port()
        let first = try TCPClient(port.port.path)
        try port.watch { $0.contains(.opened) }
        for _ in 0..<3 {
            let second = try TCPClient(port.port.path)
            let words = String(decoding: try port.given(second, .max), as: UTF8.self)
            #expect(words == "The port is in use: it takes one client at a time.\r\n")
        }
        first.send([5])
        try port.watch { $0.bytes == [5] }
        let remarks = port.take().filter { if case .remark = $0 { true } else { false } }
        #expect(remarks.count == 1, "said once")
        first.leave()
        let third = try TCPClient(port.port.path)
        third.send([6])
        try port.watch { $0.bytes == [6] }
        #expect(port.take() == [.closed, .opened, .baud(115_200), .data([6], 115_200)])
    }

    /// The next one need not wait until a bench has read what the one before has left.
    @Test func theNextComesBehindWhatWasSentBefore() throws {
        let port = try port()
        let first = try TCPClient(port.port.path)
        try port.watch { $0.contains(.opened) }
        let left = [UInt8](repeating: 3, count: 20_000)
        first.send(left)
        first.leave()
        let second = try TCPClient(port.port.path)
        second.send([4])
        try port.watch(atMost: 0) { $0.filter { $0 == .opened }.count == 2 }
        #expect(port.take() == [.opened, .baud(115_200), .data(left, 115_200), .closed, .opened, .baud(115_200)])
        try port.watch { $0.bytes == [4] }
    }

    /// A bench that takes nothing holds its client back, as a port does.
    @Test func aFloodIsHeldBack() throws {
        let port = try port()
        let client = try TCPClient(port.port.path)
        try port.watch { $0.contains(.opened) }
        let piece = [UInt8](repeating: 0x55, count: 65536)
        var sent = 0
        for _ in 0..<1000 {
            let count = client.send(piece)
            if count == 0 { break }
            sent += count
        }
        #expect(sent < 16 << 20, "the system's buffers, and no more")
        let before = port.seen.bytes.count
        try port.look(atMost: 1000)
        #expect(port.seen.bytes.count == before + 1000)
        try port.watch { $0.bytes.count == sent }
    }

    /// One that never reads is given what it has room for, and the rest waits with the caller.
    @Test func aClientThatNeverReads() throws {
        let port = try port()
        let client = try TCPClient(port.port.path, receiveRoom: 4096)
        try port.watch { $0.contains(.opened) }
        let piece = [UInt8](repeating: 0x55, count: 65536)
        var given = 0
        for _ in 0..<1000 {
            let count = try port.port.write(piece.span)
            given += count
            if count == 0 { break }
        }
        #expect(given < 16 << 20)
        #expect(try port.port.write(piece.span) == 0)
        client.leave()
        try port.watch { $0.last == .closed }
    }

    @Test func twoHundredClients() throws {
        let port = try port()
        for round in 0..<200 {
            let client = try TCPClient(port.port.path)
            if round % 3 == 0 { client.send([UInt8(round)]) }
            if round % 2 == 0 { client.vanish() } else { client.leave() }
            if round % 5 == 0 { try port.look() }
        }
        try port.watch { $0.last == .closed }
        let seen = port.take()
        let opened = seen.filter { $0 == .opened }.count
        #expect(opened == seen.filter { $0 == .closed }.count)
        #expect(opened > 0)
        let last = try TCPClient(port.port.path)
        last.send([1, 2, 3])
        try port.watch { $0.bytes == [1, 2, 3] }
    }

    @Test func aPortThatIsTaken() throws {
        let first = try TCPPort(LoopbackAddress(port: 0))
        let number = try #require(UInt16(first.path.split(separator: ":").last ?? ""))
        do {
            _ = try TCPPort(LoopbackAddress(port: number))
            Issue.record("two listen to one port")
        } catch {
            #expect(error.code == .busy)
            #expect(error.description.contains("127.0.0.1:\(number): another program listens there"))
            #expect(error.description.contains("name another port, or 0 for any"))
        }
    }

    // MARK: Addresses

    @Test(arguments: [
        ("127.0.0.1:0", "127.0.0.1:0"), ("localhost:4000", "127.0.0.1:4000"), ("127.3.2.1:65535", "127.3.2.1:65535"),
    ])
    func addresses(text: String, name: String) throws {
        #expect(try LoopbackAddress(text).description == name)
    }

    @Test(arguments: [
        "0.0.0.0:4000", "192.168.1.2:1", ":4000", "example.org:80", "127.0.0:1", "127.0.0.256:1", "127.0.0.+1:80",
        "127.0.0.01:80", "0127.0.0.1:80", "127.0..1:80",
    ])
    func othersAreRefusedWithASentence(text: String) {
        #expect { try LoopbackAddress(text) } throws: { "\($0)".hasPrefix("only 127.0.0.1 can be served, not") }
    }

    @Test(arguments: [
        "", "4000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+80", "127.0.0.1: 80",
        "[::1]:4000", "a:b:c",
    ])
    func soIsWhatIsNone(text: String) {
        #expect { try LoopbackAddress(text) } throws: {
            "\($0)".contains("is not an address: write 127.0.0.1 and a port")
        }
    }
}
