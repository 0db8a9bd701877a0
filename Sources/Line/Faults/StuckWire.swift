/// A wire that always has the same level: a short to ground or to the supply. Nothing arrives; a wire that is stuck low
/// is one endless break, which a UART takes as one character of zeros with a framing error.
package struct StuckWire: WireFault {
    package static let summary = FaultSummary(
        "stuck-wire", "A solder bridge holds a wire low or high.", takesDirection: true,
        parameters: [
            FaultParameter("level", in: .level, 0...1, standard: 0, about: "0 for ground, 1 for the supply")
        ])

    private let settings: FaultSettings
    /// Whether the break is still to come.
    private var breaks = Pair(false)

    package init(_ settings: FaultSettings) {
        self.settings = settings
        for direction in Direction.allCases { breaks[direction] = settings["level"] == 0 && settings.isIn(direction) }
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        if settings.isIn(direction) { verdict.lose(0..<run.count) }
    }

    package func nextInjection(in direction: Direction) -> Instant? { breaks[direction] ? .zero : nil }

    package mutating func inject(in direction: Direction, _ generator: inout SplitMix64) -> FaultInjection? {
        breaks[direction] = false
        // Zeros at the slowest rate: longer than a character of any other.
        return FaultInjection([0], rate: BitRate(baud: 300))
    }
}
