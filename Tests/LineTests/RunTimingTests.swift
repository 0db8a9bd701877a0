import Line
import Testing

@Suite struct RunTimingTests {
    private let rate = BitRate(baud: 1_000_000)

    @Test func aCharacterIsTenBits() {
        let timing = RunTiming(start: .zero, backToBackAt: rate)
        #expect(timing.end(of: 1) == Instant(nanoseconds: 10_000))
        #expect(timing.end(of: 100) == Instant(nanoseconds: 1_000_000))
    }

    /// What has arrived at the end of a run is the run, and a nanosecond earlier it is one less: at every rate.
    @Test(arguments: [300, 9600, 114_943, 115_200, 909_091, 921_600, 2_000_000, 10_000_000])
    func arrivedAndEndAgree(baud: Int) {
        let timing = RunTiming(start: Instant(nanoseconds: 12_345), backToBackAt: BitRate(baud: baud))
        for count in [1, 2, 3, 17, 1024, 65_542] {
            #expect(timing.arrived(by: timing.end(of: count), of: 100_000) == count)
            #expect(timing.arrived(before: timing.end(of: count), of: 100_000) == count - 1)
        }
    }

    @Test func anUnpacedRunIsThereAtOnce() {
        let timing = RunTiming(start: Instant(nanoseconds: 5), unpacedAt: rate)
        #expect(timing.arrived(by: Instant(nanoseconds: 4), of: 9) == 0)
        #expect(timing.arrived(before: Instant(nanoseconds: 5), of: 9) == 0)
        #expect(timing.arrived(by: Instant(nanoseconds: 5), of: 9) == 9)
    }

    @Test func theFarFutureDoesNotOverflow() {
        let timing = RunTiming(start: .zero, backToBackAt: rate)
        #expect(timing.arrived(by: Instant(nanoseconds: .max), of: 7) == 7)
    }
}

@Suite struct RunQueueTests {
    @Test func keepsOrderAndTiming() {
        var queue = RunQueue()
        let timing = RunTiming(start: .zero, backToBackAt: BitRate(baud: 1_000_000))
        queue.append([1, 2, 3].span, timing: timing)
        queue.append([UInt8]().span, timing: timing)
        queue.append([4].span, timing: timing)
        var taken: [UInt8] = []
        queue.take(2, into: &taken)
        #expect(queue.first?.count == 1)
        #expect(queue.first?.timing.start == Instant(nanoseconds: 20_000))
        queue.take(1, into: &taken)
        #expect(queue.takeFirst() == 4)
        #expect(taken == [1, 2, 3])
        #expect(queue.isEmpty && queue.first == nil)
    }

    /// Whatever is put in and taken out in whatever pieces: the stream stays what it was, and memory is given back.
    @Test(arguments: UInt64(1)...20) func isAQueue(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var queue = RunQueue()
        var put: [UInt8] = []
        var taken: [UInt8] = []
        for _ in 0..<2000 {
            if generator.next(below: 2) == 0 {
                let run = generator.bytes(Int(generator.next(below: 50)))
                put += run
                queue.append(run.span, timing: RunTiming(start: .zero, unpacedAt: BitRate(baud: 9600)))
            } else if let (count, _) = queue.first {
                queue.take(1 + Int(generator.next(below: UInt64(count))), into: &taken)
            }
            #expect(queue.count == put.count - taken.count)
        }
        while let (count, _) = queue.first { queue.take(count, into: &taken) }
        #expect(taken == put)
    }

    /// What has arrived comes in one piece, over the borders of runs, and a run that is on its way only in part.
    @Test func takesWhatHasArrived() {
        var queue = RunQueue()
        let rate = BitRate(baud: 1_000_000)
        queue.append([1, 2].span, timing: RunTiming(start: .zero, backToBackAt: rate))
        queue.append([3, 4, 5].span, timing: RunTiming(start: Instant(nanoseconds: 20_000), backToBackAt: rate))
        var pieces: [[UInt8]] = []
        let take = { (queue: inout RunQueue, moment: Int64) in
            queue.take(arrivedBy: Instant(nanoseconds: moment)) { piece in
                pieces.append(piece.indices.map { piece[$0] })
            }
        }
        #expect(!take(&queue, 9_999))
        #expect(take(&queue, 40_000))
        #expect(queue.first?.count == 1 && queue.first?.timing.start == Instant(nanoseconds: 40_000))
        #expect(!take(&queue, 49_999))
        #expect(take(&queue, 50_000))
        #expect(pieces == [[1, 2, 3, 4], [5]] && queue.isEmpty && queue.count == 0)
    }

    /// A run that follows without a gap belongs to the one before; one behind a gap, or at another rate, does not.
    @Test func joinsWhatFollows() {
        var queue = RunQueue()
        let rate = BitRate(baud: 1_000_000)
        queue.join([1, 2].span, timing: RunTiming(start: .zero, backToBackAt: rate))
        queue.join([3].span, timing: RunTiming(start: Instant(nanoseconds: 20_000), backToBackAt: rate))
        #expect(queue.first?.count == 3)
        queue.join([4].span, timing: RunTiming(start: Instant(nanoseconds: 30_001), backToBackAt: rate))
        #expect(queue.first?.count == 3 && queue.last?.count == 1 && queue.count == 4)
    }
}
