import Line
import Trace

/// A comparison under way: of both traces what the other has not come to yet.
struct Alignment {
    private let comparison: TraceComparison
    private var readers: (a: StepReader, b: StepReader)
    /// Steps that were read to align the two, and are still to be compared.
    private var ahead = (a: Queue<TraceStep>(), b: Queue<TraceStep>())
    private var isOver = (a: false, b: false)
    private var host = Lane()
    private var chip = Lane()
    /// So much later B was when that was last told.
    private var lag = Duration.zero

    /// So many steps are tried first.
    private static let firstWindow = 16

    init(_ comparison: TraceComparison) {
        self.comparison = comparison
        let reader = StepReader(
            comparesPort: comparison.comparesPort, keepsRunEnds: comparison.timingTolerance != nil)
        readers = (reader, reader)
    }

    /// Reads both traces to their ends, or to where they cannot be aligned.
    mutating func run<Failure: Error>(
        _ a: () throws(Failure) -> TraceEvent?, _ b: () throws(Failure) -> TraceEvent?, _ tell: (Finding) -> Void
    ) throws(Failure) {
        let scope = try readers.a.begin(from: a).intersection(try readers.b.begin(from: b))
        readers.a.limit(to: scope)
        readers.b.limit(to: scope)
        while !isOver(.a) || !isOver(.b) {
            // One of each: what is known does not depend on which trace is which.
            if let step = try read(.a, a) { append(step, .a) }
            if let step = try read(.b, b) { append(step, .b) }
            advance(tell)
            while hasParted {
                guard try realign(a, b, tell) else { return }
                advance(tell)
            }
        }
    }

    private mutating func append(_ step: TraceStep, _ side: ComparedSide) {
        if step.lane == .host { host.append(step, side) } else { chip.append(step, side) }
    }

    /// The next step of a trace; nil at its end.
    private mutating func read<Failure: Error>(
        _ side: ComparedSide, _ next: () throws(Failure) -> TraceEvent?
    ) throws(Failure) -> TraceStep? {
        switch side {
        case .a:
            if !ahead.a.isEmpty { return ahead.a.removeFirst() }
            guard !isOver.a else { return nil }
            let step = try readers.a.next(from: next)
            isOver.a = step == nil
            return step
        case .b:
            if !ahead.b.isEmpty { return ahead.b.removeFirst() }
            guard !isOver.b else { return nil }
            let step = try readers.b.next(from: next)
            isOver.b = step == nil
            return step
        }
    }

    /// Whether all of it is in the lanes.
    private func isOver(_ side: ComparedSide) -> Bool {
        side == .a ? isOver.a && ahead.a.isEmpty : isOver.b && ahead.b.isEmpty
    }

    private mutating func advance(_ tell: (Finding) -> Void) {
        let isOver = (a: isOver(.a), b: isOver(.b))
        let isSideOver: (ComparedSide) -> Bool = { $0 == .a ? isOver.a : isOver.b }
        var same: [(TraceStep, TraceStep)] = []
        let times = comparison.timingTolerance != nil
        func take(_ finding: Finding) {
            guard times, case .same(let a, let b) = finding else { return tell(finding) }
            same.append((a, b))
        }
        host.advance(isOver: isSideOver, tell: take)
        chip.advance(isOver: isSideOver, tell: take)
        for (a, b) in same { tell(timed(a, b)) }
    }

    /// Whether something cannot be compared as it comes: the two differ, or one goes on and on in a lane alone.
    private var hasParted: Bool {
        host.hasParted || chip.hasParted
            || ComparedSide.allCases.contains { host.size($0) + chip.size($0) > windowSize }
    }

    private var windowSize: Int { comparison.window * TraceStep.size }

    // MARK: Aligning anew

    /// The next steps of a trace, in their order.
    private struct Window {
        var steps: [TraceStep]
        var size: Int

        init(_ steps: [TraceStep]) {
            self.steps = steps
            size = steps.reduce(0) { $0 + $1.size }
        }

        mutating func append(_ step: TraceStep) {
            steps.append(step)
            size += step.size
        }

        mutating func dropFirst(_ count: Int) { self = Window(Array(steps.dropFirst(count))) }
    }

    /// Takes what waits of a trace out of the lanes.
    private mutating func takeWindow(_ side: ComparedSide) -> Window {
        let steps = host.takeAll(side) + chip.takeAll(side)
        return Window(steps.sorted { $0.order < $1.order })
    }

    /// Reads on until a window has so much.
    private mutating func fill<Failure: Error>(
        _ window: inout Window, to size: Int, _ side: ComparedSide, _ next: () throws(Failure) -> TraceEvent?
    ) throws(Failure) {
        while window.size < size, let step = try read(side, next) { window.append(step) }
    }

    /// What was not told is compared once more, from here on.
    private mutating func putBack(_ window: Window, _ side: ComparedSide) {
        var steps = Queue<TraceStep>()
        for step in window.steps { steps.append(step) }
        for step in side == .a ? ahead.a.waiting : ahead.b.waiting { steps.append(step) }
        if side == .a { ahead.a = steps } else { ahead.b = steps }
    }

