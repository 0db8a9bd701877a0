import Testing

@testable import Workbench

/// What a client may write before the body, and what is refused (RFC 9112).
struct RequestHeadTests {
    private func head(_ text: String) throws -> RequestHead { try RequestHead(Array(text.utf8)) }

    private func refusal(_ text: String) -> WebStatus? {
        do {
            _ = try head(text)
            return nil
        } catch {
            return (error as? WebRefusal)?.status
        }
    }

    @Test func aRequestIsTakenApart() throws {
        let head = try head("GET /page/bench.css?v=1 HTTP/1.1\r\nHost: localhost:8660\r\nX-Odd:\t a:b \r\nAccept: a, b")
        #expect(head.method == "GET" && head.path == "/page/bench.css" && !head.isOld)
        #expect(head["host"] == "localhost:8660" && head["x-odd"] == "a:b" && head["origin"] == nil)
        #expect(head.has("b", in: "accept") && !head.has("c", in: "accept"))
        #expect(try self.head("GET / HTTP/1.0").isOld)
    }

    @Test(arguments: [
        ("", WebStatus.badRequest), ("GET /", .badRequest), ("GET  / HTTP/1.1", .badRequest),
        ("G(T / HTTP/1.1", .badRequest), ("GET / HTTP/2", .httpVersionNotSupported),
        ("GET http://localhost/ HTTP/1.1", .badRequest), ("GET * HTTP/1.1", .badRequest),
        ("GET / HTTP/1.1\r\nHost : a", .badRequest), ("GET / HTTP/1.1\r\n a: b", .badRequest),
        ("GET / HTTP/1.1\r\nA: b\nC: d", .badRequest), ("GET / HTTP/1.1\r\nA: \u{0}", .badRequest),
        ("GET / HTTP/1.1\r\nno colon", .badRequest), ("GET / HTTP/1.1\r\nHost: a\r\nHost: a", .badRequest),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 1", .badRequest),
        ("GET /" + String(repeating: "a", count: 2000) + " HTTP/1.1", .uriTooLong),
        ("GET / HTTP/1.1" + String(repeating: "\r\nA: b", count: 65), .requestHeaderFieldsTooLarge),
    ])
    func whatIsNotClearIsRefused(text: String, status: WebStatus) {
        #expect(refusal(text) == status)
    }

    @Test func aLengthIsANumber() throws {
        func count(_ field: String) throws -> Int? { try head("POST / HTTP/1.1\r\n" + field).bodyByteCount() }
        #expect(try count("A: b") == nil)
        #expect(try count("Content-Length: 4194304") == 4_194_304)
        for text in ["-1", "+1", "0x1", "1 1", "1,1", "", "9999999999999999999"] {
            #expect(throws: WebRefusal.self) { try count("Content-Length: \(text)") }
        }
        #expect(throws: WebRefusal.self) { try count("Transfer-Encoding: chunked") }
    }
}

/// Which page may use the bench.
struct LoopbackRulesTests {
    private let rules = LoopbackRules(port: 8660)

    private func status(_ method: String, _ fields: [String]) throws -> WebStatus? {
        let head = try RequestHead(Array((["\(method) / HTTP/1.1"] + fields).joined(separator: "\r\n").utf8))
        do {
            try rules.check(head)
            return nil
        } catch {
            return error.status
        }
    }

    @Test(
        arguments: [
            ("GET", ["Host: 127.0.0.1:8660"], nil), ("GET", ["Host: LOCALHOST:8660"], nil),
            ("GET", [], WebStatus.misdirectedRequest), ("GET", ["Host: localhost"], .misdirectedRequest),
            ("GET", ["Host: localhost:8661"], .misdirectedRequest),
            ("GET", ["Host: evil.example:8660"], .misdirectedRequest),
            ("GET", ["Host: localhost:8660", "Origin: http://localhost:8660"], nil),
            // What two names lead to is two pages to a browser.
            ("GET", ["Host: localhost:8660", "Origin: http://127.0.0.1:8660"], .forbidden),
            ("GET", ["Host: localhost:8660", "Origin: null"], .forbidden),
            ("GET", ["Host: localhost:8660", "Upgrade: websocket"], .forbidden),
            ("POST", ["Host: localhost:8660", "X-Solderless: 1"], .forbidden),
            ("POST", ["Host: localhost:8660", "Origin: http://localhost:8660"], .forbidden),
            ("POST", ["Host: localhost:8660", "Origin: http://localhost:8660", "X-Solderless: 1"], nil),
            ("GET", ["Host: localhost:8660", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"], .forbidden),
            ("GET", ["Host: localhost:8660", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"], nil),
            ("GET", ["Host: localhost:8660", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors"], nil),
        ] as [(String, [String], WebStatus?)])
    func itIsItsOwnPage(method: String, fields: [String], expected: WebStatus?) throws {
        #expect(try status(method, fields) == expected)
    }
}
