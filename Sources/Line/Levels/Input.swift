/// An input that reads a wire as high or low.
package struct Input: Hashable, Sendable {
    /// Up to here it is guaranteed to read low (VIL).
    package var guaranteedLow: Millivolts
    /// From here on it is guaranteed to read high (VIH).
    package var guaranteedHigh: Millivolts
    /// Where it really changes its mind, somewhere between the two: from here on it reads high.
    package var threshold: Millivolts
    /// A sample may be off by so much either way; every value in between is as likely.
    package var noise: Millivolts
    /// The supply that its protection diodes clamp to.
    package var supply: Millivolts

    package init(
        guaranteedLow: Millivolts, guaranteedHigh: Millivolts, threshold: Millivolts, noise: Millivolts,
        supply: Millivolts
    ) {
        self.guaranteedLow = guaranteedLow
        self.guaranteedHigh = guaranteedHigh
        self.threshold = threshold
        self.noise = max(0, noise)
        self.supply = supply
    }

    /// An input of which only the guarantees are known. Its threshold, three quarters of the way from one to the other, and
    /// its noise are assumptions.
    package init(surelyLow: Millivolts, surelyHigh: Millivolts, supply: Millivolts) {
        self.init(
            guaranteedLow: surelyLow, guaranteedHigh: surelyHigh,
            threshold: surelyLow + (surelyHigh - surelyLow) * 3 / 4, noise: 20, supply: supply)
    }

    /// The chip's pin: VIL 0.3 VDD and VIH 0.7 VDD (ECR6600 facts §8). Nobody has measured its threshold: 0.6 VDD is an
    /// assumption.
    package static func ecr6600(supply: Millivolts = ECR6600Supply.typical) -> Input {
        Input(surelyLow: supply * 3 / 10, surelyHigh: supply * 7 / 10, supply: supply)
    }

    /// Whether every sample of `driver` reads as it was driven, both levels being further from the threshold than noise.
    package func isClear(_ driver: Driver) -> Bool {
        driver.low + noise < threshold && driver.high - noise >= threshold
    }

    /// What the datasheet says of a level: true is high, false low, nil between the two, where anything may happen.
    package func guarantee(_ level: Millivolts) -> Bool? {
        if level >= guaranteedHigh { return true }
        return level <= guaranteedLow ? false : nil
    }

    /// What its protection diodes leave of a level: from one drop below ground to one above the supply.
    package func clamped(_ level: Millivolts, drop: Millivolts) -> Millivolts {
        min(max(level, -drop), supply + drop)
    }
}
