package import Line

/// Looks for the one step of a session that something is aimed at.
package struct AimFinder: Sendable {
    package let aim: Aim
    private var seen = 0
    private var isInside = false

    package init(_ aim: Aim) {
        self.aim = aim
    }

    /// Whether the step has begun, now or earlier.
    package var hasBegun: Bool { seen >= aim.count }

    /// Takes what the next run of a direction consists of; each must come here once, in its order. Steps are counted from
    /// the line's beginning, whatever resets and cuts of the power lie between.
    /// - Returns: what of it belongs to the step; nil for nothing.
    package mutating func find(in steps: [StepStretch], _ direction: Direction) -> StepStretch? {
        guard !hasBegun || isInside, aim.direction == nil || aim.direction == direction else { return nil }
        var hit: StepStretch?
        for stretch in steps where Step(code: stretch.step).map(aim.step.includes) == true {
            if stretch.isBeginning {
                seen += 1
                isInside = false
            }
            let belongs = stretch.isBeginning ? seen == aim.count : isInside
            guard belongs, hit == nil else { continue }
            isInside = stretch.missing > 0
            hit = stretch
        }
        return hit
    }
}

extension Step {
    /// Whether a step of that name is one of this.
    func includes(_ step: Step) -> Bool { step == self || step.counted == self }

    /// What it is counted as beside itself: the frame that changes the rate is a command among others.
    package var counted: Step {
        switch self {
        case .baud: .command
        case .baudAnswer: .answer
        default: self
        }
    }
}
