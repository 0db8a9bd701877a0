import Line
import Testing

/// ECR6600 facts §13.1: a pseudo-terminal takes at once what a real port would have held back.
@Suite struct HostWireTests {
    private let rate = BitRate(baud: 115_200)

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    @Test func runsFollowOneAnother() {
        var wire = HostWire(pacing: .strict)
        let first = wire.charge(1152, writtenAt: at(0), rate: rate)
        let second = wire.charge(1, writtenAt: at(1), rate: rate)
        #expect(abs(first.end(of: 1152).nanoseconds - 100_000_000) < 1000)
        #expect(second.start == first.end(of: 1152))
    }

    @Test func anIdleWireBeginsAtOnce() {
        var wire = HostWire(pacing: .strict)
        _ = wire.charge(10, writtenAt: at(0), rate: rate)
        #expect(wire.charge(10, writtenAt: at(500), rate: rate).start == at(500))
    }

    /// A stub of 26,096 bytes takes 2.27 s at 115200; the host allows 210 ms for the first answer after it.
    @Test func aBacklogIsForgivenBeyondItsLimit() {
        var wire = HostWire(pacing: .forgiving(.milliseconds(150)))
        var end = Instant.zero
        for chunk in 0..<7 {
            let timing = wire.charge(4095, writtenAt: Instant(nanoseconds: Int64(chunk) * 300_000), rate: rate)
            #expect(timing.start >= end)
            end = timing.end(of: 4095)
        }
        // 150 ms, and a microsecond for each character that was squeezed.
        #expect(end <= at(152 + 25))
        #expect(end >= at(149))
    }

    /// The host pauses after its write; the pause must not vanish in the backlog, or its next command reaches a stub
    /// that is still starting.
    @Test func aPauseIsKeptBehindABacklog() {
        var wire = HostWire(pacing: .forgiving(.milliseconds(150)))
        let upload = wire.charge(26_096, writtenAt: at(0), rate: rate)
        let command = wire.charge(5, writtenAt: at(10), rate: rate)
        #expect(upload.end(of: 26_096).duration(to: command.start) >= .milliseconds(9))
        #expect(command.end(of: 5) <= at(200), "the host allows 210 ms")
    }

    @Test func withoutPacingNothingTakesTime() {
        var wire = HostWire(pacing: .unpaced)
        #expect(wire.charge(100_000, writtenAt: at(3), rate: rate).end(of: 100_000) == at(3))
    }
}

/// The rule as `Sampling` states it, at the rates of ECR6600 facts §4.3 and §11.
@Suite struct SamplingTests {
    @Test(arguments: [
        (460_800, 476_190, true),  // 8 × 21: +3.3 %
        (691_200, 666_667, true),  // 8 × 15: −3.6 %
        (705_882, 666_667, false),  // what a CH340 makes of 691200
        (3_000_000, 3_333_333, false),  // 8 × 3: +11 %
        (921_600, 909_091, true),
        (115_200, 114_943, true),
        (115_200, 909_091, false),
    ])
    func toleratesHalfABitAtTheStopBit(sent: Int, received: Int, isClean: Bool) {
        #expect(Sampling.isClean(sent: BitRate(baud: sent), received: BitRate(baud: received)) == isClean)
    }

    /// Eight times too fast: the first sample at 1.5 receiver bits lies in the start bit, all eight before the second
    /// bit's end.
    @Test func aFastReceiverSeesTheStartBit() {
        var characters: [UInt8] = [0xFF, 0x00]
        let garbled = Sampling.distort(&characters, sent: BitRate(baud: 100_000), received: BitRate(baud: 800_000))
        #expect(garbled == 2)
        // Samples at 1.5/8 … 8.5/8 bits: seven in the start bit, the last in data bit 0.
        #expect(characters == [0x80, 0x00])
    }

    @Test func aSlowReceiverSeesFewerCharacters() {
        var characters = [UInt8](repeating: 0x55, count: 80)
        let garbled = Sampling.distort(&characters, sent: BitRate(baud: 800_000), received: BitRate(baud: 100_000))
        #expect(garbled == 80)
        #expect(characters.count == 10)
    }
}
