/// A certain character arrives as another: what a fault that leaves it to chance did once, written down.
package struct ChangeCharacters: WireFault {
    package static let summary = FaultSummary(
        "change-characters", "A certain character, counted from the line's beginning, arrives as another.",
        takesDirection: true,
        parameters: [
            FaultParameter(
                "at", in: .characters, 0...1_000_000_000, standard: 0,
                about: "which; 0 is the first that comes to this fault"),
            FaultParameter("xor", in: .mask, 1...255, standard: 1, about: "its bits that are turned round"),
        ])

    private let settings: FaultSettings
    private let place: Int
    private let mask: UInt8
    private var counter = CharacterCounter()

    package init(_ settings: FaultSettings) {
        self.settings = settings
        place = settings["at"]
        mask = UInt8(settings["xor"])
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        guard settings.isIn(direction) else { return nil }
        let index = place - counter.pass(run.count, direction)
        guard run.indices.contains(index) else { return nil }
        run[index] ^= mask
        return .changed(1)
    }
}
