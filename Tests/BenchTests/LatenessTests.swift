import Line
import Ports
import Testing

@testable import Bench

/// A bench knows when it was late.
@Suite struct LatenessTests {
    private struct Silence: Machine {
        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {}
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
    }

    /// Of ten turns, each due 2 ms after the one before, one takes 40 ms: what was due meanwhile came 38 ms late at least.
    @Test func aTurnThatTakesTooLongIsNoticed() throws {
        let clock = MonotonicClock()
        let port = DevicePort(
            Silence(), on: try PseudoTerminal(), time: TimeMode(.wire), clock: clock, tap: nil)
        var turns = 0
        port.housekeeping = { port, now in
            turns += 1
            let due = now.advanced(by: .milliseconds(2))
            if turns == 5 { while clock.now < now.advanced(by: .milliseconds(40)) {} }
            return due
        }
        try port.run(alsoWaitingFor: []) { _, _ in turns == 10 }
        #expect(port.lateness >= .milliseconds(38), "\(port.lateness)")
        #expect(port.lateness < .seconds(5))
    }
}
