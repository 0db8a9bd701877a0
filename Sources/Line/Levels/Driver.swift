/// Thousandths of a volt, against the ground of the end that drives or reads.
package typealias Millivolts = Int

/// An output that drives a wire: what it puts there, against its own ground.
package struct Driver: Hashable, Sendable {
    /// Of a one, and of the idle line (VOH).
    package var high: Millivolts
    /// Of a zero (VOL).
    package var low: Millivolts

    package init(high: Millivolts, low: Millivolts) {
        self.high = high
        self.low = low
    }

    /// The chip's pin, at the limits that its datasheet guarantees: 0.9 VDD and 0.1 VDD (ECR6600 facts §8).
    package static func ecr6600(supply: Millivolts = ECR6600Supply.typical) -> Driver {
        Driver(high: supply * 9 / 10, low: supply / 10)
    }
}

/// What the chip is fed with (ECR6600 facts §8).
package enum ECR6600Supply {
    package static let typical: Millivolts = 3300
}
