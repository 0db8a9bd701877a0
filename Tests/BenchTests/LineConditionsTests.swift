import Glibc
import Line
import Ports
import Scenarios
import Testing

@testable import Bench

/// What a line can have, on the real-time bench: the same state as in virtual time, between a pseudo-terminal and a chip.
@Suite struct LineConditionsTests {
    private let rate = BitRate(baud: 115_200)

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    private func conditions(_ faults: (name: String, values: [String: Int])...) throws -> LineConditions {
        var conditions = LineConditions()
        conditions.faults = try faults.map { LabelledFault(try FaultCatalogue.fault($0.name, values: $0.values)) }
        return conditions
    }

    /// Keeps what reaches it.
    private struct Ear: Machine {
        var heard: [UInt8] = []

        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            heard += characters.withUnsafeBufferPointer { Array($0) }
        }
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
    }

    private func heard(through conditions: LineConditions) -> (bytes: [UInt8], firings: [Int]) {
        var link = SerialLink<NoSteps>(conditions, commitment: .whenCrossed)
        var (ear, host, listener) = (Ear(), Ear(), SilentListener())
        link.write([UInt8](0...99).span, at: at(1), rate: rate)
        for milliseconds in stride(from: Int64(1), to: 50, by: 3) {
            link.carryToChip(by: at(milliseconds), from: host, to: &ear, &listener)
            link.deliver(by: at(milliseconds), to: &host, device: &ear, &listener)
        }
        return (ear.heard, link.incidents.map(\.count))
    }

    @Test func aPerfectLineBringsEverything() {
        #expect(heard(through: .perfect).bytes == [UInt8](0...99))
    }

    @Test func anOpenWireBringsNothing() throws {
        let (bytes, firings) = heard(through: try conditions(("open-wire", [:])))
        #expect(bytes.isEmpty)
        #expect(firings == [1])
    }

    /// Pulled out at 5 ms of a run that began at 1 ms: at 115200 baud a character takes 86.8 µs, so 46 get across.
    @Test func whatWasOnItsWayIsLost() throws {
        let (bytes, firings) = heard(through: try conditions(("unplugged", ["after": 5])))
        #expect(bytes == [UInt8](0..<46))
        #expect(firings == [1])
    }

    /// Where nothing takes time, only faults on characters are left.
    @Test func levelsNeedTimeToPass() throws {
        var plan = EmulationPlan(try Setup(Scenario(name: "a"), seed: 1), time: TimeMode(.fast))
        plan.conditions.faults = [LabelledFault(try FaultCatalogue.fault("open-wire"))]
        try plan.check()
        plan.conditions.chipInput.threshold = 3200
        #expect(throws: EmulationPlanError.levelsWithoutRates) { try plan.check() }
        plan.time = TimeMode(.brisk)
        try plan.check()
    }

    /// Runs a port with a client on it until the client has heard so many bytes or ten seconds have passed.
    private func bytesHeard(_ count: Int, through conditions: LineConditions) throws -> (heard: Int, firings: [Int]) {
        let terminal = try PseudoTerminal()
        let path = terminal.path
        let port = DevicePort(
            Ear(), on: terminal, time: TimeMode(.wire), clock: MonotonicClock(), tap: nil, conditions: conditions)
        port.housekeeping = { _, now in now.advanced(by: .milliseconds(10)) }
        let client = try openRaw(path)
        defer { close(client) }
        var heard = 0
        try port.run(alsoWaitingFor: []) { port, _ in
            var buffer = [UInt8](repeating: 0, count: 4096)
            heard += max(0, read(client, &buffer, buffer.count))
            return heard >= count || port.clock.now > at(10_000)
        }
        return (heard, port.incidentCounts.map(\.count))
    }

    private func openRaw(_ path: String) throws -> Int32 {
        let client = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK)
        try #require(client >= 0)
        var settings = termios()
        try #require(tcgetattr(client, &settings) == 0)
        cfmakeraw(&settings)
        try #require(tcsetattr(client, TCSANOW, &settings) == 0)
        return client
    }

    @Test func staleBytesWaitForTheFirstClient() throws {
        let (heard, firings) = try bytesHeard(16, through: try conditions(("stale-bytes", ["count": 16])))
        #expect(heard == 16)
        #expect(firings == [1])
    }

    /// The client hears its port hang up once its owner lets go of it.
    @Test func unpluggingHangsUp() throws {
        let client: Int32
        do {
            let terminal = try PseudoTerminal()
            let path = terminal.path
            let port = DevicePort(
                Ear(), on: terminal, time: TimeMode(.wire), clock: MonotonicClock(), tap: nil,
                conditions: try conditions(("unplugged", ["after": 50])))
            port.housekeeping = { _, now in now.advanced(by: .milliseconds(10)) }
            client = try openRaw(path)
            let ending = try port.run(alsoWaitingFor: []) { port, _ in port.clock.now > at(10_000) }
            #expect(ending == .unplugged)
            #expect(port.incidentCounts.map(\.count) == [1])
            #expect(write(client, [0x63], 1) == 1)
        }
        defer { close(client) }
        #expect(write(client, [0x63], 1) == -1)
        #expect(errno == EIO)
    }
}
