package import Line
package import Wire

/// A step comes later, and with it everything behind it: just past a time-out, say.
package struct Delay: ProtocolFault {
    package static let summary = FaultSummary(
        "delay", "One step of the protocol arrives later, and nothing overtakes it.", takesDirection: true,
        takesAim: true,
        parameters: [
            FaultParameter("by", in: .milliseconds, 1...600_000, standard: 500, about: "how much later it starts")
        ])

    private var aim: AimFinder
    private let delay: Duration

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
        delay = .milliseconds(settings["by"])
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        guard let hit = aim.find(in: steps, direction), hit.isBeginning else { return }
        let first = hit.range.lowerBound
        verdict.hold(first..<run.count, until: timing.dropping(first).start.advanced(by: delay))
    }
}
