import Emulator
import Faults
import Line
import Scenarios
import Simulation
import Testing
import Trace
import Wire

/// The chip's end, made while a trace is read: every difference stands before the bytes that it is about.
@Suite struct ChipEndTests {
    /// What a chip receives and sends, beside what its trace says of that.
    private struct Kept: Machine {
        var chip: Chip
        var received: [UInt8] = []
        var sent: [UInt8] = []

        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            received += characters.withUnsafeBufferPointer { Array($0) }
            chip.receive(characters, timing: timing)
        }
        mutating func otherEndSends(at moment: Instant, rate: BitRate) { chip.otherEndSends(at: moment, rate: rate) }
        mutating func advance(to now: Instant) { chip.advance(to: now) }
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
            let before = characters.count
            guard let timing = chip.transmit(into: &characters) else { return nil }
            sent += characters[before...]
            return timing
        }
        var deadline: Instant? { chip.deadline }
        func receiverClock(at moment: Instant) -> ReceiverClock { chip.receiverClock(at: moment) }
    }

    @Test(arguments: ["loose-wire", "lose-characters", "change-characters", "boot-chatter", "drop", "corrupt"])
    func isWhatTheChipHad(name: String) throws {
        var scenario = Scenario(name: "fault")
        let isAimed = name == "drop" || name == "corrupt"
        scenario.faults = [
            FaultChoice(
                name, aim: isAimed ? Aim(.piece, count: 2) : nil,
                values: name == "loose-wire" ? ["onset": 5000] : name == "lose-characters" ? ["from": 3] : [:])
        ]
        let setup = try Setup(scenario, seed: 5)
        let chip = Chip(settings: setup.chip, flash: setup.sampleFlash(), power: .on)
        var line = VirtualLine(
            host: Uploader(), device: Kept(chip: chip), conditions: setup.conditions)
        line.tap = LineTap(keepsEvents: true)
        line.run(until: Instant.zero.advanced(by: .seconds(2)))
        var end = ChipEnd()
        var made = Pair([UInt8]())
        for event in line.tap?.events ?? [] {
            switch event.kind {
            case .data(let direction, let bytes): made[direction] += end.data(bytes.span, direction)
            case .difference(let difference): made[difference.direction] += end.note(difference)
            default: break
            }
        }
        let (isReceived, isSent) = (made.hostToChip == line.device.received, made.chipToHost == line.device.sent)
        #expect(isReceived)
        #expect(isSent)
    }

    /// The sync word, a header and 4 KB, every half second.
    private struct Uploader: Machine {
        private var now = Instant.zero
        private var next = 0
        private let writes: [(at: Int, bytes: [UInt8])] = [
            (100, Array("cnys".utf8)), (200, [1, 0, 0, 0, 0, 0, 1, 0, 0, 16, 0, 0]),
            (300, (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 5) }), (1000, [0xA5, 0x90, 0, 0, 0x35]),
        ]

        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {}
        mutating func advance(to now: Instant) { self.now = now }
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
            guard let deadline, deadline <= now else { return nil }
            defer { next += 1 }
            characters += writes[next].bytes
            return RunTiming(start: deadline, backToBackAt: BitRate(baud: 115_200))
        }
        var deadline: Instant? {
            next < writes.count ? Instant.zero.advanced(by: .milliseconds(writes[next].at)) : nil
        }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
    }
}
