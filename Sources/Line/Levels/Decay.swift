/// How much of something is left that goes by e^(−t/τ), in integers and from a table of our own: the last digit of a
/// library's exponential differs between machines.
package enum Decay {
    /// What `remaining` returns where nothing has gone yet.
    package static let whole: Int64 = 1 << 30

    /// What is left after `elapsed`, in parts of `whole`; nothing after twelve time constants.
    /// - Parameter timeConstant: nanoseconds; up to ten seconds. Zero or less: nothing is ever left.
    package static func remaining(after elapsed: Int64, timeConstant: Int64) -> Int64 {
        guard elapsed > 0 else { return whole }
        let constant = min(timeConstant, 10_000_000_000)
        guard constant > 0, elapsed / 12 < constant else { return 0 }
        // e^(−x) is 2^(−x · log₂ e); log₂ e and the exponent have 24 fractional bits. Twelve constants of ten seconds
        // are 1.2 · 10¹¹ ns, and times 2.4 · 10⁷ that fits.
        let exponent = elapsed * 24_204_406 / constant
        let index = Int((exponent >> 18) & 63)
        // What is below 1/64: e^(−r) is 1 − r + r²/2, r being that times ln 2, to the last bit or so.
        let rest = ((exponent & 0x3_FFFF) * 744_261_118) >> 24
        let correction = Self.whole - rest + ((rest * rest) >> 31)
        return ((powers[index] * correction) >> 30) >> (exponent >> 24)
    }

    /// 2^(−i/64) for i from 0 to 63, in parts of 2³⁰.
    private static let powers: [Int64] = [
        1_073_741_824, 1_062_175_491, 1_050_733_751, 1_039_415_261, 1_028_218_693, 1_017_142_735, 1_006_186_087,
        995_347_464, 984_625_594, 974_019_220, 963_527_098, 953_147_997, 942_880_699, 932_724_001, 922_676_710,
        912_737_649, 902_905_651, 893_179_563, 883_558_244, 874_040_567, 864_625_413, 855_311_680, 846_098_274,
        836_984_114, 827_968_132, 819_049_271, 810_226_483, 801_498_734, 792_865_000, 784_324_269, 775_875_538,
        767_517_817, 759_250_125, 751_071_493, 742_980_960, 734_977_579, 727_060_411, 719_228_525, 711_481_005,
        703_816_941, 696_235_434, 688_735_596, 681_316_545, 673_977_412, 666_717_336, 659_535_466, 652_430_958,
        645_402_981, 638_450_708, 631_573_326, 624_770_026, 618_040_012, 611_382_493, 604_796_689, 598_281_827,
        591_837_143, 585_461_881, 579_155_293, 572_916_640, 566_745_190, 560_640_218, 554_601_009, 548_626_854,
        542_717_053,
    ]
}
