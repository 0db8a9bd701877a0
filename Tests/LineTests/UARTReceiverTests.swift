import Line
import TestForms
import Testing

/// A receiver against rates that are not its own: ECR6600 facts §4.3, "Baud divisors".
@Suite struct UARTReceiverTests {
    /// The chip's end of a rate: 80 MHz / (OSCR × div), §4.3.
    static func chip(_ oversampling: Int, _ divisor: Int) -> ReceiverClock {
        ReceiverClock(
            rate: BitRate(millibaud: 80_000_000_000 / Int64(oversampling * divisor)), oversampling: oversampling)
    }

    /// What a host asks for, what its adapter really does, the chip's divisor, and whether the link works; all of it
    /// follows from the positions of the samples (docs/line.md).
    static let links: [(name: String, host: BitRate, chip: ReceiverClock, toChip: Bool, toHost: Bool)] = [
        ("115200", BitRate(baud: 115_200), chip(8, 87), true, true),
        ("460800, 3.3 % off", BitRate(baud: 460_800), chip(8, 21), true, true),
        ("691200, exact adapter", BitRate(baud: 691_200), chip(8, 15), true, true),
        // Towards the host only the stop bit is sampled too early: framing errors, but every character whole.
        ("691200, CH340 at 705882", BitRate(millibaud: 705_882_353), chip(8, 15), false, true),
        ("921600", BitRate(baud: 921_600), chip(8, 11), true, true),
        ("2000000", BitRate(baud: 2_000_000), chip(8, 5), true, true),
        ("3000000, 11 % off", BitRate(baud: 3_000_000), chip(8, 3), false, false),
    ]

    @Test(arguments: links)
    func linksWork(link: (name: String, host: BitRate, chip: ReceiverClock, toChip: Bool, toHost: Bool)) {
        var generator = SplitMix64(seed: 1)
        let bytes = generator.bytes(4096)
        let toChip = received(bytes, sent: link.host, by: UARTReceiver(link.chip))
        #expect((toChip == bytes) == link.toChip, "\(link.name), host to chip")
        let toHost = received(bytes, sent: link.chip.rate, by: UARTReceiver(ReceiverClock(rate: link.host)))
        #expect((toHost == bytes) == link.toHost, "\(link.name), chip to host")
    }

    /// Eight times too fast: all nine samples lie in the first 1.2 bits of the sender.
    @Test func aFastReceiverSeesTheStartBit() {
        let heard = received(
            [0x00], sent: BitRate(baud: 100_000), by: UARTReceiver(ReceiverClock(rate: BitRate(baud: 800_000))))
        // Low for nine bits of the sender, 72 of the receiver: it takes a break, and then waits for the line to rise.
        #expect(heard == [0x00])
        let ones = received(
            [0xFF], sent: BitRate(baud: 100_000), by: UARTReceiver(ReceiverClock(rate: BitRate(baud: 800_000))))
        // Low for eight bits of the receiver: its start bit and seven data bits; the eighth is high.
        #expect(ones == [0x80])
    }

    @Test func aBreakIsAFramingErrorOfZeros() {
        var receiver = UARTReceiver(ReceiverClock(rate: BitRate(baud: 115_200)))
        var arrived: [UInt8] = []
        // A zero at 9600 baud is nine bits of low: 108 bits of the receiver.
        let reception = receiver.receive(
            [0].span, timing: RunTiming(start: .zero, backToBackAt: BitRate(baud: 9600)), into: &arrived)
        #expect(arrived == [0])
        #expect(reception.framingErrors == 1 && reception.breaks == 1)
    }

    @Test func anUnfinishedCharacterEndsWhenTheLineStaysIdle() throws {
        // The receiver is half as fast as the sender: its stop bit comes long after the sender's.
        var receiver = UARTReceiver(ReceiverClock(rate: BitRate(baud: 57_600)))
        var arrived: [UInt8] = []
        _ = receiver.receive(
            [0x00].span, timing: RunTiming(start: .zero, backToBackAt: BitRate(baud: 115_200)), into: &arrived)
        #expect(arrived.isEmpty)
        let deadline = try #require(receiver.deadline)
        _ = receiver.settle(at: deadline, into: &arrived)
        // Low for 9 of the sender's bits, which are 4.5 of its own. The start edge is found at once (both clocks begin at
        // 0), so the middles of bits 0…3 (the start bit among them) are low; that of bit 4 falls upon the rising edge.
        #expect(arrived == [0xF8])
        #expect(receiver.deadline == nil)
    }

    // MARK: Against a model that knows nothing of it

