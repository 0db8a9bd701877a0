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
    private var held: [UInt8] = []
    private var direction: LineDirection?
    private var rate: BitRate?
    package private(set) var deadline: Instant?

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
        delay = .milliseconds(settings["by"])
    }

    package mutating func pass(
        _ run: inout [UInt8], _ timing: inout RunTiming, in direction: LineDirection, _ generator: inout SplitMix64
    ) -> FaultEffect? {
        let hit = aim.find(in: run.span, direction.traced)
        var first = run.endIndex
        if deadline != nil, direction == self.direction {
            first = run.startIndex
        } else if let hit, hit.isBeginning {
            first = hit.range.lowerBound
            self.direction = direction
            deadline = timing.dropping(first).start.advanced(by: delay)
        }
        guard first < run.endIndex else { return nil }
        held += run[first...]
        rate = timing.rate
        let count = run.count - first
        run.removeLast(count)
        return .delayed(count)
    }

    package mutating func inject(at now: Instant, _ generator: inout SplitMix64) -> FaultInjection? {
        deadline = nil
        guard let direction, !held.isEmpty else { return nil }
        defer { held = [] }
        return FaultInjection(direction: direction, characters: held, rate: rate, isNew: false)
    }
}
