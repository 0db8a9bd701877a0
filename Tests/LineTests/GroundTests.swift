import Line
import Testing

/// No common ground: a model of ours for ECR6600 facts §11.3 (`recv length is: 1`, sometimes 3).
@Suite struct GroundTests {
    /// The sync word, §1.4, at 115200.
    private static let word: [UInt8] = [0x63, 0x6E, 0x79, 0x73]
    private static let chip = ReceiverClock(rate: BitRate(millibaud: 114_942_528), oversampling: 8)

    private static func conditions(_ ground: Ground, seed: UInt64) -> LineConditions {
        var conditions = LineConditions()
        conditions.adapter = Adapter(.ft232r)
        conditions.ground = ground
        conditions.seed = seed
        return conditions
    }

    private static func wiring(_ ground: Ground, seed: UInt64) -> Wiring {
        var generator = SplitMix64(seed: seed)
        return Wiring(conditions(ground, seed: seed), seeds: &generator)
    }

    private static func sent(at milliseconds: Int) -> RunTiming {
        RunTiming(
            start: Instant.zero.advanced(by: .milliseconds(milliseconds)), backToBackAt: BitRate(baud: 115_200))
    }

    /// In place of an answer there is nothing, or one or a few wrong bytes; one is the most frequent of those.
    @Test func whatTheHostHearsOfItself() throws {
        var counts = [Int](repeating: 0, count: 10)
        for seed in UInt64(1)...300 {
            var state = Self.wiring(.floating(FloatingGround()), seed: seed)
            var host = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))
            for attempt in 1...4 {
                var heard: [UInt8] = []
                state.hearOwn(Self.word.span, timing: Self.sent(at: attempt * 50), by: &host, into: &heard)
                counts[min(9, heard.count)] += 1
                #expect(heard != Self.word)
            }
        }
        #expect(counts[0] > 300, "\(counts)")
        #expect(counts[1] > counts[2] && counts[2] > counts[3] && counts[3] > 0, "\(counts)")
        #expect(counts[5...].allSatisfy { $0 == 0 }, "\(counts)")
    }

    /// The sync word never arrives, wherever the mains stand.
    @Test(arguments: UInt64(1)...100)
    func theChipNeverHearsTheWord(seed: UInt64) throws {
        var state = Self.wiring(.floating(FloatingGround()), seed: seed)
        var receiver = UARTReceiver(Self.chip)
        var arrived: [UInt8] = []
        for attempt in 1...40 {
            var run = Self.word
            var timing = Self.sent(at: attempt * 51)
            _ = state.sample(&run, timing: &timing, .hostToChip, by: &receiver)
            arrived += run
        }
        // 63 has three zeros in a row, and the edge has run off before the second.
        #expect(!arrived.contains(0x63), "seed \(seed)")
    }

    @Test func joinedGroundsAreHeard() throws {
        let joining = Instant.zero.advanced(by: .seconds(1))
        var state = Self.wiring(.joinedAfter(joining, FloatingGround()), seed: 3)
        var receiver = UARTReceiver(Self.chip)
        var run = Self.word
        var timing = Self.sent(at: 1000)
        _ = state.sample(&run, timing: &timing, .hostToChip, by: &receiver)
        #expect(run == Self.word)
        var heard: [UInt8] = []
        var host = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))
        state.hearOwn(Self.word.span, timing: Self.sent(at: 1050), by: &host, into: &heard)
        #expect(heard.isEmpty)
    }

    /// The mains turn fifty times a second, and the diodes hold them.
    @Test func theOffsetFollowsTheMains() {
        let ground = FloatingGround()
        let quarter = Instant.zero.advanced(by: .milliseconds(5))
        #expect(ground.offset(at: .zero, phase: 0) == 0)
        #expect(ground.offset(at: quarter, phase: 0) == ground.diodeDrop)
        #expect(ground.offset(at: quarter.advanced(by: .milliseconds(10)), phase: 0) == -ground.diodeDrop)
        // A thousand hours and a quarter turn later.
        #expect(ground.offset(at: quarter.advanced(by: .seconds(3_600_000)), phase: 0) == ground.diodeDrop)
    }
}