    static let rates = [
        115_200, 114_943, 116_279, 57_600, 230_400, 460_800, 476_190, 666_667, 691_200, 705_882, 909_091, 921_600,
        1_000_000, 2_000_000, 3_000_000, 3_333_333, 9600, 300,
    ]

    /// 10⁵ random bytes over pairs of rates, with pauses: the receiver and the slow model see the same characters.
    @Test(arguments: UInt64(1)...100)
    func agreesWithTheSlowModel(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let sent = BitRate(baud: Self.rates[Int(generator.next(below: UInt64(Self.rates.count)))])
        var own = BitRate(baud: Self.rates[Int(generator.next(below: UInt64(Self.rates.count)))])
        if seed % 3 == 0 { own = BitRate(millibaud: sent.millibaud * Int64(90 + generator.next(below: 20)) / 100) }
        // A model that polls each tick takes its time where the rates are far apart.
        guard own.millibaud < sent.millibaud * 16 else { return }
        let oversampling = [8, 10, 16, 18][Int(generator.next(below: 4))]
        let runs = Self.runs(of: 1000, at: sent, &generator)
        let clock = ReceiverClock(rate: own, oversampling: oversampling)
        var model = SlowReceiver(rate: own, oversampling: oversampling)
        let expected = model.receive(runs)
        for (receiver, name) in [
            (UARTReceiver(clock), "as it is"),
            (UARTReceiver(clock, copiesCleanRuns: false), "without copying"),
        ] {
            let same = Self.characters(of: runs, by: receiver) == expected
            #expect(same, "seed \(seed): \(sent.baud) to \(own.baud) × \(oversampling), \(name)")
        }
    }

    /// Runs that are copied leave the receiver where runs that are sampled leave it: whatever comes behind them, at whatever
    /// rate, reads the same. Some runs overlap, as a fault may leave them, and some are not paced.
    @Test(arguments: byForm(short: UInt64(1)...15, long: 1...100))
    func copyingLeavesNoTrace(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var copying = UARTReceiver(ReceiverClock(rate: BitRate(baud: 2_000_000)))
        var sampling = UARTReceiver(copying.clock, copiesCleanRuns: false)
        var start = Instant.zero
        var (copied, sampled): ([UInt8], [UInt8]) = ([], [])
        for index in 0..<200 {
            let rate = BitRate(baud: [2_000_000, 1_999_999, 1_980_198, 115_385][Int(generator.next(below: 4))])
            if generator.next(below: 10) == 0 {
                let clock = ReceiverClock(rate: BitRate(baud: [2_000_000, 115_385][Int(generator.next(below: 2))]))
                copying.clock = clock
                sampling.clock = clock
            }
            let run = generator.bytes(1 + Int(generator.next(below: 2000)))
            let timing =
                generator.next(below: 20) == 0
                ? RunTiming(start: start, unpacedAt: rate) : RunTiming(start: start, backToBackAt: rate)
            let first = copying.receive(run.span, timing: timing, into: &copied)
            let second = sampling.receive(run.span, timing: timing, into: &sampled)
            #expect(first == second && copied == sampled, "seed \(seed), run \(index)")
            #expect(copying.deadline == sampling.deadline, "seed \(seed), run \(index)")
            copied.removeAll()
            sampled.removeAll()
            // Most runs follow at once, some begin before the last has ended, some after a pause.
            let gap = [0, 0, 0, -2, 7, 100_000][Int(generator.next(below: 6))]
            start = Instant(nanoseconds: max(start.nanoseconds, timing.end(of: run.count).nanoseconds + Int64(gap)))
        }
    }

    /// Not only the first of many clean runs is copied.
    @Test func everyCleanRunIsCopied() {
        let rate = BitRate(baud: 921_600)
        var receiver = UARTReceiver(ReceiverClock(rate: rate))
        var timing = RunTiming(start: .zero, backToBackAt: rate)
        for pause in [0, 1, 500_000, 0] {
            let isCopied = receiver.letPass(100, timing)
            #expect(isCopied, "after \(pause) ns")
            timing.start = timing.end(of: 100).advanced(by: .nanoseconds(pause))
        }
    }

