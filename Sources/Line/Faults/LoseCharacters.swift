/// Certain characters never arrive: what a fault that leaves it to chance did once, written down.
package struct LoseCharacters: WireFault {
    package static let summary = FaultSummary(
        "lose-characters", "Some characters, counted from the line's beginning, never arrive.", takesDirection: true,
        parameters: [
            FaultParameter(
                "from", in: .characters, 0...1_000_000_000, standard: 0,
                about: "the first one; 0 is the first to reach this fault"),
            FaultParameter("count", in: .characters, 1...1_000_000_000, standard: 1, about: "how many"),
        ])

    private let settings: FaultSettings
    private let from: Int
    private let count: Int
    /// Characters that have come to this fault.
    private var counts = Pair(0)

    package init(_ settings: FaultSettings) {
        self.settings = settings
        from = settings["from"]
        count = settings["count"]
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        guard settings.isIn(direction) else { return }
        let begin = from - counts[direction]
        counts[direction] += run.count
        verdict.lose(max(0, begin)..<max(0, begin, min(run.count, begin + count)))
    }
}
