/// TX on TX and RX on RX: two outputs drive one wire, and both inputs hang on the other, where nobody drives. What the
/// outputs do to each other is left out.
package struct SwappedWires: WireFault {
    package static let summary = FaultSummary(
        "swapped-wires", "TX is joined to TX and RX to RX: nobody hears anybody.")

    package init(_ settings: FaultSettings) {}

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        defer { run.removeAll() }
        return .lost(run.count)
    }
}
