import Line
import Testing

/// What lies between a host and a chip, driven as a bench does it: characters are committed as they cross.
@Suite struct SerialLinkTests {
    private let rate = BitRate(baud: 115_200)

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    /// Keeps what reaches it and when; says what it is given to say.
    private struct End: Machine {
        var heard: [UInt8] = []
        var last = Instant.zero
        /// When each of them was there.
        var moments: [Instant] = []
        var baud = 115_200
        var says: [(bytes: [UInt8], timing: RunTiming)] = []

        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            heard += characters.withUnsafeBufferPointer { Array($0) }
            last = timing.end(of: characters.count)
            moments += (0..<characters.count).map { timing.end(of: $0 + 1) }
        }
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? {
            guard !says.isEmpty else { return nil }
            let (bytes, timing) = says.removeFirst()
            characters += bytes
            return timing
        }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: baud)) }
    }

    /// Holds the host's characters back now and then, each time for 33 ms.
    private struct Late: LineFault {
        static let summary = FaultSummary("late", "")
        mutating func judge(
            _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
            _ verdict: inout FaultVerdict
        ) {
            guard direction == .hostToChip, generator.next(below: 4) == 0 else { return }
            verdict.hold((run.count / 2)..<run.count, until: timing.start.advanced(by: .milliseconds(33)))
        }
    }

    /// Both ends, and a listener that keeps the differences.
    private struct Bench: ~Copyable {
        var link: SerialLink<NoSteps>
        var host = End()
        var chip = End()
        var ear = Ear()

        struct Ear: LineListener {
            var differences: [LineDifference] = []
            var incidents: [Incident] = []
            var sent = Pair([UInt8]())
            var received: [UInt8] = []

            mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
                sent[direction] += run.withUnsafeBufferPointer { Array($0) }
            }
            mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
                received += run.withUnsafeBufferPointer { Array($0) }
            }
            mutating func happened(_ event: LineEvent) {
                switch event.kind {
                case .difference(let difference): differences.append(difference)
                case .incident(let incident): incidents.append(incident)
                default: break
                }
            }

            /// The chip's end, made of the host's and the differences.
            func chipEnd(_ direction: Direction) -> [UInt8] {
                let host = direction == .hostToChip ? sent.hostToChip : received
                var end: [UInt8] = []
                var place = 0
                for difference in differences where difference.direction == direction {
                    end += host[place..<difference.hostOffset] + difference.chipCharacters
                    place = difference.hostOffset + difference.hostCount
                }
                return end + host[place...]
            }
        }

        init(_ conditions: LineConditions = .perfect, pacing: HostWire.Pacing = .paced) {
            link = SerialLink(conditions, pacing: pacing, commitment: .whenCrossed)
        }

        mutating func live(at now: Instant) {
            link.carryToChip(by: now, from: host, to: &chip, &ear)
            while link.takeFromChip(&chip, &ear) {}
            link.deliver(by: now, to: &host, device: &chip, &ear)
        }
    }

    @Test func charactersArriveWhenTheyHaveCrossed() {
        var bench = Bench()
        bench.link.write([UInt8](repeating: 7, count: 1152).span, at: .zero, rate: rate)
        bench.live(at: at(50))
        #expect(bench.chip.heard.count == 576 || bench.chip.heard.count == 575)
        bench.live(at: at(101))
        #expect(bench.chip.heard.count == 1152)
    }

    /// A flush takes away what has not crossed, and what follows does not wait behind it.
    @Test func aFlushTakesAwayWhatHasNotCrossed() {
        var bench = Bench()
        bench.link.write([UInt8](repeating: 1, count: 5000).span, at: .zero, rate: rate)
        bench.live(at: at(10))
        let heard = bench.chip.heard.count
        #expect(bench.link.takeBack(at: at(10), leaving: at(12)) == 5000 - heard - 23, "2 ms are 23 characters")
        bench.link.write([2].span, at: at(10), rate: rate)
        bench.live(at: at(13))
        #expect(bench.chip.heard.last == 2)
        #expect(bench.chip.heard.count < 150)
        #expect(bench.chip.last <= at(13))
    }

    /// Facts §13.4: the last ACK, flushed at once behind its back.
    @Test func aFlushLeavesTheLastAck() {
        var bench = Bench()
        bench.link.write([0x06].span, at: at(1), rate: rate)
        #expect(bench.link.takeBack(at: at(1), leaving: at(3)) == 0)
        bench.live(at: at(2))
        #expect(bench.chip.heard == [0x06])
    }

    /// The next client hears and says nothing of what the one before left on the wire.
    @Test func anotherClientBeginsWithAnEmptyWire() {
        var bench = Bench()
        bench.link.write([0x06].span, at: at(1), rate: rate)
        #expect(bench.link.takeBack(at: at(1), leaving: Instant(nanoseconds: .min)) == 1)
        bench.live(at: at(2))
        #expect(bench.chip.heard.isEmpty)
    }

    /// What a fault holds back crosses at its rate once it does, one character behind the other, and so does what was sent
    /// meanwhile: in whatever pieces it was written and carried.
    @Test(arguments: [1, 10, 64, 600])
    func whatIsHeldCrossesAtItsRate(piece: Int) throws {
        var conditions = LineConditions()
        conditions.faults = [LabelledFault(Once())]
        var bench = Bench(conditions)
        let sent = (0..<600).map { UInt8(truncatingIfNeeded: $0) }
        for first in stride(from: 0, to: sent.count, by: piece) {
            bench.link.write(Array(sent[first..<min(sent.count, first + piece)]).span, at: .zero, rate: rate)
        }
        for step in Int64(1)..<200 { bench.live(at: at(step)) }
        #expect(bench.chip.heard == sent)
        // The first 200 in their time, the others from 50 ms after the 200th's begin on.
        let character = Double(rate.characterPicoseconds) / 1e9
        for (index, moment) in bench.chip.moments.enumerated() {
            let due = Double(index + 1) * character + (index < 200 ? 0 : 50)
            #expect(abs(Double(moment.nanoseconds) / 1e6 - due) < 0.01, "character \(index)")
        }
    }

    /// Holds the host's characters from the 200th on, for 50 ms.
    private struct Once: LineFault {
        static let summary = FaultSummary("once", "")
        private var met = 0

        mutating func judge(
            _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
            _ verdict: inout FaultVerdict
        ) {
            guard direction == .hostToChip else { return }
            defer { met += run.count }
            guard met <= 200, met + run.count > 200 else { return }
            let first = 200 - met
            verdict.hold(
                first..<run.count, until: timing.dropping(first).start.advanced(by: .milliseconds(50)))
        }
    }

    /// Without pacing everything is there at once.
    @Test func unpacedTakesNoTime() {
        var bench = Bench(pacing: .unpaced)
        bench.link.write([UInt8](repeating: 7, count: 100_000).span, at: at(1), rate: rate)
        bench.live(at: at(1))
        #expect(bench.chip.heard.count == 100_000)
    }

    /// A trace is only worth something if either end can be made of the other, whatever the faults and the chunks.
    @Test(arguments: UInt64(1)...40)
    func theChipsEndIsMadeOfTheHostsAndTheDifferences(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var conditions = LineConditions()
        conditions.seed = seed
        conditions.faults = [
            LabelledFault(try FaultCatalogue.fault("loose-wire", values: ["onset": 20_000, "recovery": 200_000])),
            LabelledFault(
                try FaultCatalogue.fault("lose-characters", direction: .chipToHost, values: ["from": 30, "count": 9])),
            LabelledFault(try FaultCatalogue.fault("boot-chatter", values: ["first": 20, "every": 7])),
            LabelledFault(Late()),
            LabelledFault(
                try FaultCatalogue.fault("change-characters", direction: .hostToChip, values: ["at": 300, "xor": 8])),
        ]
        // Some at rates that do not fit, so that the receivers make something else of it.
        let hostRate = seed % 4 == 0 ? BitRate(baud: 125_000) : rate
        var bench = Bench(conditions)
        if seed % 5 == 0 { bench.host.baud = 105_000 }
        var chipSent: [UInt8] = []
        for turn in 0..<30 {
            let now = at(Int64(turn) * 10)
            let bytes = generator.bytes(Int(generator.next(below: 60)))
            bench.link.write(bytes.span, at: now, rate: hostRate)
            let answer = generator.bytes(Int(generator.next(below: 60)))
            bench.chip.says.append((answer, RunTiming(start: now, backToBackAt: rate)))
            chipSent += answer
            for step in 0..<Int64(1 + generator.next(below: 9)) {
                bench.live(at: now.advanced(by: .milliseconds(step + 1)))
            }
        }
        for last in Int64(0)..<100 { bench.live(at: at(1000 + last)) }
        #expect(bench.ear.received == bench.host.heard)
        #expect(bench.ear.chipEnd(.hostToChip) == bench.chip.heard)
        #expect(bench.ear.chipEnd(.chipToHost) == chipSent)
        #expect(!bench.ear.differences.isEmpty)
    }
}
