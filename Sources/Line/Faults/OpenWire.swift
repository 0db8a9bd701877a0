/// A wire that is not there: the input's pull-up keeps it idle (ECR6600 facts §8), and nothing arrives.
package struct OpenWire: WireFault {
    package static let summary = FaultSummary(
        "open-wire", "A wire was never soldered, or has come off: its input stays idle.", takesDirection: true)

    private let settings: FaultSettings

    package init(_ settings: FaultSettings) {
        self.settings = settings
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        if settings.isIn(direction) { verdict.lose(0..<run.count) }
    }
}
