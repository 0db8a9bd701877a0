import Line
import Ports
import Testing

@testable import Bench

/// A wall's clock that a test moves.
final class ScriptedClock: WallClock {
    private var time = Instant.zero
    /// How much passes with each look at it: a real one does not stand still while a bench works.
    var tick = Duration.zero

    var now: Instant {
        time = time.advanced(by: tick)
        return time
    }

    func advance(to moment: Instant) { time = max(time, moment) }
}

/// A client without a file descriptor: what it writes waits here, as in a pseudo-terminal, and what it is given stays.
final class ScriptedClient: Transport {
    let path = "scripted"
    let link: String? = nil
    var isOpen = true
    var clientBaud = 115_200
    /// What it has been given, in order, with the wall's time.
    private(set) var given: [(byte: UInt8, at: Instant)] = []
    private let clock: ScriptedClock
    private var written: [UInt8] = []
    private var lines: ControlLines?
    private var breaks = 0
    private var requests: [PortRequest] = []
    /// What its requests were answered with, in the order of the answers, with the wall's time.
    private(set) var answers: [(request: Int, answer: PortAnswer, at: Instant)] = []
    private var requestCount = 0
    var hangsUpOnClose = true
    private var isClosing = false
    private var isOpening = false

    /// A pseudo-terminal's packets.
    private static let packet = 4095

    init(_ clock: ScriptedClock) {
        self.clock = clock
    }

    func write(toChip bytes: [UInt8]) { written += bytes }

    /// Its port asserts these from now on, before anything that is written later.
    func set(_ lines: ControlLines) { self.lines = lines }

    /// Behind what is written.
    func sendBreak() { breaks += 1 }

    /// Asks for something behind what is written. - Returns: what `answers` calls it.
    @discardableResult
    func ask(_ request: PortRequest) -> Int {
        requests.append(request)
        return requestCount + requests.count - 1
    }

    func answer(_ asker: UInt64, _ answer: PortAnswer) { answers.append((Int(asker), answer, clock.now)) }

    func dropUnread() { given.removeAll() }

    /// Behind what is written and asked.
    func closeItsPort() { isClosing = true }
    /// Before what is written then.
    func openItsPort() { isOpening = true }

    /// Takes away what it was given.
    func take() -> [(byte: UInt8, at: Instant)] {
        defer { given.removeAll() }
        return given
    }

    func read(atMost limit: Int, _ handle: (borrowing PortInput) -> Void) throws(PortError) {
        var total = 0
        if isOpening { handle(.opened) }
        isOpening = false
        if let lines { handle(.controlLines(lines)) }
        lines = nil
        while total < limit, !written.isEmpty {
            let packet = Array(written.prefix(Self.packet))
            written.removeFirst(packet.count)
            handle(.data(packet.span, clientBaud: clientBaud))
            total += packet.count
        }
        for _ in 0..<breaks { handle(.breakSent) }
        breaks = 0
        for request in requests {
            handle(.request(request, asker: UInt64(requestCount), baud: nil))
            requestCount += 1
        }
        requests.removeAll()
        if isClosing { handle(.closed) }
        isClosing = false
    }

    func write(_ bytes: Span<UInt8>) throws(PortError) -> Int {
        for index in bytes.indices { given.append((bytes[index], clock.now)) }
        return bytes.count
    }

    func pollDescriptors(takesInput: Bool, hasOutput: Bool) -> [PollDescriptor] { [] }
}

/// A chip on a bench whose client and whose wall's clock are the test's.
final class ScriptedBench<Device: Machine> {
    let clock = ScriptedClock()
    let client: ScriptedClient
    private var idleTurns = 0
    let port: DevicePort<Device, ScriptedClient, ScriptedClock>

    init(
        _ device: Device, time: TimeMode = TimeMode(.wire), conditions: LineConditions = .perfect, tap: TraceTap? = nil
    ) {
        client = ScriptedClient(clock)
        port = DevicePort(device, on: client, time: time, clock: clock, tap: tap, conditions: conditions)
    }

    /// Lets the wall's time pass, with the turns that the bench asks for, until `isEnough` or `duration` is over.
    func pass(_ duration: Duration, until isEnough: () -> Bool = { false }) throws {
        let end = clock.now.advanced(by: duration)
        while true {
            let deadline = try port.turn()
            if isEnough() || port.hasBeenUnplugged { return }
            guard let deadline, deadline < end else { break }
            // A bench that asks for a moment that has come is a bench that never sleeps.
            if deadline > clock.now { idleTurns = 0 } else { idleTurns += 1 }
            try #require(idleTurns < 100, "no time passes at \(clock.now)")
            clock.advance(to: max(deadline, clock.now.advanced(by: .microseconds(1))))
        }
        clock.advance(to: end)
        _ = try port.turn()
    }

    /// What the client has when `count` bytes have come, or `duration` is over.
    func answer(_ count: Int, within duration: Duration) throws -> [UInt8] {
        try pass(duration) { client.given.count >= count }
        return client.take().map(\.byte)
    }
}
