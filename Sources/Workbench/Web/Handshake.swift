import FlyingFox
import Foundation

/// The beginning of a WebSocket (RFC 6455 §4.2): FlyingFox looks at the fields, and makes the key's answer.
enum Handshake {
    /// - Returns: `Sec-WebSocket-Accept`; nil where the request is not how a WebSocket begins.
    static func accept(_ head: RequestHead) async throws -> String? {
        var fields: [HTTPHeader: String] = [:]
        for name in ["host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version"] {
            fields[HTTPHeader(name)] = head[name]
        }
        let request = HTTPRequest(
            method: .GET, version: .http11, path: head.path, query: [], headers: fields, body: Data())
        let response = try await WebSocketHTTPHandler(handler: Unused()).handleRequest(request)
        return response.statusCode == .switchingProtocols ? response.headers[.webSocketAccept] : nil
    }

    /// Its frames are never asked for: `LiveTab` has them.
    private struct Unused: WSHandler {
        func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
            AsyncStream { $0.finish() }
        }
    }
}
