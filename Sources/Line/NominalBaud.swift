/// The rates that people mean. Divisors miss them by a little: the CH340's 115200 is 115385.
package enum NominalBaud {
    /// In bits per second, ascending.
    package static let rates: [UInt32] = [
        50, 75, 110, 134, 150, 200, 300, 600, 1200, 1800, 2400, 4800, 9600, 14_400, 19_200, 28_800, 31_250, 38_400,
        56_000, 57_600, 74_880, 76_800, 115_200, 128_000, 153_600, 230_400, 250_000, 256_000, 345_600, 460_800,
        500_000, 576_000, 614_400, 750_000, 921_600, 1_000_000, 1_152_000, 1_200_000, 1_500_000, 2_000_000, 2_500_000,
        3_000_000, 3_500_000, 4_000_000, 6_000_000, 8_000_000, 12_000_000,
    ]

    /// The nearest nominal rate, if it is at most so many parts of a hundred away; the rate itself otherwise.
    package static func snapped(_ rate: UInt32, withinPercent tolerance: Int64 = 2) -> UInt32 {
        let nearest = rates.min { distance($0, rate) < distance($1, rate) }
        guard let nearest, distance(nearest, rate) * 100 <= Int64(nearest) * tolerance else { return rate }
        return nearest
    }

    /// Whether the rate is near to one that people mean.
    package static func isNear(_ rate: UInt32) -> Bool { rates.contains(snapped(rate)) }

    private static func distance(_ left: UInt32, _ right: UInt32) -> Int64 { abs(Int64(left) - Int64(right)) }
}
