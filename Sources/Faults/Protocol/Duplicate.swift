package import Line
package import Wire

/// A step arrives twice: what a driver or a host that loses its patience does.
package struct Duplicate: ProtocolFault {
    package static let summary = FaultSummary(
        "duplicate", "One step of the protocol arrives twice, the second time right after the first.",
        takesDirection: true,
        takesAim: true)

    private var aim: AimFinder
    private var copy: [UInt8] = []
    /// Where and when the copy follows.
    private var second: (direction: Direction, moment: Instant, rate: BitRate)?

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ steps: [StepStretch], _ timing: RunTiming, in direction: Direction,
        _ generator: inout SplitMix64, _ verdict: inout FaultVerdict
    ) {
        guard let hit = aim.find(in: steps, direction) else { return }
        copy += hit.passed
        for index in hit.range { copy.append(run[index]) }
        guard hit.missing == 0 else { return }
        // What stands behind it in the same run comes after both.
        guard hit.range.upperBound == run.count else {
            verdict.add(copy, at: hit.range.upperBound)
            copy = []
            return
        }
        second = (direction, timing.end(of: run.count), timing.rate)
    }

    package func nextInjection(in direction: Direction) -> Instant? {
        second?.direction == direction ? second?.moment : nil
    }

    package mutating func inject(in direction: Direction, _ generator: inout SplitMix64) -> FaultInjection? {
        defer { (copy, second) = ([], nil) }
        return FaultInjection(copy, rate: second?.rate)
    }
}
