/// TX on TX and RX on RX: two outputs drive one wire, and both inputs are on the other, which nothing drives. What the
/// outputs do to each other is left out.
package struct SwappedWires: WireFault {
    package static let summary = FaultSummary(
        "swapped-wires", "TX is joined to TX and RX to RX: neither end receives anything.")

    package init(_ settings: FaultSettings) {}

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        verdict.lose(0..<run.count)
    }
}
