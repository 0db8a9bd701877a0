/// How fast one end of a line shifts bits, as that end truly does it and not as it was asked to.
///
/// In millibaud, so that divisors need no fractions: the chip's "115200" is 80 MHz / (8 × 87) = 114,942,528 mBd
/// (ECR6600 facts §1.3).
package struct BitRate: Hashable, Sendable, Comparable {
    /// Thousandths of a bit per second; positive.
    package var millibaud: Int64

    package init(millibaud: Int64) {
        precondition(millibaud > 0, "a bit rate is positive")
        self.millibaud = millibaud
    }

    /// A rate in whole bits per second. - Parameter baud: at least 1.
    package init(baud: Int) {
        self.init(millibaud: Int64(baud) * 1000)
    }

    /// Bits per second, rounded to the nearest.
    package var baud: Int { Int((millibaud + 500) / 1000) }

    /// What one 8N1 character (start, eight data, stop: ten bits) takes, in picoseconds.
    package var characterPicoseconds: Int64 { 10_000_000_000_000_000 / millibaud }

    package static func < (left: BitRate, right: BitRate) -> Bool { left.millibaud < right.millibaud }
}
