import Line

/// One lane of both traces while they agree: what the other has not come to yet waits.
struct Lane {
    /// Steps of each trace from the last place on at which both had ended a step together.
    private var a = Queue<TraceStep>()
    private var b = Queue<TraceStep>()
    /// What they take of the window.
    private var sizes = (a: 0, b: 0)
    /// How many of them both have, with as many bytes of the next.
    private var placeA = (steps: 0, bytes: 0)
    private var placeB = (steps: 0, bytes: 0)
    /// Whether the two are known to differ.
    private(set) var hasParted = false

    /// Where both decode the same bytes otherwise, more steps are not kept to be compared as such.
    private static let mostKept = 32

    private func count(_ side: ComparedSide) -> Int { side == .a ? a.count : b.count }
    func size(_ side: ComparedSide) -> Int { side == .a ? sizes.a : sizes.b }
    private subscript(side: ComparedSide, index: Int) -> TraceStep { side == .a ? a[index] : b[index] }

    mutating func append(_ step: TraceStep, _ side: ComparedSide) {
        if side == .a {
            a.append(step)
            sizes.a += step.size
        } else {
            b.append(step)
            sizes.b += step.size
        }
    }

    /// Takes all that waits of a trace, to be aligned by steps.
    mutating func takeAll(_ side: ComparedSide) -> [TraceStep] {
        restart()
        return (0..<count(side)).map { _ in removeFirst(side) }
    }

    private mutating func removeFirst(_ side: ComparedSide) -> TraceStep {
        let step = side == .a ? a.removeFirst() : b.removeFirst()
        if side == .a { sizes.a -= step.size } else { sizes.b -= step.size }
        return step
    }

    /// Holds what waits on both sides against each other, and tells what is the same.
    mutating func advance(isOver: (ComparedSide) -> Bool, tell: (Finding) -> Void) {
        hasParted = false
        while placeA.steps < a.count, placeB.steps < b.count {
            if placeA == (0, 0), placeB == (0, 0), a[0].isSame(as: b[0]) {
                tell(.same(removeFirst(.a), removeFirst(.b)))
                continue
            }
            guard agreeOnMore() else { return part() }
            let isEnd = placeA.bytes == 0 && placeB.bytes == 0
            if isEnd || max(placeA.steps, placeB.steps) > Self.mostKept { tellAgreed(tell) }
        }
        for side in ComparedSide.allCases where isOver(side.other) && place(side) < count(side) && rest(side.other) == 0
        {
            return part()
        }
    }

    private func place(_ side: ComparedSide) -> Int { side == .a ? placeA.steps : placeB.steps }
    private func rest(_ side: ComparedSide) -> Int { count(side) - place(side) }

    private mutating func part() {
        hasParted = true
        restart()
    }

    /// Goes back to where both had ended a step.
    private mutating func restart() {
        (placeA, placeB) = ((0, 0), (0, 0))
    }

    /// Goes on by as many bytes as the shorter of two steps has. - Returns: false where they differ.
    private mutating func agreeOnMore() -> Bool {
        guard !a[placeA.steps].isPort, !b[placeB.steps].isPort else { return false }
        let (one, other) = (a[placeA.steps].bytes, b[placeB.steps].bytes)
        let count = min(one.count - placeA.bytes, other.count - placeB.bytes)
        let rest = one.span.extracting(droppingFirst: placeA.bytes)
        guard commonPrefix(rest, other.span.extracting(droppingFirst: placeB.bytes)) >= count else { return false }
        placeA.bytes += count
        placeB.bytes += count
        if placeA.bytes == one.count { placeA = (placeA.steps + 1, 0) }
        if placeB.bytes == other.count { placeB = (placeB.steps + 1, 0) }
        return true
    }

    /// Tells what both have so far: with the same bytes, though they are not cut alike.
    private mutating func tellAgreed(_ tell: (Finding) -> Void) {
        tell(.same(takeAgreed(.a, placeA), takeAgreed(.b, placeB)))
        restart()
    }

    private mutating func takeAgreed(_ side: ComparedSide, _ place: (steps: Int, bytes: Int)) -> TraceStep {
        var taken = (0..<place.steps).map { _ in removeFirst(side) }
        if place.bytes > 0 {
            taken.append(self[side, 0].prefix(place.bytes))
            let rest = self[side, 0].dropping(place.bytes)
            if side == .a { a[0] = rest } else { b[0] = rest }
        }
        return TraceStep.joined(taken)
    }
}
