package import Line
package import Wire

/// A step comes later, and with it everything behind it: just past a time-out, say.
package struct Delay: ProtocolFault {
    package static let summary = FaultSummary(
        "delay", "One step of the protocol arrives later, and nothing overtakes it.", takesDirection: true,
        takesAim: true,
        parameters: [
            FaultParameter("by", in: .milliseconds, 1...600_000, standard: 500, about: "how much later it begins")
        ])

    private var aim: AimFinder
    private let delay: Duration
    /// Until when nothing passes, and in which direction.
    private var end: (moment: Instant, direction: Direction)?

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
        delay = .milliseconds(settings["by"])
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        let hit = aim.find(in: steps, direction)
        if let end {
            if direction == end.direction, timing.start < end.moment { verdict.hold(0..<run.count, until: end.moment) }
        } else if let hit, hit.isBeginning {
            let first = hit.range.lowerBound
            let moment = timing.dropping(first).start.advanced(by: delay)
            end = (moment, direction)
            verdict.hold(first..<run.count, until: moment)
        }
    }
}
