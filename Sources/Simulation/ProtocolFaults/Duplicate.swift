package import Line
package import Wire

/// A step arrives twice: what a driver or a host that loses its patience does.
package struct Duplicate: ProtocolFault {
    package static let summary = FaultSummary(
        "duplicate", "One step of the protocol arrives a second time, right behind the first.", takesDirection: true,
        takesAim: true)

    private var aim: AimFinder
    private var copy: [UInt8] = []
    private var direction = LineDirection.hostToChip
    private var rate: BitRate?
    package private(set) var deadline: Instant?

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        guard let hit = aim.find(in: run.span, direction.traced) else { return nil }
        copy += hit.passed + run[hit.range]
        guard hit.missing == 0 else { return nil }
        // What stands behind it in the same run comes after both.
        guard hit.range.upperBound == run.count else {
            defer { copy = [] }
            run.insert(contentsOf: copy, at: hit.range.upperBound)
            return .added(copy.count)
        }
        self.direction = direction
        rate = timing.rate
        deadline = timing.end(of: run.count)
        return nil
    }

    package mutating func inject(at now: Instant, _ generator: inout SplitMix64) -> FaultInjection? {
        deadline = nil
        defer { copy = [] }
        return FaultInjection(direction: direction, characters: copy, rate: rate)
    }
}
