import Line
import Testing

/// Tables of our own against values that anybody can look up.
@Suite struct DecayTests {
    /// e^(−x) for some x, in millionths.
    @Test(arguments: [
        (Int64(0), 1_000_000), (100_000, 904_837), (500_000, 606_531), (693_147, 500_000), (1_000_000, 367_879),
        (2_000_000, 135_335), (5_000_000, 6738), (12_000_000, 0),
    ])
    func exponential(microparts: Int64, millionths: Int) {
        let left = Decay.remaining(after: microparts * 10, timeConstant: 10_000_000)
        #expect(abs(Int(left * 1_000_000 / Decay.whole) - millionths) <= 30)
    }

    /// Many small steps come to one large one: a rail is followed bit by bit.
    @Test func stepsAddUp() {
        var left = Decay.whole
        for _ in 0..<1000 { left = (left * Decay.remaining(after: 5_000, timeConstant: 4_000_000)) >> 30 }
        let once = Decay.remaining(after: 5_000_000, timeConstant: 4_000_000)
        #expect(abs(left - once) < Decay.whole / 10_000)
    }

    @Test func extremesDoNotTrap() {
        #expect(Decay.remaining(after: .max, timeConstant: 1) == 0)
        #expect(Decay.remaining(after: 1, timeConstant: 0) == 0)
        #expect(Decay.remaining(after: -5, timeConstant: 1) == Decay.whole)
        _ = Decay.remaining(after: .max, timeConstant: .max)
    }

    /// sin of 0, 30, 45, 90, 180, 210 and 270 degrees.
    @Test(arguments: [(0, 0), (30, 500), (45, 707), (90, 1000), (180, 0), (210, -500), (270, -1000)])
    func sine(degrees: Int64, thousandths: Int64) {
        let value = Sine.of(phase: degrees * 65_536 / 360)
        #expect(abs(value * 1000 / Sine.one - thousandths) <= 1)
    }
}
