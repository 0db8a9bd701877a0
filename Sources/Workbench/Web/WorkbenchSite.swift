import Bench
import Capture
import Files
import Foundation
import Synchronization
import Words

/// What there is to ask for, and what is answered.
struct WorkbenchSite: Sendable {
    let bench: WorkbenchBench
    let rules: LoopbackRules
    private let readers = ReadingDesk()

    /// Bytes of a trace that is to be played.
    static let mostTraceBytes = 64 << 20

    init(_ bench: WorkbenchBench, _ rules: LoopbackRules) {
        self.bench = bench
        self.rules = rules
    }

    /// Serves a connection to its end.
    func serve(_ stream: WebStream) async {
        var stream = stream
        var isFirst = true
        do {
            while let head = try await stream.head(isFirst: isFirst) {
                isFirst = false
                try rules.check(head)
                if head.path == "/live" {
                    try await stream.send(try await Self.handshake(head))
                    return await LiveTab(bench).serve(stream)
                }
                var answer = try await answer(head, &stream)
                answer.endsConnection = answer.endsConnection || head.isOld || head.has("close", in: "connection")
                try await stream.send(answer, withBody: head.method != "HEAD")
                if answer.endsConnection { return await stream.linger() }
            }
        } catch let refusal as WebRefusal {
            try? await stream.send(refusal.answer)
            await stream.linger()
        } catch {
            // The client has gone, or takes nothing: there is nobody who could be told.
        }
    }

    private func answer(_ head: RequestHead, _ stream: inout WebStream) async throws -> WebAnswer {
        let methods = Self.methods(of: head.path)
        guard !methods.isEmpty else { throw WebRefusal(.notFound, "there is no such page") }
        guard methods.contains(head.method) else {
            throw WebRefusal(.methodNotAllowed, "this takes \(methods.joined(separator: ", "))", allowed: methods)
        }
        guard head.method == "POST" else {
            guard try head.bodyByteCount() ?? 0 == 0 else {
                throw WebRefusal(.badRequest, "\(head.method) has no body")
            }
            return try await page(head.path)
        }
        guard let count = try head.bodyByteCount() else {
            throw WebRefusal(.lengthRequired, "say the body's length in Content-Length")
        }
        let most = head.path == "/image" ? ImageSlot.mostBytes : Self.mostTraceBytes
        guard count <= most else { throw WebRefusal(.payloadTooLarge, "at most \(most) bytes are allowed here") }
        guard count > 0 else { throw WebRefusal(.badRequest, "the body is empty") }
        if head["expect"]?.lowercased() == "100-continue" {
            try await stream.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
        }
        return try await head.path == "/image" ? image(count, &stream) : session(count, &stream)
    }

    private static func methods(of path: String) -> [String] {
        switch path {
        case "/", "/trace.pcap", "/report.html", "/backup.bin": ["GET", "HEAD"]
        case "/image", "/session": ["POST"]
        default: page(path) == nil ? [] : ["GET", "HEAD"]
        }
    }

    /// Names are looked up; no path is made of them.
    private static func page(_ path: String) -> PageFile? {
        guard path != "/" else { return PageFile.all[PageFile.first] }
        return path.hasPrefix("/page/") ? PageFile.all[String(path.dropFirst(6))] : nil
    }

    private func page(_ path: String) async throws -> WebAnswer {
        switch path {
        case "/trace.pcap":
            return WebAnswer(
                .ok, kind: "application/vnd.tcpdump.pcap", .file(try OpenFile(bench.trace)), download: "workbench.pcap")
        case "/report.html":
            let trace = bench.trace
            let report = "\(bench.folder.path)/report.html"
            let file = try await readers.take {
                defer { try? FileManager.default.removeItem(atPath: report) }
                try SessionReport.write(trace, name: "workbench.pcap", to: report)
                return try OpenFile(report)
            }
            // Its style and script stand in it: to be kept and opened, not to be shown from here.
            return WebAnswer(.ok, kind: "text/html; charset=utf-8", .file(file), download: "workbench-report.html")
        case "/backup.bin":
            guard let backup = bench.flasher.backup else { throw WebRefusal(.notFound, "there is no back-up yet") }
            return WebAnswer(
                .ok, kind: "application/octet-stream", .file(try OpenFile(backup)), download: "backup.bin")
        default:
            guard let file = Self.page(path) else { throw WebRefusal(.notFound, "there is no such page") }
            return WebAnswer(.ok, kind: file.kind, .bytes(file.bytes))
        }
    }

    private func image(_ count: Int, _ stream: inout WebStream) async throws -> WebAnswer {
        var bytes: [UInt8] = []
        try await stream.body(count) { bytes += $0 }
        return .json(try bench.images.take(bytes))
    }

    private func session(_ count: Int, _ stream: inout WebStream) async throws -> WebAnswer {
        let path = "\(bench.folder.path)/\(UUID().uuidString).pcap"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try ByteFile(creating: path, replacing: false)
        try await stream.body(count) { try file.write($0) }
        try file.finish()
        do {
            let json = try await readers.take { try RecordedSession.json(path, name: "recording") }
            return WebAnswer(.ok, kind: "application/json", .bytes(json))
        } catch var error as CaptureError {
            error.path = "the recording"
            throw WebRefusal(.unprocessableContent, "\(error)")
        }
    }

    private static func handshake(_ head: RequestHead) async throws -> WebAnswer {
        guard head.method == "GET", !head.isOld else {
            throw WebRefusal(.methodNotAllowed, "a WebSocket begins with GET", allowed: ["GET"])
        }
        guard head.isUpgrade else { throw WebRefusal(.upgradeRequired, "this is a WebSocket") }
        guard let accept = try await Handshake.accept(head) else {
            throw WebRefusal(.badRequest, "this is not how a WebSocket begins: version 13 and a key of 16 bytes")
        }
        var answer = WebAnswer(.switchingProtocols, kind: "", .bytes([]))
        answer.fields = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Accept", accept)]
        return answer
    }
}

/// Where traces are read, one at a time and on a thread of its own: it takes a processor for as long as it lasts.
final class ReadingDesk: Sendable {
    private let isTaken = Mutex(false)

    /// - Throws: `WebRefusal` while another one is read; what `work` throws.
    func take<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        let isFree = isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
        guard isFree else {
            throw WebRefusal(.serviceUnavailable, "another trace is being read; try again in a moment")
        }
        defer { isTaken.withLock { $0 = false } }
        return try await withCheckedThrowingContinuation { done in
            Thread.detachNewThread { done.resume(with: Swift.Result { try work() }) }
        }
    }
}