    /// However a stream is cut into runs, the same characters arrive.
    @Test(arguments: UInt64(1)...40)
    func chunkingChangesNothing(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let sent = BitRate(baud: Self.rates[Int(generator.next(below: UInt64(Self.rates.count)))])
        let own = BitRate(millibaud: sent.millibaud * Int64(80 + generator.next(below: 40)) / 100)
        let bytes = generator.bytes(1500)
        let whole = RunTiming(start: .zero, backToBackAt: sent)
        var runs: [(bytes: [UInt8], timing: RunTiming)] = []
        var done = 0
        while done < bytes.count {
            let count = min(bytes.count - done, 1 + Int(generator.next(below: 20)))
            // Only where a character begins at a whole nanosecond can a stream be cut without moving it.
            runs.append((Array(bytes[done..<(done + count)]), RunTiming(start: .zero, backToBackAt: sent)))
            done += count
        }
        let receiver = UARTReceiver(ReceiverClock(rate: own))
        let same = Self.characters(of: [(bytes, whole)], by: receiver) == Self.characters(of: runs, by: receiver)
        #expect(same, "seed \(seed): \(sent.baud) to \(own.baud)")
    }

    /// Runs of 1 to 40 characters, back to back or apart, with pauses between.
    static func runs(of count: Int, at rate: BitRate, _ generator: inout SplitMix64) -> [(
        bytes: [UInt8], timing: RunTiming
    )] {
        var runs: [(bytes: [UInt8], timing: RunTiming)] = []
        var start = Instant.zero
        var left = count
        while left > 0 {
            let bytes = generator.bytes(min(left, 1 + Int(generator.next(below: 40))))
            let spacing = rate.characterPicoseconds * Int64(100 + generator.next(below: 3) * 20) / 100
            let timing = RunTiming(start: start, spacing: spacing, rate: rate)
            runs.append((bytes, timing))
            start = Instant(
                nanoseconds: timing.end(of: bytes.count).nanoseconds + 1
                    + Int64(generator.next(below: UInt64(rate.characterPicoseconds / 300))))
            left -= bytes.count
        }
        return runs
    }

    static func characters(of runs: [(bytes: [UInt8], timing: RunTiming)], by receiver: UARTReceiver) -> [UInt8] {
        var receiver = receiver
        var arrived: [UInt8] = []
        for (bytes, timing) in runs { _ = receiver.receive(bytes.span, timing: timing, into: &arrived) }
        if let deadline = receiver.deadline { _ = receiver.settle(at: deadline, into: &arrived) }
        return arrived
    }

    private func received(_ bytes: [UInt8], sent: BitRate, by receiver: UARTReceiver) -> [UInt8] {
        Self.characters(of: [(bytes, RunTiming(start: .zero, backToBackAt: sent))], by: receiver)
    }
}

/// The plainest receiver there is: the wire as a list of edges, and a state machine that looks at it tick by tick.
private struct SlowReceiver {
    let rate: BitRate
    let oversampling: Int

    mutating func receive(_ runs: [(bytes: [UInt8], timing: RunTiming)]) -> [UInt8] {
        // The wire as levels that last: (until, isHigh), in 1/64 ps.
        var levels: [(until: Int64, isHigh: Bool)] = []
        for (bytes, timing) in runs {
            let bit = timing.rate.characterPicoseconds * 64 / 10
            var start = timing.start.nanoseconds * 64_000
            for byte in bytes {
                levels.append((start, true))
                for position in 0..<10 {
                    let isHigh = position == 9 || (position > 0 && byte >> UInt8(position - 1) & 1 == 1)
                    levels.append((start + Int64(position + 1) * bit, isHigh))
                }
                start += max(timing.spacing, timing.rate.characterPicoseconds) * 64
            }
        }
        let tick = rate.characterPicoseconds * 64 / Int64(10 * oversampling)
        let end = (levels.last?.until ?? 0) + 12 * Int64(oversampling) * tick

        var arrived: [UInt8] = []
        var index = 0
        var wasHigh = true
        /// Ticks since the start edge; nil while it polls.
        var count: Int?
        var character: UInt8 = 0
        var time: Int64 = 0
        while time < end {
            while index < levels.count, levels[index].until <= time { index += 1 }
            let isHigh = index < levels.count ? levels[index].isHigh : true
            if let ticks = count {
                count = ticks + 1
                let sinceMiddle = ticks + 1 - oversampling / 2
                if sinceMiddle >= 0, sinceMiddle % oversampling == 0 {
                    switch sinceMiddle / oversampling {
                    case 0: if isHigh { count = nil }
                    case 9:
                        arrived.append(character)
                        count = nil
                    case let bit: if isHigh { character |= 1 << UInt8(bit - 1) }
                    }
                }
            } else if wasHigh, !isHigh {
                count = 0
                character = 0
            }
            wasHigh = isHigh
            time += tick
        }
        return arrived
    }
}
