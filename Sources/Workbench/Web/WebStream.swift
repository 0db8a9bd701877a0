import Files
import FlyingSocks
import Foundation

/// A client's connection: what it sends is read here and nowhere else, and never more of it than was asked for.
struct WebStream {
    let socket: AsyncSocket
    let patience: Patience
    /// What has come and was not asked for yet.
    private var bytes: [UInt8] = []

    /// What a client may take for a request's head, for the next piece of a body, and for taking a piece of an answer.
    private static let headPatience = Duration.seconds(10)
    private static let piecePatience = Duration.seconds(10)
    /// For the whole of a body.
    private static let bodyPatience = Duration.seconds(120)
    /// Until it asks for the next thing.
    private static let idlePatience = Duration.seconds(60)
    private static let pieceByteCount = 64 << 10

    init(_ socket: AsyncSocket) {
        self.socket = socket
        patience = Patience(of: socket.socket)
    }

    // MARK: Reading

    /// The next request. - Returns: nil when the client has gone, or asks for nothing more.
    /// - Throws: `WebRefusal`.
    mutating func head(isFirst: Bool) async throws -> RequestHead? {
        var seen = 0
        let isLate = isFirst || !bytes.isEmpty
        patience.begin(.reading, isLate ? Self.headPatience : Self.idlePatience)
        defer { patience.end(.reading) }
        var isBegun = isLate
        while true {
            if let end = Self.end(of: bytes, from: seen) {
                let head = Array(bytes[..<end])
                bytes.removeFirst(end + 4)
                return try RequestHead(head)
            }
            guard bytes.count < RequestHead.mostBytes else {
                throw WebRefusal(
                    .requestHeaderFieldsTooLarge, "a request's head has at most \(RequestHead.mostBytes) bytes")
            }
            seen = max(0, bytes.count - 3)
            guard let more = try await piece(atMost: RequestHead.mostBytes + 4 - bytes.count) else {
                guard patience.hasEnded, !bytes.isEmpty else { return nil }
                throw WebRefusal(.requestTimeout, "the request did not come to its end")
            }
            if !isBegun { patience.begin(.reading, Self.headPatience) }
            isBegun = true
            bytes += more
        }
    }

    /// Hands a body over, piece by piece. - Throws: `WebRefusal`, what `take` throws.
    mutating func body(_ byteCount: Int, _ take: (ArraySlice<UInt8>) throws -> Void) async throws {
        let limit = ContinuousClock.now + Self.bodyPatience
        defer { patience.end(.reading) }
        var rest = byteCount
        while rest > 0 {
            if bytes.isEmpty {
                patience.begin(.reading, min(Self.piecePatience, limit - .now))
                guard let more = try await piece(atMost: min(rest, Self.pieceByteCount)) else {
                    throw WebRefusal(.requestTimeout, "the body ended \(rest) bytes too early")
                }
                bytes = more
            }
            let piece = bytes.prefix(rest)
            rest -= piece.count
            try take(piece)
            bytes.removeFirst(piece.count)
        }
    }

    /// What comes next, whatever it is; nil at the end.
    mutating func anything() async throws -> [UInt8]? {
        guard bytes.isEmpty else {
            defer { bytes = [] }
            return bytes
        }
        return try await piece(atMost: 4096)
    }

    private func piece(atMost count: Int) async throws -> [UInt8]? {
        do {
            return try await socket.read(atMost: count)
        } catch is SocketError {
            return nil
        }
    }

    private static func end(of bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (start...(bytes.count - 4)).first { place in
            bytes[place] == 0x0D && bytes[place + 1] == 0x0A && bytes[place + 2] == 0x0D && bytes[place + 3] == 0x0A
        }
    }

    // MARK: Writing

    func send(_ answer: WebAnswer, withBody: Bool = true) async throws {
        guard withBody else { return try await send(answer.head) }
        switch answer.body {
        case .bytes(let body): try await send(answer.head + body)
        case .file(let file):
            try await send(answer.head)
            var sent = 0
            while sent < answer.byteCount {
                let piece = try file.read(min(Self.pieceByteCount, answer.byteCount - sent), at: sent)
                // It has become shorter: the client sees that something is missing.
                guard !piece.isEmpty else { throw SocketError.disconnected }
                try await send(piece)
                sent += piece.count
            }
        }
    }

    func send(_ bytes: [UInt8]) async throws {
        defer { patience.end(.writing) }
        var sent = 0
        while sent < bytes.count {
            let piece = bytes[sent..<min(bytes.count, sent + Self.pieceByteCount)]
            patience.begin(.writing, Self.piecePatience)
            try await socket.write(Data(piece))
            sent += piece.count
        }
    }

    /// Lets the client read its answer before the connection is gone: what it still sends is thrown away meanwhile.
    mutating func linger() async {
        bytes = []
        shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
        patience.begin(.writing, .seconds(3))
        while (try? await piece(atMost: 4096)) != nil {}
    }
}
