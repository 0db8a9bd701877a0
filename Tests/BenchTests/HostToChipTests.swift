import Emulator
import Line
import Testing

@testable import Bench

/// What the client wrote, on its way to the chip.
@Suite struct HostToChipTests {
    private let rate = BitRate(baud: 115_200)

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    /// Keeps what reaches it, and when.
    private struct Ear: Machine {
        var heard: [UInt8] = []
        var last = Instant.zero

        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            heard += characters.withUnsafeBufferPointer { Array($0) }
            last = timing.end(of: characters.count)
        }
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
    }

    @Test func charactersArriveWhenTheyHaveCrossed() {
        var way = HostToChip(TimeMode(.wire))
        var ear = Ear()
        var line: LineState?
        way.accept([UInt8](repeating: 7, count: 1152).span, at: .zero, rate: rate)
        way.handOver(to: &ear, through: &line, at: at(50), tap: nil)
        #expect(ear.heard.count == 576 || ear.heard.count == 575)
        way.handOver(to: &ear, through: &line, at: at(101), tap: nil)
        #expect(ear.heard.count == 1152)
    }

    /// A flush takes away what has not crossed, and what follows does not wait behind it.
    @Test func aFlushTakesAwayWhatHasNotCrossed() {
        var way = HostToChip(TimeMode(.wire, isStrict: true))
        var ear = Ear()
        var line: LineState?
        way.accept([UInt8](repeating: 1, count: 5000).span, at: .zero, rate: rate)
        way.handOver(to: &ear, through: &line, at: at(10), tap: nil)
        way.flush(at: at(10))
        way.accept([2].span, at: at(10), rate: rate)
        way.handOver(to: &ear, through: &line, at: at(13), tap: nil)
        #expect(ear.heard.last == 2)
        #expect(ear.heard.count < 150)
        #expect(ear.last <= at(13))
    }

    /// Facts §13.4: the last ACK, flushed at once behind its back.
    @Test func aFlushLeavesTheLastAck() {
        var way = HostToChip(TimeMode(.wire))
        var ear = Ear()
        var line: LineState?
        way.accept([0x06].span, at: at(1), rate: rate)
        way.flush(at: at(1))
        way.handOver(to: &ear, through: &line, at: at(2), tap: nil)
        #expect(ear.heard == [0x06])
    }

    /// The next client hears and says nothing of what the one before left on the wire.
    @Test func anotherClientBeginsWithAnEmptyWire() {
        var way = HostToChip(TimeMode(.wire))
        var ear = Ear()
        var line: LineState?
        way.accept([0x06].span, at: at(1), rate: rate)
        way.drop(at: at(1))
        way.handOver(to: &ear, through: &line, at: at(2), tap: nil)
        #expect(ear.heard.isEmpty)
    }

    @Test func aFloodIsHeldBack() {
        var way = HostToChip(TimeMode(.wire, isStrict: true))
        var taken = 0
        while way.heldUntil(at: .zero) == nil, taken < 10_000_000 {
            let room = way.room(at: .zero, rate: rate)
            way.accept([UInt8](repeating: 0, count: min(room, 4096)).span, at: .zero, rate: rate)
            taken += min(room, 4096)
        }
        // Five seconds at 115200.
        #expect((57_600...62_000).contains(taken), "\(taken)")
        #expect(way.room(at: .zero, rate: rate) == 0)
    }

    /// Without pacing everything is there at once.
    @Test func briskTakesNoTime() {
        var way = HostToChip(TimeMode(.brisk))
        var ear = Ear()
        var line: LineState?
        way.accept([UInt8](repeating: 7, count: 100_000).span, at: at(1), rate: rate)
        way.handOver(to: &ear, through: &line, at: at(1), tap: nil)
        #expect(ear.heard.count == 100_000)
    }
}

@Suite struct TimeModeTests {
    @Test func modesKeepWhatTheyPromise() {
        #expect(TimeMode(.wire).chipTiming.pacesCharacters)
        #expect(TimeMode(.wire).chipTiming.flash.chipErase(byteCount: 16 << 20) < .seconds(9), "facts §13.5")
        #expect(TimeMode(.wire, erasesForReal: true).chipTiming.flash.chipErase(byteCount: 16 << 20) > .seconds(10))
        #expect(!TimeMode(.brisk).chipTiming.pacesCharacters)
        #expect(TimeMode(.brisk).chipTiming.answerLatency >= .milliseconds(1), "facts §13.3")
        #expect(TimeMode(.brisk).chipTiming.xmodemPause == .milliseconds(100), "facts §13.2")
        #expect(TimeMode(.fast).chipTiming.xmodemPause == .zero)
    }
}
