/// A certain character arrives as another: what a fault that leaves it to chance did once, written down.
package struct ChangeCharacters: WireFault {
    package static let summary = FaultSummary(
        "change-characters", "One character, counted from the line's beginning, arrives changed.",
        takesDirection: true,
        parameters: [
            FaultParameter(
                "at", in: .characters, 0...1_000_000_000, standard: 0,
                about: "which one; 0 is the first to reach this fault"),
            FaultParameter("xor", in: .mask, 1...255, standard: 1, about: "the bits to flip"),
        ])

    private let settings: FaultSettings
    private let place: Int
    private let mask: UInt8
    /// Characters that have come to this fault.
    private var counts = Pair(0)

    package init(_ settings: FaultSettings) {
        self.settings = settings
        place = settings["at"]
        mask = UInt8(settings["xor"])
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        guard settings.isIn(direction) else { return }
        let index = place - counts[direction]
        counts[direction] += run.count
        if run.indices.contains(index) { verdict.change(index, xor: mask) }
    }
}
