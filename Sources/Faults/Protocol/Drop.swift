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

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        if let hit = aim.find(in: steps, direction) { verdict.lose(hit.range) }
    }
}
