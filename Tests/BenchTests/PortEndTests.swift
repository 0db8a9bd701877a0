import Line
import Testing

@testable import Bench

/// The chip's end of a recorded line: it keeps order and rates, and adds nothing.
@Suite struct PortEndTests {
    private func run(_ bytes: [UInt8], at baud: Int, to end: inout PortEnd) {
        end.receive(bytes.span, timing: RunTiming(start: .zero, unpacedAt: BitRate(baud: baud)))
    }

    @Test func whatWaitsIsGivenRateByRate() {
        var end = PortEnd()
        #expect(end.nextBaud == nil)
        run([1, 2], at: 115_200, to: &end)
        run([3], at: 115_200, to: &end)
        run([4, 5], at: 921_600, to: &end)
        #expect(end.unsentCount == 5)
        #expect(end.nextBaud == 115_200 && Array(end.next) == [1, 2, 3])
        end.took(2)
        #expect(end.nextBaud == 115_200 && Array(end.next) == [3])
        end.took(1)
        #expect(end.nextBaud == 921_600 && Array(end.next) == [4, 5])
        #expect(end.dropUnsent() == 2)
        #expect(end.nextBaud == nil && end.unsentCount == 0 && end.next.isEmpty)
    }

    /// Both ways through the engine, as a recording uses it: in one turn, whatever the rates.
    @Test func theLineTakesNoTime() {
        struct Ear: Machine {
            var heard: [UInt8] = []
            mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
                heard += characters.withUnsafeBufferPointer { Array($0) }
            }
            mutating func advance(to now: Instant) {}
            mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
            var deadline: Instant? { nil }
            func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 9600)) }
        }
        var link = SerialLink<NoSteps>(
            .perfect, pacing: .unpaced, commitment: .whenCrossed, comparesRates: false)
        var (host, end, listener) = (Ear(), PortEnd(), SilentListener())
        let now = Instant(nanoseconds: 1_000)
        let bytes = (0...255).map { UInt8($0) }
        link.write(bytes.span, at: now, rate: BitRate(baud: 300))
        end.say(bytes.span, at: now)
        link.carryToChip(by: now, from: host, to: &end, &listener)
        while link.takeFromChip(&end, &listener) {}
        link.deliver(by: now, to: &host, device: &end, &listener)
        #expect(host.heard == bytes)
        #expect(Array(end.next) == bytes && end.nextBaud == 300)
        #expect(link.nextEvent(after: now, batch: nil) == nil, "nothing is kept")
    }
}
