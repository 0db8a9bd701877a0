package import Line
package import Wire

/// The sum at the end of a step is wrong, and everything before it is right.
package struct WrongChecksum: ProtocolFault {
    package static let summary = FaultSummary(
        "wrong-checksum", "The last byte of a step of the protocol, its checksum, arrives changed.",
        takesDirection: true,
        takesAim: true)

    private var aim: AimFinder

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        guard let hit = aim.find(in: steps, direction), hit.missing == 0 else { return }
        verdict.change(hit.range.upperBound - 1, xor: 0xFF)
    }
}
