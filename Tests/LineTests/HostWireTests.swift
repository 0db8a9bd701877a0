import Line
import Testing

@Suite struct HostWireTests {
    private let rate = BitRate(baud: 115_200)

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    @Test func runsFollowOneAnother() {
        var wire = HostWire(pacing: .paced)
        let first = wire.charge(1152, writtenAt: at(0), rate: rate)
        let second = wire.charge(1, writtenAt: at(1), rate: rate)
        #expect(abs(first.end(of: 1152).nanoseconds - 100_000_000) < 1000)
        #expect(second.start == first.end(of: 1152))
    }

    @Test func anIdleWireBeginsAtOnce() {
        var wire = HostWire(pacing: .paced)
        _ = wire.charge(10, writtenAt: at(0), rate: rate)
        #expect(wire.charge(10, writtenAt: at(500), rate: rate).start == at(500))
    }

    /// ECR6600 facts §13.7: 128 bytes each 11.11 ms, some of them late. The last of them has crossed a character's time
    /// behind the schedule and not later: what was late once is not charged again.
    @Test func aHostThatPacesItselfIsNotChargedTwice() {
        var wire = HostWire(pacing: .paced)
        let pitch = rate.characterPicoseconds * 128 / 1000
        var end = Instant.zero
        for piece in Int64(0)..<203 {
            let lateness: Int64 = piece % 10 == 3 ? 4_000_000 : 0
            end = wire.charge(128, writtenAt: Instant(nanoseconds: piece * pitch + lateness), rate: rate).end(of: 128)
        }
        let due = Instant(nanoseconds: 203 * pitch)
        #expect(due.duration(to: end) <= .milliseconds(4) + .microseconds(87), "\(due.duration(to: end))")
    }

    @Test func withoutPacingNothingTakesTime() {
        var wire = HostWire(pacing: .unpaced)
        #expect(wire.charge(100_000, writtenAt: at(3), rate: rate).end(of: 100_000) == at(3))
    }
}
