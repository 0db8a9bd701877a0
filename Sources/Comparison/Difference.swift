import Line

/// A difference between two traces as it is told: steps of one trace that are alike and follow each other are one.
package struct Difference: Sendable {
    package enum Kind: Hashable, Sendable {
        case only(ComparedSide)
        case changed
        /// B has its byte at `place` so much later than A; less than zero for earlier.
        case late(place: Int, by: Duration)
    }

    package var kind: Kind
    /// A's step; nil where A has none.
    package var a: TraceStep?
    package var b: TraceStep?
    /// How many steps like this one follow each other, itself among them; or come in turn with those told beside it, which
    /// are as many.
    package var count = 1
}

/// Folds what one trace says over and over into few differences.
struct DifferenceFold: Sendable {
    enum Told: Sendable {
        case same(TraceStep, TraceStep)
        case difference(Difference)
        case gaveUp(a: [TraceStep], b: [TraceStep])
    }

    /// Whose steps are not told yet.
    private var side = ComparedSide.a
    /// The last of them, which may be said again.
    private var recent: [TraceStep] = []
    /// What is said over and over: how often it was, and how much of another time.
    private var pattern: [TraceStep] = []
    private var count = 0
    private var begun: [TraceStep] = []

    /// The longest exchange that is folded, in steps.
    private static let longestPattern = 4

    /// - Returns: what to tell by now; steps that may be said again wait.
    mutating func take(_ finding: Finding) -> [Told] {
        switch finding {
        case .same(let a, let b): return finish() + [.same(a, b)]
        case .changed(let a, let b): return finish() + [.difference(Difference(kind: .changed, a: a, b: b))]
        case .late(let a, let b, let place, let duration):
            return finish() + [.difference(Difference(kind: .late(place: place, by: duration), a: a, b: b))]
        case .gaveUp(let a, let b): return finish() + [.gaveUp(a: a, b: b)]
        case .only(let side, let step):
            let before = side == self.side ? [] : finish()
            self.side = side
            return before + take(step)
        }
    }

    /// Nothing more comes. - Returns: what waits.
    mutating func finish() -> [Told] {
        let told = pattern.map { tell($0, count) } + (begun + recent).map { tell($0, 1) }
        (pattern, count, begun, recent) = ([], 0, [], [])
        return told
    }

    private mutating func take(_ step: TraceStep) -> [Told] {
        if !pattern.isEmpty {
            begun.append(step)
            if step.isSame(as: pattern[begun.count - 1]) {
                if begun.count == pattern.count { (count, begun) = (count + 1, []) }
                return []
            }
            // It was said for the last time.
            let (told, rest) = (pattern.map { tell($0, count) }, begun)
            (pattern, count, begun) = ([], 0, [])
            return told + rest.flatMap { take($0) }
        }
        if let whole = recent.last?.followed(by: step) {
            recent[recent.count - 1] = whole
            return []
        }
        recent.append(step)
        for length in 1...Self.longestPattern where recent.count >= 2 * length {
            let (first, second) = (recent.suffix(2 * length).prefix(length), recent.suffix(length))
            guard zip(first, second).allSatisfy({ $0.isWhole && $0.isSame(as: $1) }) else { continue }
            let told = recent.dropLast(2 * length).map { tell($0, 1) }
            (pattern, count, recent) = (Array(first), 2, [])
            return told
        }
        return recent.count < 2 * Self.longestPattern ? [] : [tell(recent.removeFirst(), 1)]
    }

    private func tell(_ step: TraceStep, _ count: Int) -> Told {
        .difference(
            Difference(
                kind: .only(side), a: side == .a ? step : nil, b: side == .b ? step : nil, count: count))
    }
}
