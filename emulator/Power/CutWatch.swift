import Line
import Wire

/// Counts the points of a session, and knows when the one has come at which it is cut.
struct CutWatch: Sendable {
    let cut: PlannedCut
    /// Every point so far, if they are kept.
    private(set) var passed: [PassedPoint] = []
    /// When the cut is due, once that is known.
    private(set) var due: Instant?
    /// When it was made.
    private(set) var madeAt: Instant?
    /// Whether what is due is an operation of the flash, which may be taken back.
    private var isFlashDue = false

    private var counts: [Step: Int] = [:]
    private var begun = Pair<Begun?>(nil)
    private var operations: [FlashOperation.Kind: Int] = [:]
    /// Operations that have not begun in the driver's time.
    private var ahead: [FlashOperation] = []

    /// A step of a direction that is crossing.
    private struct Begun {
        var step: Step
        var count: Int
        /// Bytes of it that have crossed.
        var done: Int
        var command: UInt8?
    }

    /// In bytes: a long step has a point after each.
    static let piece = 1024
    /// The end of a step is a point of its own: this near to it there is no other.
    private static let leastRest = 64
    /// More than any job has; a host that goes on for ever does not fill the memory.
    private static let mostPassed = 200_000

    init(_ cut: PlannedCut) {
        self.cut = cut
    }

    /// Whether it still has to be told what happens.
    var isWatching: Bool { madeAt == nil && (cut.keepsPassed || cut.point != nil && due == nil) }

    // MARK: The line

    /// What the next run of a direction consists of.
    mutating func follow(_ steps: [StepStretch], _ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        for stretch in steps {
            guard let step = Step(code: stretch.step)?.counted else { continue }
            if stretch.isBeginning { begin(step, stretch, run, direction) }
            guard var current = begun[direction], current.step == step else { continue }
            let before = current.done
            current.done += stretch.range.count
            begun[direction] = stretch.missing > 0 ? current : nil
            let total = current.done + stretch.missing
            for count in stride(from: Self.piece, through: current.done, by: Self.piece)
            where count > before && count + Self.leastRest <= total && stretch.isLengthKnown {
                let crossed = timing.end(of: stretch.range.lowerBound + count - before)
                pass(CutPoint(.step(step, byteCount: count), count: current.count), at: crossed, current.command)
            }
            if stretch.missing == 0 {
                let end = timing.end(of: stretch.range.upperBound)
                pass(CutPoint(.step(step, byteCount: nil), count: current.count), at: end, current.command)
            }
        }
    }

    private mutating func begin(_ step: Step, _ stretch: StepStretch, _ run: Span<UInt8>, _ direction: Direction) {
        let count = counts[step, default: 0] + 1
        counts[step] = count
        var command: UInt8?
        if step == .command {
            let place = stretch.range.lowerBound + 1 - stretch.passed.count
            if stretch.passed.count < 2, place < stretch.range.upperBound { command = run[place] }
        }
        begun[direction] = Begun(step: step, count: count, done: stretch.passed.count, command: command)
    }

    private mutating func pass(
        _ point: CutPoint, at moment: Instant, _ command: UInt8? = nil, address: Int? = nil
    ) {
        if cut.keepsPassed, passed.count < Self.mostPassed {
            passed.append(PassedPoint(point, at: moment, command: command, address: address))
        }
        guard point == cut.point, due == nil, madeAt == nil else { return }
        due = moment
        if case .flash = point.event { isFlashDue = true }
    }

    // MARK: The flash

    /// The flash begins something, at a moment that may lie ahead of the driver's time.
    mutating func flashBegins(_ operation: FlashOperation) {
        let count = operations[operation.kind, default: 0] + 1
        operations[operation.kind] = count
        ahead.append(operation)
        let half = operation.start.duration(to: operation.end) / 2
        pass(
            CutPoint(.flash(operation.kind), count: count), at: operation.start.advanced(by: half),
            address: operation.range.lowerBound)
    }

    /// Time has come to `moment`: what began by then is not taken back any more.
    mutating func settle(at moment: Instant) {
        guard let first = ahead.first, first.start <= moment else { return }
        ahead.removeFirst(ahead.prefix { $0.start <= moment }.count)
    }

    /// The chip was stopped at `moment`: what it would have begun after that never happens.
    mutating func takeBack(after moment: Instant) {
        settle(at: moment)
        begun = Pair(nil)
        for operation in ahead { operations[operation.kind, default: 0] -= 1 }
        ahead.removeAll()
        passed.removeAll { passed in
            if case .flash = passed.point.event { passed.moment > moment } else { false }
        }
        if isFlashDue, let due, due > moment { (self.due, isFlashDue) = (nil, false) }
    }

    // MARK: The cut

    /// The cut is made, if it is due by a moment. - Returns: when.
    mutating func takeDue(by moment: Instant) -> Instant? {
        guard let due, due <= moment else { return nil }
        self.due = nil
        madeAt = due
        return due
    }
}