    /// Finds out where the two go on together, and tells what comes before. - Returns: false where they do not.
    private mutating func realign<Failure: Error>(
        _ a: () throws(Failure) -> TraceEvent?, _ b: () throws(Failure) -> TraceEvent?, _ tell: (Finding) -> Void
    ) throws(Failure) -> Bool {
        var (ours, theirs) = (takeWindow(.a), takeWindow(.b))
        var size = min(windowSize, Self.firstWindow * TraceStep.size)
        while true {
            try fill(&ours, to: size, .a, a)
            try fill(&theirs, to: size, .b, b)
            let (isOursOver, isTheirsOver) = (isOver(.a), isOver(.b))
            // One has ended: all that is left is the other's.
            if ours.steps.isEmpty && isOursOver || theirs.steps.isEmpty && isTheirsOver {
                for step in ours.steps { tell(.only(.a, step)) }
                for step in theirs.steps { tell(.only(.b, step)) }
                return true
            }
            let path = EditPath(ours.steps, theirs.steps, isAOver: isOursOver, isBOver: isTheirsOver)
            let isLast = size >= windowSize
            if let moves = isOursOver && isTheirsOver
                ? path.whole : path.convincing ?? (isLast && (isOursOver || isTheirsOver) ? path.moves : nil)
            {
                let script = EditScript(moves, ours.steps, theirs.steps)
                for finding in script.findings {
                    if case .same(let one, let other) = finding { tell(timed(one, other)) } else { tell(finding) }
                }
                ours.dropFirst(script.countA)
                theirs.dropFirst(script.countB)
                putBack(ours, .a)
                putBack(theirs, .b)
                return true
            }
            if !isLast {
                size = min(windowSize, size * 4)
            } else if let side = Self.repeating(ours.steps, theirs.steps) {
                switch side {
                case .a: try passRepetition(.a, &ours, a, tell)
                case .b: try passRepetition(.b, &theirs, b, tell)
                }
            } else {
                tell(.gaveUp(a: ours.steps, b: theirs.steps))
                return false
            }
        }
    }

    /// The longest exchange that is looked for when one trace does the same over and over, in steps.
    private static let longestPeriod = 8

    /// After how many steps a whole window repeats itself; nil where it does not.
    private static func period(of steps: [TraceStep]) -> Int? {
        (1...longestPeriod).first { period in
            steps.count > 2 * period
                && steps.indices.dropFirst(period).allSatisfy { steps[$0].isSame(as: steps[$0 - period]) }
        }
    }

    /// Which trace does the same for the whole window, such as asking a chip that is not there. Where both do, their
    /// contents decide, and not which trace is which.
    private static func repeating(_ ours: [TraceStep], _ theirs: [TraceStep]) -> ComparedSide? {
        switch (period(of: ours) != nil, period(of: theirs) != nil) {
        case (true, true): theirs[0].precedes(ours[0]) ? .b : .a
        case (true, false): .a
        case (false, true): .b
        case (false, false): nil
        }
    }

    /// Passes all that a trace repeats but the last. The other trace's share of it has been compared before this.
    private mutating func passRepetition<Failure: Error>(
        _ side: ComparedSide, _ window: inout Window, _ next: () throws(Failure) -> TraceEvent?,
        _ tell: (Finding) -> Void
    ) throws(Failure) {
        guard let period = Self.period(of: window.steps) else { return }
        var waiting = Queue<TraceStep>()
        for step in window.steps { waiting.append(step) }
        func pass(_ count: Int) {
            for _ in 0..<count { tell(.only(side, waiting.removeFirst())) }
        }
        var kept = period
        while let step = try read(side, next) {
            waiting.append(step)
            guard step.isSame(as: waiting[waiting.count - 1 - period]) else {
                kept += 1
                break
            }
            pass(1)
        }
        pass(waiting.count - kept)
        window = Window(Array(waiting.waiting))
    }

    // MARK: Times

    /// The same, or so much later that it is told.
    private mutating func timed(_ a: TraceStep, _ b: TraceStep) -> Finding {
        guard let tolerance = comparison.timingTolerance, let firstA = readers.a.firstData,
            let firstB = readers.b.firstData
        else { return .same(a, b) }
        var told: Finding?
        var others = b.runEnds[...]
        for end in a.runEnds {
            while let other = others.first, other.place < end.place { others.removeFirst() }
            // Only where records of both end: the time of any other byte is not known.
            guard let other = others.first, other.place == end.place else { continue }
            let difference = Self.span(firstB, other.time) - Self.span(firstA, end.time)
            guard Self.exceeds(difference - lag, tolerance) else { continue }
            lag = Self.exceeds(difference, tolerance) ? difference : .zero
            told = told ?? .late(a, b, place: end.place - 1, by: lag)
        }
        return told ?? .same(a, b)
    }

    private static func exceeds(_ difference: Duration, _ tolerance: Duration) -> Bool {
        difference > tolerance || difference < .zero - tolerance
    }

    /// 128 bits wide: whatever times a trace claims.
    private static func span(_ start: Instant, _ end: Instant) -> Duration {
        .nanoseconds(end.nanoseconds) - .nanoseconds(start.nanoseconds)
    }
}
