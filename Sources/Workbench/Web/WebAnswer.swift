import Files
import Words

/// What the server answers.
struct WebAnswer: Sendable {
    var status: WebStatus
    /// Beside those that every answer has.
    var fields: [(name: String, value: String)] = []
    var body: Body
    /// Whether nothing else is taken on this connection.
    var endsConnection = false

    enum Body: Sendable {
        case bytes([UInt8])
        /// What a file has now.
        case file(OpenFile)
    }

    init(_ status: WebStatus, kind: String, _ body: Body, download name: String? = nil) {
        self.status = status
        self.body = body
        fields = [("Content-Type", kind)]
        if let name { fields.append(("Content-Disposition", "attachment; filename=\"\(name)\"")) }
    }

    static func json(_ value: JSONValue, _ status: WebStatus = .ok) -> WebAnswer {
        WebAnswer(status, kind: "application/json", .bytes(Array(value.description.utf8)))
    }

    var byteCount: Int {
        switch body {
        case .bytes(let bytes): bytes.count
        case .file(let file): file.byteCount
        }
    }

    /// Nothing of another server's, nothing inline, nobody's frame; and nothing is kept.
    private static let always = [
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), serial=(), usb=()"),
    ]

    /// What comes before the body.
    var head: [UInt8] {
        var text = "HTTP/1.1 \(status.rawValue) \(status.phrase)\r\n"
        for (name, value) in Self.always where !fields.contains(where: { $0.name == name }) {
            text += "\(name): \(value)\r\n"
        }
        for (name, value) in fields { text += "\(name): \(value)\r\n" }
        // A switch of protocols has no body, and its connection goes on.
        if status != .switchingProtocols {
            text += "Content-Length: \(byteCount)\r\nConnection: \(endsConnection ? "close" : "keep-alive")\r\n"
        }
        return Array((text + "\r\n").utf8)
    }
}
