import Line
import Testing

/// Levels against thresholds: ECR6600 facts §8.
@Suite struct LevelsTests {
    @Test func theChipsPins() {
        // §8 at 3.3 V: VIL 0.99 V, VIH 2.31 V, VOL 0.33 V, VOH 2.97 V.
        let input = Input.ecr6600()
        #expect(input.guaranteedLow == 990 && input.guaranteedHigh == 2310)
        #expect(input.threshold > input.guaranteedLow && input.threshold < input.guaranteedHigh)
        #expect(Driver.ecr6600() == Driver(high: 2970, low: 330))
    }

    /// §11.3: a 1.8 V adapter's high lies where the datasheet promises nothing; 3.3 V and 5 V are high.
    @Test func anAdapterAtLowVoltagePromisesNothing() {
        for kind in Adapter.Kind.allCases {
            #expect(Input.ecr6600().guarantee(Adapter(kind, level: 1800).driver.high) == nil)
            #expect(Input.ecr6600().guarantee(Adapter(kind, level: 1800).driver.low) == false)
            for level in [3300, 5000] {
                #expect(Input.ecr6600().isClear(Adapter(kind, level: level).driver))
                #expect(Input.ecr6600().guarantee(Adapter(kind, level: level).driver.high) == true)
            }
            #expect(!Input.ecr6600().isClear(Adapter(kind, level: 1800).driver))
            for level in [1800, 3300, 5000] {
                #expect(Adapter(kind, level: level).input.isClear(.ecr6600()), "\(kind) at \(level) mV hears the chip")
            }
        }
    }

    /// A line that is never high is one long break: nothing arrives but, at most, one character of zeros.
    @Test(arguments: UInt64(1)...10)
    func tooLowALevelArrivesAsNothing(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let bytes = generator.bytes(300)
        var levels = InputLevels(
            driver: Adapter(.ft232r, level: 1800).driver, input: .ecr6600(), seed: seed)
        let arrived = Self.received(bytes, at: BitRate(baud: 115_200), by: UARTReceiver(Self.chip), through: &levels)
        #expect(arrived.isEmpty)
    }

    /// Wherever no level comes near the threshold, looking at each tick gives what the edges alone give.
    @Test(arguments: UInt64(1)...60)
    func tickByTickAgreesWithTheEdges(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let sent = BitRate(baud: [115_200, 460_800, 691_200, 705_882, 921_600, 57_600][Int(generator.next(below: 6))])
        let own = BitRate(millibaud: sent.millibaud * Int64(85 + generator.next(below: 30)) / 100)
        let clock = ReceiverClock(rate: own, oversampling: [8, 10, 16, 18][Int(generator.next(below: 4))])
        let runs = UARTReceiverTests.runs(of: 400, at: sent, &generator)
        let expected = UARTReceiverTests.characters(of: runs, by: UARTReceiver(clock, copiesCleanRuns: false))
        let wide = InputLevels(driver: .ecr6600(), input: Adapter(.ft232r).input, seed: seed)
        #expect(wide.input.isClear(wide.driver))
        var looked = Watched(levels: wide)
        var receiver = UARTReceiver(clock)
        var arrived: [UInt8] = []
        for (bytes, timing) in runs {
            _ = receiver.receive(bytes.span, timing: timing, through: &looked, into: &arrived)
        }
        if let deadline = receiver.deadline { _ = receiver.settle(at: deadline, through: &looked, into: &arrived) }
        let same = arrived == expected
        #expect(same, "seed \(seed): \(sent.baud) to \(own.baud) × \(clock.oversampling)")
    }

    /// Noise that reaches over the threshold now and then spoils some characters; noise that does not, none.
    @Test func noiseSpoilsWhatIsNearTheThreshold() {
        var generator = SplitMix64(seed: 7)
        let bytes = generator.bytes(2000)
        for (noise, isWhole) in [(300, true), (700, false)] {
            var input = Input.ecr6600()
            input.noise = noise
            var levels = Watched(levels: InputLevels(driver: Driver(high: 2600, low: 50), input: input, seed: 7))
            let arrived = Self.received(
                bytes, at: BitRate(baud: 115_200), by: UARTReceiver(Self.chip), through: &levels)
            #expect((arrived == bytes) == isWhole, "noise of \(noise) mV")
        }
    }

    /// 80 MHz / (8 × 87): §1.3.
    static let chip = ReceiverClock(rate: BitRate(millibaud: 114_942_528), oversampling: 8)

    static func received<Levels: LevelSource>(
        _ bytes: [UInt8], at rate: BitRate, by receiver: UARTReceiver, through levels: inout Levels
    ) -> [UInt8] {
        var receiver = receiver
        var arrived: [UInt8] = []
        _ = receiver.receive(
            bytes.span, timing: RunTiming(start: .zero, backToBackAt: rate), through: &levels, into: &arrived)
        if let deadline = receiver.deadline { _ = receiver.settle(at: deadline, through: &levels, into: &arrived) }
        return arrived
    }
}

/// Levels that are looked at whether they are clear or not.
private struct Watched: LevelSource {
    var levels: InputLevels

    mutating func isClear(from start: Instant, to end: Instant) -> Bool { false }

    mutating func isHigh(_ drivenHigh: Bool, at moment: Instant) -> Bool { levels.isHigh(drivenHigh, at: moment) }
}

/// What adapters make of the rates they are asked for.
@Suite struct AdapterTests {
    /// CH340: 48 MHz / (4 × 17) is 705,882; FT232R: 24 MHz in whole eighths, AN232B-05; CP2102: AN205, table 1.
    @Test(arguments: [
        (Adapter.Kind.ch340, 691_200, 705_882), (.ch340, 115_200, 115_385), (.ch340, 921_600, 923_077),
        (.ch340, 9600, 9615), (.ch340, 2_000_000, 2_000_000), (.ft232r, 115_200, 115_385), (.ft232r, 691_200, 685_714),
        (.ft232r, 921_600, 923_077), (.ft232r, 2_000_000, 2_000_000), (.ft232r, 3_000_000, 3_000_000),
        (.cp2102, 115_200, 115_200), (.cp2102, 921_600, 921_600), (.cp2102, 691_200, 921_600),
    ])
    func rates(kind: Adapter.Kind, asked: Int, made: Int) {
        #expect(Adapter(kind).rate(for: asked)?.baud == made)
    }

    @Test(arguments: [(Adapter.Kind.ch340, 3_000_000), (.cp2102, 2_000_000), (.ft232r, 3_000_001), (.ch340, 0)])
    func refusals(kind: Adapter.Kind, asked: Int) {
        #expect(Adapter(kind).rate(for: asked) == nil)
    }

    /// Every rate an adapter takes comes out, whatever it is asked for.
    @Test(arguments: Adapter.Kind.allCases)
    func noRateTraps(kind: Adapter.Kind) {
        var generator = SplitMix64(seed: 9)
        for _ in 0..<2000 {
            let asked = Int(generator.next(below: 4_000_000))
            let made = Adapter(kind).rate(for: asked)
            #expect((made != nil) == (asked >= 300 && asked <= Adapter(kind).fastestBaud), "\(kind) at \(asked)")
        }
        #expect(Adapter(kind).rate(for: .min) == nil && Adapter(kind).rate(for: .max) == nil)
    }
}
