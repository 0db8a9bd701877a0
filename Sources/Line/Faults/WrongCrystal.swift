/// The chip's clock is off: a crystal of another batch, or one loaded with the wrong capacitors. Both what it sends and
/// how it samples are off by as much.
package struct WrongCrystal: WireFault {
    package static let summary = FaultSummary(
        "wrong-crystal", "The chip's crystal has another frequency than its divisors assume.",
        parameters: [
            FaultParameter(
                "error", in: .partsPerMillion, -500_000...500_000, standard: 40_000,
                about: "how much too fast the chip runs")
        ])

    private let error: Int64

    package init(_ settings: FaultSettings) {
        error = Int64(settings["error"])
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        if error != 0 { verdict.detune() }
    }

    package func chipRate(_ rate: BitRate) -> BitRate {
        // In two parts: the fastest rate times a million would not fit. Many such faults may add up.
        let (millions, rest) = rate.millibaud.quotientAndRemainder(dividingBy: 1_000_000)
        let shifted = rate.millibaud + millions * error + rest * error / 1_000_000
        return BitRate(millibaud: min(max(shifted, Self.slowest), Self.fastest))
    }

    /// One baud, and far more than any UART does: 1 GBd.
    private static let slowest: Int64 = 1000
    private static let fastest: Int64 = 1_000_000_000_000
}
