import Wire
import Words

/// What a comparison came to, in numbers of steps.
package struct ComparisonTally: Hashable, Sendable {
    package private(set) var sameCount = 0
    package private(set) var onlyACount = 0
    package private(set) var onlyBCount = 0
    package private(set) var changedCount = 0
    /// Those that are the same, and at another time.
    package private(set) var lateCount = 0
    /// Whether the traces were not compared to their ends.
    package private(set) var hasGivenUp = false
    /// Whether any of the two had a byte.
    private var hasBytes = false

    package init() {}

    package mutating func count(_ finding: Finding) {
        switch finding {
        case .same(let step, _):
            sameCount += 1
            note(step)
        case .late(let step, _, _, _):
            lateCount += 1
            note(step)
        case .changed(let step, _):
            changedCount += 1
            note(step)
        case .only(.a, let step):
            onlyACount += 1
            note(step)
        case .only(.b, let step):
            onlyBCount += 1
            note(step)
        case .gaveUp(let a, let b):
            hasGivenUp = true
            (a + b).forEach { note($0) }
        }
    }

    private mutating func note(_ step: TraceStep) {
        if !step.isPort { hasBytes = true }
    }

    package enum Outcome: String, Hashable, Sendable {
        case agree
        case differ
        /// They differ, and were not compared to their ends.
        case gaveUp = "gave-up"
        /// Neither trace has a byte of the host or the chip: that is no agreement.
        case nothingToCompare = "nothing-to-compare"
    }

    package var outcome: Outcome {
        if !hasBytes { return .nothingToCompare }
        if hasGivenUp { return .gaveUp }
        return onlyACount + onlyBCount + changedCount + lateCount == 0 ? .agree : .differ
    }

    /// One line.
    package var words: String {
        var parts = ["\(plural(sameCount + lateCount, "step")) agree\(sameCount + lateCount == 1 ? "s" : "")"]
        if onlyACount > 0 { parts.append("\(onlyACount) only in A") }
        if onlyBCount > 0 { parts.append("\(onlyBCount) only in B") }
        if changedCount > 0 { parts.append("\(changedCount) in both but different") }
        if lateCount > 0 { parts.append("\(lateCount) where the times move apart") }
        return parts.joined(separator: ", ") + (hasGivenUp ? "; not compared to the end" : "")
    }
}
