/// What a client asks for, as it stands before the body (RFC 9112). The client may be hostile: what is not clear is refused.
struct RequestHead: Hashable, Sendable {
    var method: String
    /// What stands before the question mark; as it came, with nothing decoded.
    var path: String
    /// Whether the client speaks HTTP/1.0, and expects the connection's end after the answer.
    var isOld: Bool
    private var fields: [Field]

    private struct Field: Hashable, Sendable {
        /// In lower case.
        var name: String
        var value: String
    }

    /// With the request line and the empty line at its end.
    static let mostBytes = 16 << 10
    static let mostFields = 64
    private static let mostTargetBytes = 1024
    /// Of these two readers might each take another one.
    private static let onceAtMost = [
        "host", "origin", "content-length", "transfer-encoding", "connection", "upgrade", "sec-websocket-key",
        "sec-websocket-version",
    ]

    /// - Parameter bytes: up to the empty line, which is left out.
    /// - Throws: `WebRefusal`.
    init(_ bytes: [UInt8]) throws(WebRefusal) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw WebRefusal(.badRequest, "a request's head is text")
        }
        // A line feed alone, a zero: no browser sends them, and servers differ about what they mean.
        let lines = text.unicodeScalars.split(separator: "\r\n".unicodeScalars)
        for line in lines where line.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) {
            throw WebRefusal(.badRequest, "a request's head contains a control character")
        }
        guard let first = lines.first else { throw WebRefusal(.badRequest, "the request is empty") }
        let words = String(first).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, Self.isToken(words[0]) else {
            throw WebRefusal(.badRequest, "a request begins with a method, a path and HTTP/1.1")
        }
        guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
            throw WebRefusal(.httpVersionNotSupported, "this server speaks HTTP/1.1")
        }
        guard words[1].utf8.count <= Self.mostTargetBytes else {
            throw WebRefusal(.uriTooLong, "no path here is that long")
        }
        guard words[1].hasPrefix("/") else {
            throw WebRefusal(.badRequest, "a path begins with a slash")
        }
        method = String(words[0])
        path = String(words[1].prefix { $0 != "?" })
        isOld = words[2] == "HTTP/1.0"
        fields = []
        for line in lines.dropFirst() { fields.append(try Self.field(String(line))) }
        guard fields.count <= Self.mostFields else {
            throw WebRefusal(.requestHeaderFieldsTooLarge, "a request has at most \(Self.mostFields) fields here")
        }
        for name in Self.onceAtMost where fields.count(where: { $0.name == name }) > 1 {
            throw WebRefusal(.badRequest, "the field \(name) stands there twice")
        }
    }

    /// What a field says; nil where it is not there. - Parameter name: in lower case.
    subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Whether a list in a field has this word, however it is written.
    func has(_ word: String, in name: String) -> Bool {
        (self[name] ?? "").split(separator: ",").contains { $0.trimmed.lowercased() == word }
    }

    /// How many bytes follow; nil where it is not said.
    /// - Throws: `WebRefusal`, also for a body in pieces, whose length nobody knows.
    func bodyByteCount() throws(WebRefusal) -> Int? {
        guard self["transfer-encoding"] == nil else {
            throw WebRefusal(.lengthRequired, "a body in pieces is not taken: say its length in Content-Length")
        }
        guard let text = self["content-length"] else { return nil }
        guard !text.isEmpty, text.utf8.count <= 18, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(text)
        else { throw WebRefusal(.badRequest, "Content-Length is a number") }
        return count
    }

    private static func field(_ line: String) throws(WebRefusal) -> Field {
        // A blank before the colon, or a line that goes on the one before: servers differ about what they mean.
        guard let colon = line.firstIndex(of: ":"), isToken(line[..<colon]) else {
            throw WebRefusal(.badRequest, "a field is a name, a colon and a value")
        }
        return Field(name: line[..<colon].lowercased(), value: String(line[line.index(after: colon)...].trimmed))
    }

    private static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

extension StringProtocol {
    /// Without blanks and tabs around it.
    fileprivate var trimmed: SubSequence {
        let rest = self[(firstIndex { $0 != " " && $0 != "\t" } ?? endIndex)...]
        return rest[..<(rest.lastIndex { $0 != " " && $0 != "\t" }.map { rest.index(after: $0) } ?? rest.endIndex)]
    }
}
