import CPorts
import Glibc
import Line
import Ports
import TestForms
import Testing

/// The socket on which the preload library of `run` asks, against anybody who finds it.
@Suite struct LinesSocketTests {
    /// A request, byte by byte as tools/preload/lines/requests.h has it.
    private static func request(_ kind: UInt32, _ first: UInt32 = 0, _ second: UInt32 = 0, version: UInt32 = 1)
        -> [UInt8]
    {
        [version, kind, first, second].flatMap { field in (0..<4).map { UInt8(truncatingIfNeeded: field >> (8 * $0)) } }
    }

    /// A connection that never blocks.
    private struct Peer: ~Copyable {
        let descriptor: Int32
        init(_ path: String) throws {
            descriptor = ports_local_connect(path, 1000)
            try #require(descriptor >= 0)
        }
        deinit { close(descriptor) }
        func say(_ bytes: [UInt8]) { _ = ports_local_send(descriptor, bytes, bytes.count) }
        /// What there is to read; nil at the end.
        func hear() -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(descriptor, &bytes, bytes.count)
            return count == 0 || (count < 0 && errno != EAGAIN) ? nil : Array(bytes.prefix(max(0, count)))
        }
    }

    private func asked(_ socket: LinesSocket) -> [(UInt64, PortRequest)] {
        var requests: [(UInt64, PortRequest)] = []
        for _ in 0..<20 { socket.receive { requests.append(($0, $1)) } }
        return requests
    }

    @Test func everyRequestIsRead() throws {
        let folder = try Folder()
        let socket = try LinesSocket(path: folder["lines"])
        // TIOCM_DTR is 2, TIOCM_RTS 4.
        for (bytes, wanted) in [
            (Self.request(1), .state), (Self.request(2), .opened),
            (Self.request(3, 2, 4), .lines(asserted: .dataTerminalReady, released: .requestToSend)),
            (Self.request(4), .settings), (Self.request(5, 3), .flush(.both)),
            (Self.request(6, 1), .sendBreak(.beginning)),
            (Self.request(7), .drain),
            (Self.request(8, 0x2030, 12), .serial(SerialSettings(flags: 0x2030, divisor: 12))),
        ] as [([UInt8], PortRequest)] {
            let peer = try Peer(folder["lines"])
            peer.say(bytes)
            let requests = asked(socket)
            try #require(requests.count == 1)
            #expect(requests[0].1 == wanted)
            #expect(peer.hear() == [], "it waits")
            socket.answer(
                requests[0].0,
                PortAnswer(
                    lines: [.dataTerminalReady, .requestToSend], received: 258, sent: 3,
                    serial: SerialSettings(flags: 0x2000, divisor: 5)))
            #expect(peer.hear() == [6, 0, 0, 0, 2, 1, 0, 0, 3, 0, 0, 0, 0, 0x20, 0, 0, 5, 0, 0, 0])
            #expect(peer.hear() == nil, "one connection, one request")
        }
    }

    @Test func nonsenseIsSentAway() throws {
        let folder = try Folder()
        let socket = try LinesSocket(path: folder["lines"])
        var generator = SplitMix64(seed: 1)
        var said = [
            [1], Array(Self.request(1).dropLast()), Self.request(0), Self.request(9), Self.request(1, version: 2),
            Self.request(5, 0), Self.request(5, 4), Self.request(5, 257), Self.request(6, 3),
        ]
        for _ in 0..<500 {
            said.append((0..<(1 + Int(generator.next() % 40))).map { _ in UInt8(truncatingIfNeeded: generator.next()) })
        }
        for bytes in said {
            let peer = try Peer(folder["lines"])
            peer.say(bytes)
            #expect(asked(socket).isEmpty, "\(bytes)")
            #expect(peer.hear() == nil, "\(bytes)")
        }
        let peer = try Peer(folder["lines"])
        peer.say(Self.request(1))
        #expect(asked(socket).count == 1, "and those who ask are heard")
    }

    /// A client that connects and says nothing gives way; one that waits for an answer does not.
    @Test func manyConnections() throws {
        let folder = try Folder()
        let socket = try LinesSocket(path: folder["lines"])
        var silent: [Int32] = []
        defer { silent.forEach { close($0) } }
        for _ in 0..<(3 * LinesSocket.mostAskers) {
            silent.append(ports_local_connect(folder["lines"], 1000))
            #expect(asked(socket).isEmpty)
        }
        var waiting: [UInt64] = []
        var askers: [Int32] = []
        defer { askers.forEach { close($0) } }
        for _ in 0..<LinesSocket.mostAskers {
            askers.append(ports_local_connect(folder["lines"], 1000))
            let request = Self.request(1)
            _ = ports_local_send(askers.last!, request, request.count)
            waiting += asked(socket).map(\.0)
        }
        #expect(waiting.count == LinesSocket.mostAskers)
        let late = try Peer(folder["lines"])
        late.say(Self.request(7))
        #expect(asked(socket).isEmpty, "it waits its turn")
        socket.answer(waiting[0], PortAnswer(lines: [], received: 0, sent: 0, serial: SerialSettings()))
        #expect(asked(socket).map(\.1) == [.drain])
        // One who has gone meanwhile is answered like the others.
        close(askers.removeLast())
        socket.answer(waiting.last!, PortAnswer(lines: [], received: 0, sent: 0, serial: SerialSettings()))
    }
}
