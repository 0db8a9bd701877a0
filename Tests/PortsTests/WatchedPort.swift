import Line
import Ports
import TestForms
import Testing

/// A port, and what it has told.
final class WatchedPort<Port: Transport> {
    var port: Port
    private(set) var seen: [Seen] = []
    private(set) var askers: [UInt64] = []

    init(_ port: Port) {
        self.port = port
    }

    /// Reads once.
    func look(atMost limit: Int = 1 << 16) throws {
        try port.read(atMost: limit) { input in
            seen.append(input)
            if case .request(_, let asker, _) = input { askers.append(asker) }
        }
    }

    /// Reads until `isEnough`, waiting for the port's descriptors; two seconds at most.
    /// - Parameter around: done before each look.
    func watch(
        atMost limit: Int = 1 << 16, around: () throws -> Void = {}, until isEnough: ([Seen]) throws -> Bool
    ) throws {
        let clock = MonotonicClock()
        let end = Instant(nanoseconds: 2_000_000_000)
        while true {
            try around()
            try look(atMost: limit)
            if try isEnough(seen) { return }
            try #require(clock.now < end, "it does not come: \(seen.suffix(5))")
            _ = try Readiness.wait(
                for: port.pollDescriptors(takesInput: limit > 0, hasOutput: false),
                until: clock.now.advanced(by: .milliseconds(5)), clock: clock)
        }
    }

    /// Takes what it has told.
    func take() -> [Seen] {
        defer { seen.removeAll() }
        return seen
    }

    /// Carries out what the client has asked for.
    func answerAll(lines: ControlLines = []) {
        for asker in askers {
            port.answer(asker, PortAnswer(lines: lines, received: 0, sent: 0, serial: SerialSettings()))
        }
        askers.removeAll()
    }

    /// What the client gets, until it is `count` bytes or the connection ends; two seconds at most.
    func given(_ client: TCPClient, _ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try watch { _ in
            let (new, hasEnded) = client.receive()
            bytes += new
            return bytes.count >= count || hasEnded
        }
        return bytes
    }
}
