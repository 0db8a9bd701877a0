import Line
import Telnet

/// A client's end of a connection to a `ComPortServer`.
struct Conversation {
    var server = ComPortServer()
    /// What the client's stream has come to.
    private(set) var events: [Seen] = []

    enum Seen: Hashable {
        case data([UInt8])
        case action(ComPortAction)
        case remark(String)
    }

    /// The client sends this, in pieces of so many bytes.
    mutating func hear(_ bytes: [UInt8], pieces: Int = .max) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(pieces))
            rest = rest.dropFirst(piece.count)
            var index = 0
            while let event = server.next(in: piece.span, from: &index) { add(event) }
        }
    }

    private mutating func add(_ event: ComPortServer.Event) {
        switch event {
        case .action(let action): events.append(.action(action))
        case .remark(let text): events.append(.remark(text))
        case .data:
            guard case .data(let before)? = events.last else { return events.append(.data(server.data)) }
            events[events.count - 1] = .data(before + server.data)
        }
    }

    /// Takes what has happened.
    mutating func take() -> [Seen] {
        defer { events.removeAll() }
        return events
    }

    /// Takes what is sent to the client.
    mutating func takeOutput() -> [UInt8] {
        var bytes: [UInt8] = []
        server.output.take(server.output.count, into: &bytes)
        return bytes
    }

    /// What the client is answered to a command whose actions are carried out at once.
    mutating func answer(to bytes: [UInt8]) -> [UInt8] {
        hear(bytes)
        for case .action(let action) in take() { server.confirm(action) }
        return takeOutput()
    }
}

/// A subnegotiation of the COM-PORT-OPTION (RFC 2217 §2: IAC SB COM-PORT-OPTION … IAC SE), IAC doubled in it (RFC 855).
func comPort(_ bytes: UInt8...) -> [UInt8] {
    [255, 250, 44] + bytes.flatMap { $0 == 255 ? [255, 255] : [$0] } + [255, 240]
}
