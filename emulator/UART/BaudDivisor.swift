package import Line

/// What the chip's UART makes of a baud rate that it is asked for: oversampling times divisor from an 80 MHz clock
/// (ECR6600 facts §4.3, "Baud divisors").
package struct BaudDivisor: Hashable, Sendable {
    /// Samples in a bit.
    package var oversampling: Int
    /// Clock ticks in a sample.
    package var divisor: Int

    /// The UART's clock in hertz: 80 MHz once uboot or a stub has set it up.
    package var clock = 80_000_000

    /// The pairs that the loaders hold in a table; any other rate is divided.
    private static let table: [Int: BaudDivisor] = [
        115_200: BaudDivisor(oversampling: 8, divisor: 87),
        460_800: BaudDivisor(oversampling: 8, divisor: 21),
        691_200: BaudDivisor(oversampling: 8, divisor: 15),
        806_400: BaudDivisor(oversampling: 10, divisor: 10),
        921_600: BaudDivisor(oversampling: 8, divisor: 11),
        1_000_000: BaudDivisor(oversampling: 8, divisor: 10),
        1_500_000: BaudDivisor(oversampling: 18, divisor: 3),
        2_000_000: BaudDivisor(oversampling: 8, divisor: 5),
        3_000_000: BaudDivisor(oversampling: 8, divisor: 3),
    ]

    private init(oversampling: Int, divisor: Int, clock: Int = 80_000_000) {
        self.oversampling = oversampling
        self.divisor = divisor
        self.clock = clock
    }

    /// The divisor for `baud`: floor(10 MHz / baud) where the table has none.
    /// Nil where what the chip does is undefined: 0 divides by zero, above 10 M the divisor is 0.
    package init?(baud: Int) {
        if let known = Self.table[baud] {
            self = known
        } else if (1...10_000_000).contains(baud) {
            self.init(oversampling: 8, divisor: 10_000_000 / baud)
        } else {
            return nil
        }
    }

    /// What comes out: 115,200 is really 114,943.
    package var rate: BitRate {
        BitRate(millibaud: Int64(clock) * 1000 / Int64(oversampling * divisor))
    }

    /// How the receiver samples with it.
    package var receiverClock: ReceiverClock { ReceiverClock(rate: rate, oversampling: oversampling) }

    /// 115,200 as uboot and the stubs set it at their start: 114,943 (§1.3, §4).
    package static let boot = BaudDivisor(oversampling: 8, divisor: 87)
    /// 115,200 as the mask ROM has it from a 40 MHz crystal: 116,279, likely (§3).
    package static let rom = BaudDivisor(oversampling: 8, divisor: 43, clock: 40_000_000)
}
