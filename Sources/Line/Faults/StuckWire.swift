/// A wire that always has the same level: a short to ground or to the supply. Nothing arrives; a wire that is stuck low
/// is one endless break, which a UART takes as one character of zeros with a framing error.
package struct StuckWire: WireFault {
    package static let summary = FaultSummary(
        "stuck-wire", "A solder bridge holds a wire low or high.", takesDirection: true,
        parameters: [
            FaultParameter("level", in: .level, 0...1, standard: 0, about: "0 for ground, 1 for the supply")
        ])

    private let settings: FaultSettings
    private var breaks: [LineDirection]

    package init(_ settings: FaultSettings) {
        self.settings = settings
        breaks = settings["level"] == 0 ? LineDirection.allCases.filter(settings.isIn) : []
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        guard settings.isIn(direction) else { return nil }
        defer { run.removeAll() }
        return .lost(run.count)
    }

    package var deadline: Instant? { breaks.isEmpty ? nil : .zero }

    package mutating func inject(at now: Instant, _ generator: inout SplitMix64) -> FaultInjection? {
        // Zeros at the slowest rate: longer than a character of any other.
        breaks.popLast().map { FaultInjection(direction: $0, characters: [0], rate: BitRate(baud: 300)) }
    }
}
