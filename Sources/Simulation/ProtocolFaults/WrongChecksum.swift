package import Line
package import Wire

/// The sum at the end of a step is wrong, and everything before it is right.
package struct WrongChecksum: ProtocolFault {
    package static let summary = FaultSummary(
        "wrong-checksum", "The last byte of a step of the protocol, its sum, arrives as another.", takesDirection: true,
        takesAim: true)

    private var aim: AimFinder

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        guard let hit = aim.find(in: run.span, direction.traced), hit.missing == 0 else { return nil }
        run[hit.range.upperBound - 1] ^= 0xFF
        return .changed(1)
    }
}
