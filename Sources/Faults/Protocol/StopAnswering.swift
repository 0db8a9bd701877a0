package import Line
package import Wire

/// From a step on its direction is silent: the sender has stopped, whatever the other side still hopes for.
package struct StopAnswering: ProtocolFault {
    package static let summary = FaultSummary(
        "stop-answering", "After a step of the protocol its sender falls silent.",
        takesDirection: true, takesAim: true)

    private var aim: AimFinder
    private var silent: Direction?

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        var first = run.count
        if silent == direction {
            first = 0
        } else if silent == nil, let hit = aim.find(in: steps, direction), hit.isBeginning {
            silent = direction
            first = hit.range.lowerBound
        }
        verdict.lose(first..<run.count)
    }
}
