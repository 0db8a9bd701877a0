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
    private var direction = Direction.hostToChip
    private var rate: BitRate?
    package private(set) var deadline: Instant?

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
        self.direction = direction
        rate = timing.rate
        deadline = timing.end(of: run.count)
    }

    package mutating func inject(at now: Instant, _ generator: inout SplitMix64) -> FaultInjection? {
        deadline = nil
        defer { copy = [] }
        return FaultInjection(direction: direction, characters: copy, rate: rate)
    }
}
