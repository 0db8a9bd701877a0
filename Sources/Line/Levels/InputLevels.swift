/// One wire: a driver at one end, an input at the other, and whatever shifts the levels between them.
package struct InputLevels: LevelSource, Sendable {
    package let driver: Driver
    package let input: Input
    private var generator: SplitMix64

    package init(driver: Driver, input: Input, seed: UInt64) {
        self.driver = driver
        self.input = input
        generator = SplitMix64(seed: seed)
    }

    package mutating func isClear(from start: Instant, to end: Instant) -> Bool {
        input.isClear(driver)
    }

    package mutating func isHigh(_ drivenHigh: Bool, at moment: Instant) -> Bool {
        noisy(drivenHigh ? driver.high : driver.low) >= input.threshold
    }

    /// The level with this sample's noise.
    private mutating func noisy(_ level: Millivolts) -> Millivolts {
        guard input.noise > 0 else { return level }
        return level - input.noise + Int(generator.next(below: UInt64(2 * input.noise + 1)))
    }
}
