import Line
import Ports
import Testing

@testable import Bench

/// What a client asks of its port takes its place among the data, to the nanosecond.
@Suite struct PortRequestTests {
    /// Hears characters and lines as they come.
    private struct Ear: Machine {
        enum Heard: Equatable {
            case characters(Int)
            case lines(ControlLines)
        }
        var heard: [Heard] = []
        /// When the lines moved.
        var moved: [Instant] = []
        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            if case .characters(let count)? = heard.last {
                heard[heard.count - 1] = .characters(count + characters.count)
            } else {
                heard.append(.characters(characters.count))
            }
        }
        mutating func controlLines(_ lines: ControlLines, at moment: Instant) {
            heard.append(.lines(lines))
            moved.append(moment)
        }
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
    }

    private func bench(_ pace: TimeMode.Pace = .wire) -> ScriptedBench<Ear> {
        ScriptedBench(Ear(), time: pace == .wire ? TimeMode(.wire, isStrict: true) : TimeMode(pace))
    }

    /// A hundred characters of 115,200 baud take 8.68 ms: then the line moves, and then the answer comes.
    @Test func linesMoveBehindWhatWasWritten() throws {
        let bench = bench()
        bench.client.write(toChip: [UInt8](repeating: 0x55, count: 100))
        bench.client.ask(.lines(asserted: .requestToSend, released: []))
        try bench.pass(.milliseconds(5))
        #expect(bench.client.answers.isEmpty, "characters are still crossing")
        // Another thread's, which did not wait.
        bench.client.write(toChip: [UInt8](repeating: 0xAA, count: 50))
        try bench.pass(.milliseconds(20))
        #expect(bench.port.device.heard == [.characters(100), .lines(.requestToSend), .characters(50)])
        #expect(bench.port.device.moved == [Instant(nanoseconds: 8_680_555)])
        try #require(bench.client.answers.count == 1)
        #expect(bench.client.answers[0].answer.lines == .requestToSend)
        #expect(bench.client.answers[0].at.nanoseconds < 8_700_000, "and not with some later turn")
    }

    /// On an idle wire, and where characters take no time, the answer comes in the same turn.
    @Test(arguments: [TimeMode.Pace.wire, .brisk, .fast])
    func anIdleWireAnswersAtOnce(pace: TimeMode.Pace) throws {
        let bench = bench(pace)
        if pace != .wire { bench.client.write(toChip: [1, 2, 3]) }
        bench.client.ask(.opened)
        bench.client.ask(.lines(asserted: [], released: .dataTerminalReady))
        bench.client.ask(.lines(asserted: .dataTerminalReady, released: .requestToSend))
        bench.client.ask(.state)
        _ = try bench.port.turn()
        #expect(bench.client.answers.map(\.request) == [0, 1, 2, 3])
        #expect(
            bench.client.answers.map(\.answer.lines) == [
                [.dataTerminalReady, .requestToSend], .requestToSend, .dataTerminalReady, .dataTerminalReady,
            ])
        #expect(bench.client.answers.last?.answer.sent == (pace == .wire ? 0 : 3))
    }

    /// Where the clock goes ahead of the wall's, nobody waits for what has crossed already.
    @Test func theClockGoesAheadOfARequest() throws {
        let bench = ScriptedBench(Ear(), time: TimeMode(.wire))
        bench.client.write(toChip: [UInt8](repeating: 0x55, count: 26_096))
        bench.client.ask(.lines(asserted: .requestToSend, released: []))
        try bench.pass(.milliseconds(1))
        #expect(bench.port.device.heard == [.characters(26_096), .lines(.requestToSend)])
        #expect(bench.client.answers.count == 1)
        // Each piece of the write ends at a whole nanosecond.
        let moved = try #require(bench.port.device.moved.first)
        #expect(abs(moved.nanoseconds - 26_096 * 86_805_555 / 1000) < 10)
    }

    /// A flush waits for nothing: what has not left the adapter is taken back.
    @Test func aFlushComesAtOnce() throws {
        let bench = bench()
        bench.client.write(toChip: [UInt8](repeating: 0x55, count: 1000))
        bench.client.ask(.flush(.output))
        bench.client.ask(.drain)
        _ = try bench.port.turn()
        #expect(bench.client.answers.map(\.request) == [0])
        try bench.pass(.milliseconds(100))
        // Two milliseconds are out of its reach (an assumption): 23 characters.
        #expect(bench.port.device.heard == [.characters(23)])
    }

    /// A port that is closed releases its lines after the last character, if the client's settings say so.
    @Test(arguments: [true, false])
    func theLastCloseHangsUp(hangsUp: Bool) throws {
        let bench = bench()
        bench.client.hangsUpOnClose = hangsUp
        bench.client.openItsPort()
        bench.client.ask(.opened)
        _ = try bench.port.turn()
        bench.client.write(toChip: [1, 2, 3, 4])
        bench.client.closeItsPort()
        try bench.pass(.milliseconds(10))
        let opened: [Ear.Heard] = [.lines([.dataTerminalReady, .requestToSend]), .characters(4)]
        #expect(bench.port.device.heard == opened + (hangsUp ? [.lines([])] : []))
    }

    /// The next client finds the lines as its own opening has left them.
    @Test func theNextClientComesAfterTheHangUp() throws {
        let bench = bench()
        bench.client.openItsPort()
        bench.client.ask(.opened)
        _ = try bench.port.turn()
        bench.client.write(toChip: [UInt8](repeating: 1, count: 1000))
        bench.client.closeItsPort()
        _ = try bench.port.turn()
        bench.client.openItsPort()
        bench.client.ask(.opened)
        try bench.pass(.milliseconds(100))
        #expect(lines(bench) == [.lines(ClientPortState.opened), .lines([]), .lines(ClientPortState.opened)])
    }

    private func lines(_ bench: ScriptedBench<Ear>) -> [Ear.Heard] {
        bench.port.device.heard.filter { if case .lines = $0 { true } else { false } }
    }

    /// A client that asks for a line and goes at once does not leave it asserted: nobody else would release it.
    @Test func whatIsAskedForDoesNotOutliveTheClient() throws {
        let bench = bench()
        bench.client.openItsPort()
        bench.client.write(toChip: [UInt8](repeating: 1, count: 100))
        bench.client.ask(.lines(asserted: .requestToSend, released: []))
        bench.client.closeItsPort()
        try bench.pass(.milliseconds(50))
        #expect(bench.port.device.heard == [.characters(100), .lines(.requestToSend), .lines([])])
    }

    /// Nor does it happen to the next client, and no thread waits for ever for its answer.
    @Test func norDoesItHappenToTheNextClient() throws {
        let bench = bench()
        bench.client.openItsPort()
        bench.client.write(toChip: [UInt8](repeating: 1, count: 100))
        bench.client.ask(.lines(asserted: .requestToSend, released: []))
        bench.client.ask(.sendBreak(.whole))
        bench.client.closeItsPort()
        _ = try bench.port.turn()
        #expect(bench.client.answers.isEmpty)
        bench.client.openItsPort()
        bench.client.write(toChip: [2, 2, 2])
        bench.client.ask(.lines(asserted: .dataTerminalReady, released: []))
        try bench.pass(.milliseconds(50))
        #expect(bench.port.device.heard == [.characters(3), .lines(.dataTerminalReady)])
        #expect(bench.client.answers.map(\.request) == [0, 1, 2])
        #expect(bench.client.answers.map(\.answer.lines) == [[], [], .dataTerminalReady])
    }

    /// A flush makes the wire idle earlier; what was asked before it is still done before what is written or asked after it.
    @Test(arguments: [true, false])
    func aFlushDoesNotTurnTheOrder(closes: Bool) throws {
        let bench = bench()
        bench.client.openItsPort()
        bench.client.write(toChip: [UInt8](repeating: 1, count: 100))
        bench.client.ask(.lines(asserted: .requestToSend, released: []))
        _ = try bench.port.turn()
        bench.client.ask(.flush(.output))
        _ = try bench.port.turn()
        if closes {
            bench.client.closeItsPort()
        } else {
            bench.client.write(toChip: [2])
            bench.client.ask(.lines(asserted: [], released: .requestToSend))
        }
        try bench.pass(.milliseconds(50))
        // Two milliseconds are out of the flush's reach (an assumption): 23 characters.
        var wanted: [Ear.Heard] = [.characters(23), .lines(.requestToSend)]
        if !closes { wanted.append(.characters(1)) }
        wanted.append(.lines([]))
        #expect(bench.port.device.heard == wanted)
    }
}
