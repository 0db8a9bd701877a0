import Faults
package import Line
package import Scenarios
package import Wire

/// How many of each step of the protocol a session has.
package struct StepTally: Sendable {
    private var tracker = StepTracker()
    private var counts = Pair([Step: Int]())
    /// Of the run in hand.
    private var stretches: [StepTracker.Stretch] = []

    package init() {}

    /// Takes what has crossed the line.
    package mutating func data(_ bytes: Span<UInt8>, _ direction: Direction) {
        stretches.removeAll(keepingCapacity: true)
        tracker.feed(bytes, direction, into: &stretches)
        for stretch in stretches where stretch.isBeginning {
            guard let step = stretch.step else { continue }
            counts[direction][step, default: 0] += 1
            if step.counted != step { counts[direction][step.counted, default: 0] += 1 }
        }
    }

    package func count(of step: Step, _ direction: Direction) -> Int { counts[direction][step] ?? 0 }
}

/// Every fault of the protocol at every step of a session: scenarios in which nothing else is wrong.
package enum Torture {
    /// The scenarios, in the order of the steps. Of steps that a session has often, the first two, one in the middle and
    /// the last: the others are like their neighbours.
    /// - Parameters:
    ///   - steps: of a session in which nothing went wrong.
    ///   - base: a bench on which nothing is wrong.
    package static func scenarios(at steps: StepTally, on base: Scenario) -> [Scenario] {
        var scenarios: [Scenario] = []
        for step in Step.allCases {
            for direction in Direction.allCases {
                let count = steps.count(of: step, direction)
                guard count > 0 else { continue }
                // In a session that writes and reads back, blocks go both ways.
                let goesBothWays = Direction.allCases.allSatisfy { steps.count(of: step, $0) > 0 }
                for place in Set([1, min(2, count), (count + 1) / 2, count]).sorted() {
                    scenarios += faults(of: step).map { name in
                        var made = scenario(base, name, Aim(step, count: place, direction: direction))
                        if goesBothWays { made.name += direction == .hostToChip ? "-to-chip" : "-to-host" }
                        return made
                    }
                }
            }
        }
        return scenarios
    }

    private static func scenario(_ base: Scenario, _ fault: String, _ aim: Aim) -> Scenario {
        var scenario = base
        scenario.name = "\(fault)-\(aim.step.rawValue)-\(aim.count)"
        scenario.about = "Nothing is wrong but this: \(fault), at \(aim.step.rawValue) \(aim.count)."
        scenario.faults = [FaultChoice(fault, direction: aim.direction, aim: Aim(aim.step, count: aim.count))]
        return scenario
    }

    /// What can happen to a step. One character has no end that is missing and no sum that is wrong, and where a sum is
    /// there, another byte that is wrong is another case.
    private static func faults(of step: Step) -> [String] {
        let all = ["drop", "corrupt", "duplicate", "delay", "stop-answering"]
        if characters.contains(step) { return all }
        return all + ["truncate"] + (sums.contains(step) ? ["wrong-checksum"] : [])
    }

    /// Steps of one character (ECR6600 facts §1.4, §10).
    private static let characters: Set<Step> = [
        .syncAnswer, .headerAnswer, .pieceAnswer, .ready, .blockAck, .blockNak, .eot, .eotAck, .cancel,
    ]

    /// Steps that end in a checksum (ECR6600 facts §4.1, §10).
    private static let sums: Set<Step> = [
        .command, .answer, .baud, .baudAnswer, .dataFrame, .dataAnswer, .uploadFrame, .block,
    ]
}
