import Line
import Ports
import TestForms
import Testing

/// A serial port by RFC 2217, as its transport: the protocol itself is tested in its room.
@Suite struct RFC2217PortTests {
    private func port() throws -> WatchedPort<RFC2217Port> {
        WatchedPort(try RFC2217Port(LoopbackAddress(port: 0)))
    }

    private func comPort(_ bytes: UInt8...) -> [UInt8] { [255, 250, 44] + bytes + [255, 240] }

    /// RFC 2217 §1: what the server proposes.
    private let proposals: [UInt8] = [255, 251, 0, 255, 253, 0, 255, 251, 3, 255, 253, 3, 255, 253, 44]

    @Test func aWholeStreamInItsOrder() throws {
        let port = try port()
        #expect(port.port.path.hasPrefix("rfc2217://127.0.0.1:"))
        let client = try TCPClient(port.port.path)
        client.send(
            [1] + comPort(1, 0, 14, 16, 0) + [2, 255, 255] + comPort(5, 11) + [255, 243] + comPort(12, 1)
                + comPort(5, 5)
                + comPort(5, 6) + [3])
        try port.watch { $0.bytes.last == 3 }
        #expect(
            port.take() == [
                .opened, .baud(115_200), .data([1], 115_200), .request(.settings, baud: 921_600),
                .data([2, 255], 921_600), .request(.lines(asserted: .requestToSend, released: []), baud: nil),
                .request(.sendBreak(.whole), baud: nil), .request(.flush(.input), baud: nil),
                .request(.sendBreak(.beginning), baud: nil), .request(.sendBreak(.end), baud: nil), .data([3], 921_600),
            ])
        #expect(port.port.clientBaud == 115_200, "not yet")
        #expect(try port.given(client, 15) == proposals, "nor is anything answered")
        port.answerAll()
        #expect(port.port.clientBaud == 921_600)
        let answers =
            comPort(101, 0, 14, 16, 0) + comPort(105, 11) + comPort(112, 1) + comPort(105, 5) + comPort(105, 6)
        #expect(try port.given(client, answers.count) == answers)
    }

    /// What the board drives of the other lines is told when it changes.
    @Test func linesThatThePortSees() throws {
        let port = try port()
        let client = try TCPClient(port.port.path)
        client.send(comPort(5, 8))
        try port.watch { $0.count == 3 }
        port.answerAll(lines: [.dataTerminalReady, .clearToSend])
        let told = proposals + comPort(105, 8) + comPort(107, 0x11)
        #expect(try port.given(client, told.count) == told)
    }

    @Test func theNextClientFindsAPortAsNew() throws {
        let port = try port()
        let first = try TCPClient(port.port.path)
        first.send(comPort(1, 0, 0, 37, 128) + comPort(8))
        try port.watch { $0.count == 3 }
        first.leave()
        try port.watch { $0.last == .closed }
        // Nobody waits for this any more.
        port.answerAll()
        let second = try TCPClient(port.port.path)
        second.send(comPort(1, 0, 0, 0, 0))
        let told = proposals + comPort(101, 0, 1, 194, 0)
        #expect(try port.given(second, told.count) == told)
        #expect(port.port.clientBaud == 115_200)
        #expect(port.port.hangsUpOnClose)
    }

    /// RFC 2217 §5: neither data nor answers, until the client says so.
    @Test func aClientThatWantsNothingSent() throws {
        let port = try port()
        let client = try TCPClient(port.port.path)
        #expect(try port.given(client, 15) == proposals)
        client.send(comPort(8) + comPort(5, 7))
        // Behind both, to know that they have come.
        client.send([1])
        try port.watch { $0.bytes == [1] }
        #expect(try port.port.write([42].span) == 0)
        #expect(client.receive().bytes == [])
        client.send(comPort(9) + [2])
        try port.watch { $0.bytes == [1, 2] }
        #expect(try port.port.write([42].span) == 1)
        let told = comPort(105, 9) + [42]
        #expect(try port.given(client, told.count) == told)
    }

    /// Its answers have no more room, and its RESUME would not be read behind them.
    @Test(arguments: [true, false])
    func aSuspendedClientThatAsksOnIsLetGo(isActed: Bool) throws {
        let port = try port()
        let client = try TCPClient(port.port.path)
        #expect(try port.given(client, 15) == proposals)
        // Questions are answered at once (SET-CONTROL 7: DTR), actions when they are done (8: DTR on). More than 64 KB.
        let one = comPort(5, isActed ? 8 : 7)
        let asked: [UInt8] = (0..<12_000).flatMap { _ in one }
        var rest: ArraySlice<UInt8> = (comPort(8) + asked + comPort(9))[...]
        try port.watch(
            around: {
                rest = rest.dropFirst(client.send(Array(rest)))
                port.answerAll()
            }, until: { $0.last == .closed })
        #expect(!port.port.isOpen)
        let remarks = port.take().compactMap { seen -> String? in
            if case .remark(let text) = seen { text } else { nil }
        }
        #expect(remarks.count == 1)
        #expect(remarks.first?.contains("flow suspended") == true)
        let next = try TCPClient(port.port.path)
        #expect(try port.given(next, 15) == proposals)
    }

    /// Erased flash is nothing but IACs.
    @Test func dataIsEscaped() throws {
        let port = try port()
        let client = try TCPClient(port.port.path)
        #expect(try port.given(client, 15) == proposals)
        let flash = [UInt8](repeating: 255, count: 100_000)
        var rest = flash[...]
        var given: [UInt8] = []
        try port.watch { _ in
            rest = rest.dropFirst(try port.port.write(rest.span))
            given += client.receive().bytes
            return given.count >= 200_000
        }
        #expect(given == flash + flash)
        var sent = 0
        try port.watch(around: { sent += client.send(Array(given[sent...])) }) { $0.bytes.count == 100_000 }
        #expect(port.take().bytes == flash)
    }

    /// Commands without end, whose answers nobody reads: no more is read than there is room for.
    @Test(arguments: [[5, 7], [0], [5, 8]] as [[UInt8]])
    func aFloodOfCommands(command: [UInt8]) throws {
        let port = try port()
        let client = try TCPClient(port.port.path, receiveRoom: 4096)
        try port.watch { $0.contains(.opened) }
        let flood: [UInt8] = (0..<5000).flatMap { _ in [255, 250, 44] + command + [255, 240] }
        var sent = 0
        // Until nothing is taken any more, neither here nor there.
        for _ in 0..<2000 {
            let count = client.send(flood)
            sent += count
            try port.look()
            if command != [5, 8] { port.answerAll() }
        }
        #expect(port.askers.count < 2000, "actions that wait")
        #expect(sent < 16 << 20, "the system's buffers, and no more")
        client.leave()
        try port.watch { $0.last == .closed }
        let next = try TCPClient(port.port.path)
        #expect(try port.given(next, 15) == proposals)
    }

    @Test func twoHundredClients() throws {
        let port = try port()
        for round in 0..<200 {
            let client = try TCPClient(port.port.path)
            client.send([255, 250, 44, 1][..<(round % 5)] + [UInt8](repeating: 255, count: round % 4))
            if round % 2 == 0 { client.vanish() } else { client.leave() }
            if round % 7 == 0 { try port.look() }
        }
        try port.watch { $0.last == .closed }
        let last = try TCPClient(port.port.path)
        #expect(try port.given(last, 15) == proposals)
    }
}
