/// What a fault wants done to a run, in the order of its places. The fault decides; the line carries it out and
/// counts, so that no fault can claim what it did not do.
package struct FaultVerdict: Sendable {
    package enum Act: Hashable, Sendable {
        /// These characters never arrive.
        case lose(Range<Int>)
        /// These, which are the last of the run, are held back until then: nothing overtakes them.
        case hold(Range<Int>, until: Instant)
        /// This character arrives with these of its bits inverted.
        case change(Int, xor: UInt8)
        /// Characters that were not sent are added before the one at this place; the run's count is the place behind
        /// its last.
        case add([UInt8], at: Int)
    }

    package private(set) var acts: [Act] = []
    /// Whether the run crossed at another rate than its sender asked for.
    package private(set) var isDetuned = false

    package init() {}

    package var isEmpty: Bool { acts.isEmpty && !isDetuned }

    package mutating func lose(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        if case .lose(let last)? = acts.last, last.upperBound == range.lowerBound {
            acts[acts.count - 1] = .lose(last.lowerBound..<range.upperBound)
        } else {
            acts.append(.lose(range))
        }
    }

    /// - Parameter range: to the run's end.
    package mutating func hold(_ range: Range<Int>, until moment: Instant) {
        if !range.isEmpty { acts.append(.hold(range, until: moment)) }
    }

    /// - Parameter mask: not 0.
    package mutating func change(_ place: Int, xor mask: UInt8) {
        acts.append(.change(place, xor: mask))
    }

    package mutating func add(_ characters: [UInt8], at place: Int) {
        if !characters.isEmpty { acts.append(.add(characters, at: place)) }
    }

    package mutating func detune() { isDetuned = true }

    /// For the next run.
    mutating func clear() {
        acts.removeAll(keepingCapacity: true)
        isDetuned = false
    }
}

extension FaultVerdict.Act {
    /// The characters of the run that it is about; empty where it adds some.
    package var place: Range<Int> {
        switch self {
        case .lose(let range), .hold(let range, _): range
        case .change(let place, _): place..<(place + 1)
        case .add(_, let place): place..<place
        }
    }
}
