package import Line

/// Looks for the one step of a session that something is aimed at.
package struct AimFinder: Sendable {
    /// A part of a run that belongs to it.
    package struct Hit: Hashable, Sendable {
        package var range: Range<Int>
        /// Whether it begins here.
        package var isBeginning: Bool
        /// Its bytes that come behind this part; 0 at its end.
        package var missing: Int
        /// Where it begins: what of it had passed before it could be known, which is a frame's marker or nothing.
        package var passed: [UInt8]
        /// Whether `missing` is all; before a frame's length is there it counts the head alone.
        package var isLengthKnown: Bool
    }

    package let aim: Aim
    private var tracker = StepTracker()
    private var seen = 0
    private var isInside = false

    package init(_ aim: Aim) {
        self.aim = aim
    }

    /// Whether the step has begun, now or earlier.
    package var hasBegun: Bool { seen >= aim.count }

    /// Takes the next run of a direction; each must come here once, in its order.
    /// - Returns: what of it belongs to the step; nil for nothing.
    package mutating func find(in run: Span<UInt8>, _ direction: Direction) -> Hit? {
        // Once it is over nobody asks any more.
        guard !hasBegun || isInside else { return nil }
        var stretches: [StepTracker.Stretch] = []
        tracker.feed(run, direction, into: &stretches)
        guard aim.direction == nil || aim.direction == direction else { return nil }
        var hit: Hit?
        for stretch in stretches where stretch.step.map(aim.step.includes) == true {
            if stretch.isBeginning { seen += 1 }
            let belongs = stretch.isBeginning ? seen == aim.count : isInside
            guard belongs, hit == nil else { continue }
            isInside = stretch.missing > 0
            hit = Hit(
                range: stretch.range, isBeginning: stretch.isBeginning, missing: stretch.missing,
                passed: stretch.passed, isLengthKnown: stretch.isLengthKnown)
        }
        return hit
    }

    /// The chip has lost its power; steps are still counted from the session's beginning.
    package mutating func restart() {
        tracker.restart()
        isInside = false
    }
}

extension Step {
    /// Whether a step of that name is one of this.
    func includes(_ step: Step) -> Bool {
        switch self {
        case .command: step == .command || step == .baud
        case .answer: step == .answer || step == .baudAnswer
        default: step == self
        }
    }
}
