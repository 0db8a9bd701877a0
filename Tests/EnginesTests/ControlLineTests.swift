import Emulator
import Line
import ScenarioFiles
import Scenarios
import Simulation
import Testing
import Wire

@testable import Bench

/// A board whose RESET_B hangs on the adapter's RTS, with the pulses of real hosts (ECR6600 facts §11.2: D0 R1, 50 ms,
/// D1 R1, D1 R0, 50 ms, D0).
@Suite struct ControlLineTests {
    private static let pulses: [(milliseconds: Int64, lines: ControlLines)] = [
        (1000, .requestToSend), (1050, [.requestToSend, .dataTerminalReady]), (1051, .dataTerminalReady), (1101, []),
    ]
    private static let sync: [UInt8] = [0x63, 0x6E, 0x79, 0x73]

    private func chip(_ board: String) throws -> Chip {
        var overrides = Overrides()
        overrides.board = try Catalogue.board(board)
        overrides.start = .rom
        let setup = try Setup(Scenario(name: "lines"), seed: 1, overrides: overrides)
        return Chip(settings: setup.chip, flash: setup.sampleFlash())
    }

    /// When RESET_B went low and high, in milliseconds.
    private func resets(_ chip: inout Chip) -> [String] {
        chip.takeEvents().compactMap { event in
            guard case .reset(let isHeld) = event.kind else { return nil }
            return "\(isHeld ? "low" : "high") \(event.time.nanoseconds / 1_000_000)"
        }
    }

    @Test(arguments: [("evk", ["low 1000", "high 1051"]), ("tnce-plug", [])])
    func rtsPullsResetLow(board: String, wanted: [String]) throws {
        let bench = ScriptedBench(try chip(board), time: TimeMode(.wire, isStrict: true))
        var now = Int64(0)
        for (milliseconds, lines) in Self.pulses {
            try bench.pass(.milliseconds(milliseconds - now))
            bench.client.set(lines)
            now = milliseconds
            // What comes while the pin is low reaches nobody.
            if milliseconds == 1000 {
                bench.client.write(toChip: Self.sync)
                #expect(try bench.answer(1, within: .milliseconds(20)) == (wanted.isEmpty ? [0x01] : []))
                now += 20
            }
        }
        try bench.pass(.milliseconds(50))
        #expect(resets(&bench.port.device) == wanted)
        bench.client.write(toChip: Self.sync)
        #expect(
            try bench.answer(1, within: .milliseconds(50)) == (wanted.isEmpty ? [] : [0x01]),
            "begins anew, or waits for a header")
    }

    /// In virtual time there is no port: the same board's lines count as released.
    @Test func withoutLinesTheBoardIsNotInReset() throws {
        var line = VirtualLine(host: Silent(), device: try chip("evk"))
        line.run(until: Instant.zero.advanced(by: .seconds(2)))
        #expect(!line.device.isHeldInReset)
        #expect(line.device.loaderName != nil)
        line.setHostLines(.requestToSend)
        #expect(line.device.isHeldInReset)
        line.setHostLines(.dataTerminalReady)
        #expect(!line.device.isHeldInReset)
    }

    private struct Silent: Machine {
        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {}
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
    }

    /// A break lasts longer than a character: the chip gets a 0 for it, behind what was written before.
    @Test func aBreakReachesTheChipAsAZero() throws {
        let bench = ScriptedBench(Ear(), time: TimeMode(.wire, isStrict: true))
        bench.client.write(toChip: [0x55])
        bench.client.sendBreak()
        try bench.pass(.milliseconds(100))
        #expect(bench.port.device.heard == [0x55, 0x00])
    }

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
}
