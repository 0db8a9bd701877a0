package import Line
package import Wire

/// From a step on its direction is silent: the sender has stopped, whatever the other side still hopes for.
package struct StopAnswering: ProtocolFault {
    package static let summary = FaultSummary(
        "stop-answering", "From a step of the protocol on nothing comes any more from whoever sent it.",
        takesDirection: true, takesAim: true)

    private var aim: AimFinder
    private var silent: LineDirection?

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        var first = run.endIndex
        if silent == direction {
            first = run.startIndex
        } else if silent == nil, let hit = aim.find(in: run.span, direction.traced), hit.isBeginning {
            silent = direction
            first = hit.range.lowerBound
        }
        guard first < run.endIndex else { return nil }
        let count = run.count - first
        run.removeLast(count)
        return .lost(count)
    }
}
