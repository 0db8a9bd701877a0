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
