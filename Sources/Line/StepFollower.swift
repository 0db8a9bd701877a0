/// Follows what the two ends send and knows each step of a protocol at its head. A line knows no protocol: what a step
/// is, and what it is called, is the follower's.
package protocol StepFollower: Sendable {
    init()

    /// Takes the next characters that one end has sent, before anything happens to them.
    /// - Parameter stretches: gets what the run consists of, all of it.
    mutating func follow(_ run: Span<UInt8>, _ direction: Direction, into stretches: inout [StepStretch])

    /// The chip was reset or lost its power: what was begun is not ended, and nothing is known any more.
    mutating func restart()
}

/// A part of a run: a step, a part of one, or characters that belong to none.
package struct StepStretch: Hashable, Sendable {
    /// Which step, in the follower's numbers; nil for characters without a meaning.
    package var step: UInt8?
    /// Its characters in the run in hand; empty where a fault has taken them all.
    package var range: Range<Int>
    /// Whether the step begins here.
    package var isBeginning: Bool
    /// Characters of the step that come after this stretch, as far as is known; 0 at its end.
    package var missing: Int
    /// Where the step begins: what of it had passed before it could be known.
    package var passed: [UInt8]
    /// Whether `missing` is all; before a length is there it counts the head alone.
    package var isLengthKnown: Bool

    package init(
        step: UInt8?, range: Range<Int>, isBeginning: Bool = false, missing: Int = 0, passed: [UInt8] = [],
        isLengthKnown: Bool = true
    ) {
        self.step = step
        self.range = range
        self.isBeginning = isBeginning
        self.missing = missing
        self.passed = passed
        self.isLengthKnown = isLengthKnown
    }
}

/// The follower of a line on which no fault is aimed at a step.
package struct NoSteps: StepFollower {
    package init() {}

    package mutating func follow(_ run: Span<UInt8>, _ direction: Direction, into stretches: inout [StepStretch]) {}

    package mutating func restart() {}
}
