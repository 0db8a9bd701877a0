/// One wire: a driver at one end, an input at the other, and whatever shifts the levels between them.
package struct InputLevels: LevelSource, Sendable {
    package let driver: Driver
    package let input: Input
    /// The adapter's rail, where the chip's output lifts it; only towards the chip.
    package var rail: ClampRailState?
    private let ground: FloatingInput
    private var shake: EdgeShake
    private var generator: SplitMix64

    package init(
        driver: Driver, input: Input, ground: FloatingInput = .joined, rail: ClampRail? = nil, seed: UInt64
    ) {
        self.driver = driver
        self.input = input
        self.ground = ground
        self.rail = rail.map(ClampRailState.init)
        shake = EdgeShake(swing: ground.swing ?? driver.high - driver.low)
        generator = SplitMix64(seed: seed)
    }

    package mutating func isClear(from start: Instant, to end: Instant) -> Bool {
        guard ground.ground.floats(at: start) == nil else { return false }
        guard !input.isClear(driver) else { return true }
        guard rail?.isRising(at: start) == true else { return false }
        return input.isClear(Driver(high: high(at: start), low: driver.low))
    }

    package mutating func isHigh(_ drivenHigh: Bool, at moment: Instant) -> Bool {
        level(drivenHigh, at: moment) >= input.threshold
    }

    /// The voltage at the input, against its own ground, with a sample's noise.
    mutating func level(_ drivenHigh: Bool, at moment: Instant) -> Millivolts {
        if let floating = ground.ground.floats(at: moment) {
            let offset = floating.offset(at: moment, phase: ground.phase)
            let level =
                driver.high + (ground.risesWithChip ? offset : -offset)
                + shake.follow(drivenHigh, at: moment, thousandths: ground.thousandths(of: floating), floating)
            return noisy(input.clamped(level, drop: floating.diodeDrop), by: floating.noise)
        }
        return noisy(drivenHigh ? high(at: moment) : driver.low, by: input.noise)
    }

    private mutating func high(at moment: Instant) -> Millivolts {
        driver.high + (rail?.lift(at: moment) ?? 0)
    }

    /// The level with a sample's noise, every value of which is as likely.
    private mutating func noisy(_ level: Millivolts, by noise: Millivolts) -> Millivolts {
        guard noise > 0 else { return level }
        return level - noise + Int(generator.next(below: UInt64(2 * noise + 1)))
    }
}

/// How an input relates to a ground that may float.
package struct FloatingInput: Hashable, Sendable {
    package var ground: Ground
    /// The phase of the mains at the line's beginning, in 2⁻¹⁶ of a cycle.
    package var phase: Int64
    /// Whether this input sees the other end's levels rise when the chip's ground does; so the host's does.
    package var risesWithChip: Bool
    /// How far the edges go that reach this input over the other wire; nil for an input that looks at its own wire.
    package var swing: Millivolts?

    package init(_ ground: Ground, phase: Int64, risesWithChip: Bool, swingOfOtherWire swing: Millivolts? = nil) {
        self.ground = ground
        self.phase = phase
        self.risesWithChip = risesWithChip
        self.swing = swing
    }

    package static let joined = FloatingInput(.joined, phase: 0, risesWithChip: false)

    fileprivate func thousandths(of floating: FloatingGround) -> Int {
        swing == nil ? floating.ownCoupling : floating.otherCoupling
    }
}

/// What is left at an input of the edges that reached it through a capacitor.
private struct EdgeShake: Sendable {
    let swing: Millivolts
    private var microvolts: Int64 = 0
    private var wasHigh = true
    private var time = Instant.zero

    init(swing: Millivolts) {
        self.swing = swing
    }

    /// Follows the wire to `moment`. - Returns: how far the level is from the idle one.
    mutating func follow(
        _ isHigh: Bool, at moment: Instant, thousandths: Int, _ floating: FloatingGround
    ) -> Millivolts {
        let elapsed = moment.nanoseconds - time.nanoseconds
        microvolts = (microvolts * Decay.remaining(after: elapsed, timeConstant: floating.couplingTime)) >> 30
        if isHigh != wasHigh { microvolts += Int64((isHigh ? swing : -swing) * thousandths) }
        wasHigh = isHigh
        time = moment
        return Int(microvolts / 1000)
    }
}
