/// A wire that is not there: the input's pull-up keeps it idle (ECR6600 facts §8), and nothing arrives.
package struct OpenWire: WireFault {
    package static let summary = FaultSummary(
        "open-wire", "A wire was never soldered, or has come off: its input stays idle.", takesDirection: true)

    private let settings: FaultSettings

    package init(_ settings: FaultSettings) {
        self.settings = settings
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        guard settings.isIn(direction) else { return nil }
        defer { run.removeAll() }
        return .lost(run.count)
    }
}
