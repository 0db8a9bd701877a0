import Line
import Testing

/// A line is asked for something only if something can happen on it.
@Suite struct LineConditionsTests {
    @Test func aPerfectLineHasNoLevels() {
        #expect(!LineConditions.perfect.hasLevels)
        var floating = LineConditions()
        floating.ground = .floating(FloatingGround())
        #expect(floating.hasLevels)
    }

    /// An adapter that refuses a rate stays at the one it had.
    @Test func aRefusedRateChangesNothing() throws {
        var conditions = LineConditions()
        conditions.adapter = Adapter(.ch340)
        var generator = SplitMix64(seed: 1)
        var wiring = Wiring(conditions, seeds: &generator)
        let rates = [691_200, 3_000_000, 2_000_000].map { wiring.hostRate(BitRate(baud: $0)).baud }
        #expect(rates == [705_882, 705_882, 2_000_000])
    }
}
