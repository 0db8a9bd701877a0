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
    private var direction: Direction?
    private var rate: BitRate?
    package private(set) var deadline: Instant?

    package init(_ aim: AimFinder, _ settings: FaultSettings) {
        self.aim = aim
        delay = .milliseconds(settings["by"])
    }

    package mutating func judge(
        _ run: Span<UInt8>, _ timing: RunTiming, in direction: Direction, _ generator: inout SplitMix64,
        _ verdict: inout FaultVerdict
    ) {
        let hit = aim.find(in: run, direction)
        var first = run.count
        if deadline != nil, direction == self.direction {
            first = 0
        } else if let hit, hit.isBeginning {
            first = hit.range.lowerBound
            self.direction = direction
            deadline = timing.dropping(first).start.advanced(by: delay)
        }
        guard first < run.count else { return }
        for index in first..<run.count { held.append(run[index]) }
        rate = timing.rate
        verdict.hold(first..<run.count)
    }

    package mutating func inject(at now: Instant, _ generator: inout SplitMix64) -> FaultInjection? {
        deadline = nil
        guard let direction, !held.isEmpty else { return nil }
        defer { held = [] }
        return FaultInjection(direction: direction, characters: held, rate: rate, isNew: false)
    }
}
