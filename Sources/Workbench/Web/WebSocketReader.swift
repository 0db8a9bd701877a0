/// Takes a client's frames apart (RFC 6455 §5). It holds no more than one message, and refuses what is too long before it has
/// come.
struct WebSocketReader: Sendable {
    enum Item: Hashable, Sendable {
        case text(String)
        case ping([UInt8])
        /// The client's last word, with the code that it gave.
        case close(UInt16)
    }

    /// Why the connection is closed: the code that the client is told.
    struct Problem: Error, Hashable, Sendable {
        var code: UInt16
        var reason: String

        static func malformed(_ reason: String) -> Problem { Problem(code: 1002, reason: reason) }
    }

    /// Bytes of a message.
    static let longest = 64 << 10
    private static let longestControl = 125

    private var bytes: [UInt8] = []

    /// Whether a frame has begun that is not complete.
    var isInside: Bool { !bytes.isEmpty }

    /// - Parameter more: what has come, at most a few KB at a time.
    mutating func take(_ more: [UInt8]) { bytes += more }

    /// The next item of what was taken; nil until more comes. - Throws: `Problem`.
    mutating func next() throws(Problem) -> Item? {
        while true {
            guard bytes.count >= 2 else { return nil }
            let (first, second) = (bytes[0], bytes[1])
            try Self.check(first, second)
            let isControl = first & 0x08 != 0
            var (start, length) = (2, Int(second & 0x7F))
            if length >= 126 {
                let width = length == 126 ? 2 : 8
                guard !isControl else { throw .malformed("a control frame has at most 125 bytes") }
                guard bytes.count >= 2 + width else { return nil }
                var long: UInt64 = 0
                for byte in bytes[2..<(2 + width)] { long = long << 8 | UInt64(byte) }
                guard long <= UInt64(Self.longest) else {
                    throw Problem(code: 1009, reason: "a message has at most \(Self.longest) bytes")
                }
                guard long >= (width == 2 ? 126 : 0x1_0000) else {
                    throw .malformed("a length is written longer than needed")
                }
                (start, length) = (2 + width, Int(long))
            }
            guard bytes.count >= start + 4 + length else { return nil }
            let mask = Array(bytes[start..<(start + 4)])
            var payload = Array(bytes[(start + 4)..<(start + 4 + length)])
            for place in payload.indices { payload[place] ^= mask[place & 3] }
            bytes.removeFirst(start + 4 + length)
            if let item = try Self.item(first & 0x0F, payload) { return item }
        }
    }

    private static func check(_ first: UInt8, _ second: UInt8) throws(Problem) {
        guard first & 0x70 == 0 else { throw .malformed("no extension was agreed on") }
        guard second & 0x80 != 0 else { throw .malformed("a client masks its frames") }
        switch first & 0x0F {
        case 0x0: throw .malformed("nothing that could be continued has begun")
        case 0x1, 0x8, 0x9, 0xA: break
        case 0x2: throw Problem(code: 1003, reason: "messages are text")
        default: throw .malformed("unknown kind of frame")
        }
        guard first & 0x80 != 0 else {
            throw first & 0x0F == 0x1
                ? Problem(code: 1003, reason: "a message comes in one frame")
                : .malformed("a control frame comes in one piece")
        }
    }

    private static func item(_ kind: UInt8, _ payload: [UInt8]) throws(Problem) -> Item? {
        switch kind {
        case 0x1:
            guard let text = String(validating: payload, as: UTF8.self) else {
                throw Problem(code: 1007, reason: "a message is UTF-8")
            }
            return .text(text)
        case 0x9: return .ping(payload)
        case 0x8:
            guard payload.count != 1 else { throw .malformed("half a code") }
            guard payload.count >= 2 else { return .close(1000) }
            let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
            guard (1000...1003).contains(code) || (1007...1014).contains(code) || (3000...4999).contains(code) else {
                throw .malformed("no such code")
            }
            guard String(validating: payload[2...], as: UTF8.self) != nil else {
                throw Problem(code: 1007, reason: "a reason is UTF-8")
            }
            return .close(code)
        default: return nil
        }
    }
}

/// A server's frames, ready to be sent: they are not masked, so that one serves all clients.
enum WebSocketFrame {
    static func text(_ text: String) -> [UInt8] { frame(0x1, Array(text.utf8)) }
    static func pong(_ payload: [UInt8]) -> [UInt8] { frame(0xA, payload) }

    static func close(_ code: UInt16, _ reason: String = "") -> [UInt8] {
        frame(0x8, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason.utf8.prefix(120))
    }

    private static func frame(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
        var head = [0x80 | kind]
        switch payload.count {
        case ..<126: head.append(UInt8(payload.count))
        case ..<0x1_0000: head += [126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            head.append(127)
            for shift in stride(from: 56, through: 0, by: -8) { head.append(UInt8(payload.count >> shift & 0xFF)) }
        }
        return head + payload
    }
}
