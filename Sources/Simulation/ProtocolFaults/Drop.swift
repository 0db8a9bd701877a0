package import Line
package import Wire

/// A step never arrives.
package struct Drop: ProtocolFault {
    package static let summary = FaultSummary(
        "drop", "One step of the protocol never arrives.", takesDirection: true, takesAim: true)

    private var aim: AimFinder

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        guard let hit = aim.find(in: run.span, direction.traced) else { return nil }
        run.removeSubrange(hit.range)
        return .lost(hit.range.count)
    }
}
