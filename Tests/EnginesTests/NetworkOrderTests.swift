import Line
import Ports
import TestForms
import Testing

@testable import Bench

/// What a client does over the network to the lines has its place among the data, whatever time does.
@Suite struct NetworkOrderTests {
    /// Hears characters and lines as they come.
    private struct Ear: Machine {
        enum Heard: Equatable {
            case characters([UInt8])
            case lines(ControlLines)
        }
        var heard: [Heard] = []
        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            add(characters.withUnsafeBufferPointer { Array($0) })
        }
        mutating func add(_ characters: [UInt8]) {
            if case .characters(let before)? = heard.last {
                heard[heard.count - 1] = .characters(before + characters)
            } else {
                heard.append(.characters(characters))
            }
        }
        mutating func controlLines(_ lines: ControlLines, at moment: Instant) { heard.append(.lines(lines)) }
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
    }

    /// Nothing has to be asked for: a bench with a client that does nothing sleeps.
    @Test func anIdleClientWakesNobody() throws {
        let clock = ScriptedClock()
        let port = DevicePort(
            Ear(), on: try RFC2217Port(LoopbackAddress(port: 0)), time: TimeMode(.wire), clock: clock, tap: nil)
        let client = try TCPClient(port.path)
        client.send([255, 250, 44, 5, 8, 255, 240])
        for _ in 0..<10_000 where port.device.heard.isEmpty {
            clock.advance(to: clock.now.advanced(by: .milliseconds(1)))
            _ = try port.turn()
        }
        #expect(port.device.heard == [.lines(.dataTerminalReady)])
        #expect(try port.turn() == nil)
    }

    /// Values of SET-CONTROL (RFC 2217 §3), and what a port then asserts.
    private static let pulses: [(control: UInt8, lines: ControlLines)] = [
        (8, .dataTerminalReady), (11, [.dataTerminalReady, .requestToSend]), (9, .requestToSend), (12, []),
    ]

    /// A thousand pulses without a wait between them, each between other characters.
    @Test(arguments: [
        TimeMode(.wire, isStrict: true), TimeMode(.wire), TimeMode(.brisk), TimeMode(.fast),
    ])
    func aThousandPulsesStandInTheirPlaces(time: TimeMode) throws {
        let clock = ScriptedClock()
        let port = DevicePort(
            Ear(), on: try RFC2217Port(LoopbackAddress(port: 0)), time: time, clock: clock, tap: nil)
        let client = try TCPClient(port.path)
        var generator = SplitMix64(seed: 14)
        var (stream, answers): ([UInt8], [UInt8]) = ([], [])
        var wanted = Ear()
        for pulse in 0..<2000 {
            let (control, lines) = Self.pulses[pulse % 4]
            let characters = (0...Int(generator.next(below: 4))).map { _ in UInt8(250 + generator.next(below: 6)) }
            wanted.add(characters)
            wanted.controlLines(lines, at: .zero)
            stream += characters.flatMap { $0 == 255 ? [255, 255] : [$0] } + [255, 250, 44, 5, control, 255, 240]
            answers += [255, 250, 44, 105, control, 255, 240]
        }
        // RFC 2217 §1, what the server proposes.
        var given: [UInt8] = []
        for _ in 0..<200_000 where given.count < 15 + answers.count {
            stream.removeFirst(client.send(Array(stream.prefix(5000))))
            let deadline = try port.turn()
            given += client.receive().bytes
            clock.advance(to: max(deadline ?? .zero, clock.now.advanced(by: .microseconds(100))))
        }
        #expect(given.dropFirst(15) == answers[...], "each is answered, in its turn")
        #expect(port.device.heard == wanted.heard)
    }
}
