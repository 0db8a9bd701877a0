/// A sine from a table of our own: the last digit of a library's differs between machines.
package enum Sine {
    /// One: the table's greatest value.
    package static let one: Int64 = 32_767

    /// The sine of a turn's part. - Parameter phase: parts of 2¹⁶ of a turn; whole turns do not matter.
    package static func of(phase: Int64) -> Int64 {
        let phase = phase & 0xFFFF
        // 2¹⁴ to a quarter, 64 steps of 256.
        let within = phase & 0x3FFF
        let position = phase & 0x4000 == 0 ? within : 0x4000 - within
        let index = Int(position >> 8)
        let value =
            index == 64 ? one : quarter[index] + (((quarter[index + 1] - quarter[index]) * (position & 0xFF)) >> 8)
        return phase & 0x8000 == 0 ? value : -value
    }

    /// The first quarter.
    private static let quarter: [Int64] = [
        0, 804, 1608, 2410, 3212, 4011, 4808, 5602, 6393, 7179, 7962, 8739, 9512, 10278, 11039, 11793, 12539, 13279,
        14010, 14732, 15446, 16151, 16846, 17530, 18204, 18868, 19519, 20159, 20787, 21403, 22005, 22594, 23170, 23731,
        24279, 24811, 25329, 25832, 26319, 26790, 27245, 27683, 28105, 28510, 28898, 29268, 29621, 29956, 30273, 30571,
        30852, 31113, 31356, 31580, 31785, 31971, 32137, 32285, 32412, 32521, 32609, 32678, 32728, 32757, 32767,
    ]
}
