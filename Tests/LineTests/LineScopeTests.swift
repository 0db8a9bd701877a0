import Line
import Testing

/// What an oscilloscope at an input shows: levels from ECR6600 facts §8 and §11.3, bits as a UART sends them.
@Suite struct LineScopeTests {
    /// Says nothing and receives everything at 115,200 baud.
    private struct End: Machine {
        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {}
        mutating func advance(to now: Instant) {}
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { nil }
        var deadline: Instant? { nil }
        func receiverClock(at moment: Instant) -> ReceiverClock { ReceiverClock(rate: BitRate(baud: 115_200)) }
    }

    /// What is seen of `bytes` from the host. - Parameter isOn: whether somebody looks.
    private func captures(_ bytes: [UInt8], _ conditions: LineConditions, isOn: Bool = true) -> [WaveCapture] {
        var link = SerialLink<NoSteps>(conditions, commitment: .whenCrossed)
        if isOn { link.scope = LineScope() }
        var (host, chip, listener) = (End(), End(), SilentListener())
        link.write(bytes.span, at: Instant(nanoseconds: 5_000_000), rate: BitRate(baud: 115_200))
        for millisecond in 5...Int64(5 + bytes.count) {
            let now = Instant(nanoseconds: millisecond * 1_000_000)
            link.carryToChip(by: now, from: host, to: &chip, &listener)
            link.deliver(by: now, to: &host, device: &chip, &listener)
        }
        return link.scope?.takeCaptures() ?? []
    }

    /// Of a character: the start bit, eight bits from the lowest, the stop bit.
    private func frame(_ byte: UInt8) -> [Bool] { [false] + (0..<8).map { byte >> UInt8($0) & 1 == 1 } + [true] }

    @Test func aGoodWireShowsWhatWasSent() throws {
        var conditions = LineConditions()
        conditions.adapter = Adapter(.ch340)
        let wave = try #require(captures(Array("cnys".utf8), conditions).first)
        #expect(wave.direction == .hostToChip && wave.rate.baud == 115_200)
        #expect(wave.sent == wave.received && Array("cnys".utf8).starts(with: wave.sent) && !wave.sent.isEmpty)
        #expect(wave.samples.map(\.isHigh) == wave.sent.flatMap(frame))
        for sample in wave.samples {
            // 3.3 V, 50 mV off either rail, and noise.
            let expected = sample.isHigh ? 3250 : 50
            #expect(abs(wave.levels[sample.index] - expected) <= wave.input.noise)
        }
        // Sixteen ticks to a bit of 8.68 µs.
        #expect(abs(wave.step - 542_535) <= 1)
        for (one, next) in zip(wave.samples, wave.samples.dropFirst()).prefix(9) {
            #expect(next.index - one.index == 16)
        }
        #expect(wave.levels.prefix(8).allSatisfy { $0 > 3000 }, "it begins with the idle wire")
    }

    /// §11.3: a 1.8 V adapter's high level is none that the chip is sure of.
    @Test func aLowAdapterShowsItsLevel() throws {
        var conditions = LineConditions()
        (conditions.adapter, conditions.rail) = (Adapter(.ch340, level: 1800), nil)
        let wave = try #require(captures([0x55], conditions).first)
        let highest = try #require(wave.levels.max())
        #expect((1750 - 20...1750 + 20).contains(highest))
        #expect(highest < wave.input.guaranteedHigh && highest > wave.input.guaranteedLow)
        #expect(wave.received.isEmpty)
    }

    /// §11.3, no common ground: what gets across of an edge is a part of it.
    @Test func withoutAGroundTheSwingIsSmall() throws {
        var conditions = LineConditions()
        (conditions.adapter, conditions.ground) = (Adapter(.ch340), .floating(FloatingGround()))
        let wave = try #require(captures([0x55], conditions).first)
        let (lowest, highest) = (try #require(wave.levels.min()), try #require(wave.levels.max()))
        #expect(highest - lowest < 3200)
    }

    /// To look changes nothing, and nobody pays for it who does not.
    @Test func lookingChangesNothing() {
        var conditions = LineConditions()
        (conditions.adapter, conditions.ground) = (Adapter(.ch340), .floating(FloatingGround()))
        #expect(captures([1, 2, 3], conditions, isOn: false).isEmpty)
        func arrived(_ isOn: Bool) -> [LineDifference] {
            struct Ear: LineListener {
                var differences: [LineDifference] = []
                mutating func happened(_ event: LineEvent) {
                    if case .difference(let difference) = event.kind { differences.append(difference) }
                }
            }
            var link = SerialLink<NoSteps>(conditions, commitment: .whenCrossed)
            if isOn { link.scope = LineScope() }
            var (host, chip, ear) = (End(), End(), Ear())
            for word in 0..<Int64(40) {
                let now = Instant(nanoseconds: word * 50_000_000)
                link.write(Array("cnys".utf8).span, at: now, rate: BitRate(baud: 115_200))
                for moment in [now.advanced(by: .milliseconds(1)), now.advanced(by: .milliseconds(20))] {
                    link.carryToChip(by: moment, from: host, to: &chip, &ear)
                    link.deliver(by: moment, to: &host, device: &chip, &ear)
                }
            }
            return ear.differences
        }
        #expect(arrived(true) == arrived(false))
        #expect(!arrived(false).isEmpty)
    }
}
