import Line
import Telnet

/// A serial port on a TCP connection by RFC 2217 (`rfc2217://` in pySerial): data, rates, control lines and breaks in one
/// stream, and each has its place in it.
///
/// What a client asks for is answered when it has been done, behind what it sent before. Its lines are released until it
/// asserts them, and when it goes: an assumption, as a server has no driver that would assert them.
package final class RFC2217Port: Transport {
    package let path: String
    /// The rate that the port has now. What the client has sent since may have another one already.
    package private(set) var clientBaud = ComPortServer.firstBaud

    private let service: TCPService
    private var server = ComPortServer()
    private var buffer = [UInt8](repeating: 0, count: RFC2217Port.piece)
    /// What the client has asked for and has not been done yet.
    private var pending: [(asker: UInt64, action: ComPortAction)] = []
    private var lastAsker: UInt64 = 0
    /// The rate of the port, once what was asked for is done.
    private var nextBaud = ComPortServer.firstBaud
    private var wants = (input: true, output: false)
    private var refusals = RefusalCount()

    /// Bytes of the client's stream that are parsed at a time; the commands in them bound how far the client can get ahead.
    private static let piece = 4096
    /// How much output and how many actions may wait before no more is read from the client.
    private static let mostOutput = 64 << 10
    private static let mostPending = 64

    /// - Throws: `PortError`: `.busy` when the port is taken, `.noPermission`.
    package init(_ address: LoopbackAddress) throws(PortError) {
        service = try TCPService(address)
        path = "rfc2217://\(service.address)"
    }

    package var link: String? { nil }
    package var isOpen: Bool { service.hasClient }
    package var tellsRates: Bool { true }
    package var hangsUpOnClose: Bool { true }

    // MARK: From the client

    package func read(atMost limit: Int, _ handle: (borrowing PortInput) -> Void) throws(PortError) {
        var left = limit
        letGoIfStuck(handle)
        for _ in 0..<RefusalCount.mostEvents {
            switch service.next(into: &buffer, most: hasRoom ? max(0, min(left, buffer.count)) : 0) {
            case .nothing: return flush()
            case .opened: begin(handle)
            case .received(let count):
                left -= count
                take(count, handle)
                letGoIfStuck(handle)
            case .closed:
                pending.removeAll()
                handle(.closed)
            case .refused: refusals.tell(handle)
            case .noRoom: refusals.tellNoRoom(handle)
            }
        }
        flush()
    }

    /// A client that wants nothing sent and asks on: there is no more room for answers, and its word that they may be sent
    /// would not be read.
    private func letGoIfStuck(_ handle: (borrowing PortInput) -> Void) {
        guard isStuck else { return }
        service.letGo()
        pending.removeAll()
        handle(
            .remark(
                "the client has asked for so much with its flow suspended (RFC 2217) that \(Self.mostOutput >> 10) KB of "
                    + "answers wait: it was sent away"))
        handle(.closed)
    }

    private func begin(_ handle: (borrowing PortInput) -> Void) {
        server = ComPortServer()
        server.begin()
        pending.removeAll()
        refusals = RefusalCount()
        clientBaud = server.baud
        nextBaud = server.baud
        handle(.opened)
        handle(.baud(clientBaud))
    }

    private func take(_ count: Int, _ handle: (borrowing PortInput) -> Void) {
        var index = 0
        while let event = server.next(in: buffer.span.extracting(0..<count), from: &index) {
            switch event {
            case .data:
                let data = server.data
                handle(.data(data.span, clientBaud: server.baud))
            case .remark(let text): handle(.remark(text))
            case .action(let action):
                lastAsker += 1
                pending.append((lastAsker, action))
                handle(.request(action.request, asker: lastAsker, baud: changedBaud(by: action)))
            }
        }
    }

    /// The rate that the port then has, if it is another one: clients set what is set already.
    private func changedBaud(by action: ComPortAction) -> Int? {
        guard case .baud(let baud) = action, baud != nextBaud else { return nil }
        nextBaud = baud
        return baud
    }

    // MARK: To the client

    package func answer(_ asker: UInt64, _ answer: PortAnswer) {
        guard let place = pending.firstIndex(where: { $0.asker == asker }) else { return }
        let action = pending.remove(at: place).action
        if case .baud(let baud) = action { clientBaud = baud }
        server.confirm(action)
        server.see(answer.lines.subtracting([.dataTerminalReady, .requestToSend]))
        flush()
    }

    /// Takes everything while no client is there, and nothing while the one that is there has not taken what it was given.
    package func write(_ bytes: Span<UInt8>) throws(PortError) -> Int {
        guard isOpen else { return bytes.count }
        if !server.output.isEmpty { flush() }
        guard server.output.isEmpty, !server.isSuspended else { return 0 }
        let piece = bytes.extracting(first: Self.piece)
        server.send(piece)
        flush()
        return piece.count
    }

    /// Sends what the client takes.
    private func flush() {
        while !server.isSuspended, !server.output.isEmpty {
            let waiting = server.output.waiting
            let count = service.send(waiting.span)
            guard count > 0 else { break }
            server.output.drop(count)
        }
        wait()
    }

    // MARK: Waiting

    package func pollDescriptors(takesInput: Bool, hasOutput: Bool) -> [PollDescriptor] {
        wants = (takesInput, hasOutput)
        wait()
        return [service.pollDescriptor]
    }

    private func wait() {
        service.wait(
            forInput: wants.input && hasRoom,
            // A socket has room nearly always: the loop comes back at once.
            forRoom: isStuck || (!server.isSuspended && (wants.output || !server.output.isEmpty)))
    }

    private var isStuck: Bool { isOpen && server.isSuspended && server.output.count >= Self.mostOutput }

    private var hasRoom: Bool { server.output.count < Self.mostOutput && pending.count < Self.mostPending }
}

extension ComPortAction {
    /// What the port is asked for.
    fileprivate var request: PortRequest {
        switch self {
        case .baud: .settings
        case .line(let line, isAsserted: true): .lines(asserted: line, released: [])
        case .line(let line, isAsserted: false): .lines(asserted: [], released: line)
        case .breakState(let isOn): .sendBreak(isOn ? .beginning : .end)
        case .breakKey: .sendBreak(.whole)
        case .purge(let queues): .flush(queues)
        }
    }
}
