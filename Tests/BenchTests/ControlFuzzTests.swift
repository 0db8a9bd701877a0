import CPorts
import Emulator
import Foundation
import Glibc
import Line
import TestForms
import Testing
import Words

@testable import Bench

/// Programs that mean no good at a control socket: they send what is no request, half of one, too much, all at once and a byte
/// at a time; they do not read, and go in the midst of a line. The bench goes on, keeps little, and answers the next one.
@Suite struct ControlFuzzTests {
    @Test func anyClients() throws {
        let folder = try Folder()
        let bench = HostileBench(try ControlServer(path: folder["s"]))
        var generator = SplitMix64(seed: 14)
        let inputs = byForm(short: 20_000, long: 1_000_000)
        let clock = ContinuousClock()
        var memory = 0
        var longest = Duration.zero
        for round in 0..<inputs {
            try bench.send(HostileRequest.random(&generator), &generator)
            longest = max(longest, clock.measure { bench.serve(&generator) })
            // Only what grows with the inputs counts.
            if round == inputs / 10 { memory = Self.residentByteCount }
            guard round % 500 == 499 else { continue }
            guard try bench.isAlive() else {
                Issue.record("deaf after input \(round)")
                return
            }
        }
        #expect(bench.answered > inputs / 8, "\(bench.answered) answers")
        #expect(bench.refused > inputs / 8, "\(bench.refused) refusals")
        // Sixteen clients, a line and a quarter of a megabyte each.
        #expect(Self.residentByteCount - memory < 16 << 20, "\(Self.residentByteCount - memory) bytes")
        #expect(longest < .seconds(2), "\(longest)")
        print(
            "control socket: \(inputs) inputs, \(bench.answered) answers, \(bench.refused) refusals,",
            "\(bench.connections) clients, longest turn \(longest), \(Self.residentByteCount - memory) bytes more")
    }

    /// Lines alone, without a socket: every one is a request or is refused in words of one line.
    @Test func anyLine() {
        var generator = SplitMix64(seed: 15)
        for round in 0..<byForm(short: 20_000, long: 1_000_000) {
            for line in HostileRequest.random(&generator).split(separator: 0x0A) {
                do throws(ControlRefusal) {
                    let call = try ControlCall(line: Array(line))
                    guard (try? ControlCall(line: Array(call.json.description.utf8))) == call else {
                        Issue.record("input \(round): \(call.json) is another request when it is sent again")
                        return
                    }
                } catch {
                    let words = error.json.description
                    guard words.utf8.count < 2000 + line.count, !words.utf8.contains(0x0A) else {
                        Issue.record("input \(round): \(words)")
                        return
                    }
                }
            }
        }
    }

    /// What this process has of the memory.
    private static var residentByteCount: Int {
        let words = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

/// A control server, and the clients that it has.
private final class HostileBench {
    private let server: ControlServer
    private var clients: [Int32] = []
    private(set) var answered = 0
    private(set) var refused = 0
    private(set) var connections = 0

    init(_ server: ControlServer) { self.server = server }

    deinit { clients.forEach { close($0) } }

    /// Somebody sends it, whole or in two pieces; now and then somebody comes, reads, or goes.
    func send(_ bytes: [UInt8], _ generator: inout SplitMix64) throws {
        if clients.isEmpty || (clients.count < 20 && generator.next(below: 10) == 0) { try connect() }
        let index = Int(generator.next(below: UInt64(clients.count)))
        let cut = generator.next(below: 4) == 0 ? Int(generator.next(below: UInt64(bytes.count + 1))) : bytes.count
        for piece in [bytes[..<cut], bytes[cut...]] where !piece.isEmpty {
            let piece = Array(piece)
            // What is not taken is lost: a line without its end.
            _ = ports_local_send(clients[index], piece, piece.count)
            if generator.next(below: 2) == 0 { serve(&generator) }
        }
        switch generator.next(below: 24) {
        case 0: close(clients.remove(at: index))
        case 1: shutdown(clients[index], Int32(SHUT_WR))
        case 2: shutdown(clients[index], Int32(SHUT_RD))
        case 3...8: read(clients[index])
        default: break
        }
        // Those that the server has let go are of no use.
        clients.removeAll { descriptor in
            guard generator.next(below: 16) == 0, hasEnded(descriptor) else { return false }
            close(descriptor)
            return true
        }
    }

    func serve(_ generator: inout SplitMix64) {
        server.serve { (request) throws(ControlRefusal) in
            answered += 1
            if request == .reset, answered % 7 == 0 { throw ControlRefusal(.failed, "the port has failed") }
            return ControlAnswer(at: .zero, [.init("power", .string("on"))])
        }
        if generator.next(below: 8) == 0 {
            server.tell([ControlEvent(ChipEvent(time: .zero, kind: .power(on: true)))])
        }
    }

    /// Whether somebody new is answered within some turns: the others have gone.
    func isAlive() throws -> Bool {
        clients.forEach { close($0) }
        clients = []
        for _ in 0..<200 { server.serve { (_) throws(ControlRefusal) in ControlAnswer(at: .zero) } }
        try connect()
        let question = Array("{\"verb\":\"status\",\"id\":7}\n".utf8)
        guard ports_local_send(clients[0], question, question.count) == question.count else { return false }
        for _ in 0..<200 {
            server.serve { (_) throws(ControlRefusal) in ControlAnswer(at: .zero) }
            let answer = text(of: clients[0])
            if !answer.isEmpty { return answer == "{\"version\":1,\"id\":7,\"ok\":true,\"atNanoseconds\":0}\n" }
        }
        return false
    }

    private func connect() throws {
        let descriptor = ports_local_connect(server.path, 1000)
        try #require(descriptor >= 0, "cannot connect: errno \(errno)")
        clients.append(descriptor)
        connections += 1
        // Nobody waits to be taken in, or the queue would be full.
        for _ in 0..<4 { server.serve { (_) throws(ControlRefusal) in ControlAnswer(at: .zero) } }
    }

    private func read(_ descriptor: Int32) {
        let answer = text(of: descriptor)
        refused += answer.split(separator: "\n").count { $0.contains("\"ok\":false") }
    }

    private func text(of descriptor: Int32) -> String {
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 65536)
        while case let count = recv(descriptor, &bytes, bytes.count, Int32(MSG_DONTWAIT)), count > 0 {
            text += String(decoding: bytes[..<count], as: UTF8.self)
        }
        return text
    }

    private func hasEnded(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT | MSG_PEEK))
        return count == 0 || (count < 0 && errno != EAGAIN)
    }
}
