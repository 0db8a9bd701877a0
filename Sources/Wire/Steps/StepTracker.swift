package import Line

/// Follows both directions of a session and says where each step begins, as soon as its first bytes are there.
///
/// It is the eager reader of `SessionState`: `SessionDecoder` names every byte and waits for the end of a frame before
/// it does; by then the frame has crossed. What is to drop or delay a step must know it at its head. So this one
/// believes what a head says, looks no further ahead than the run it is given, and goes on behind the step's end. A
/// step whose type is its second byte begins there when a run ends after the first.
package struct StepTracker: Sendable {
    /// A part of a run: a step, a part of one, or bytes that belong to none.
    package struct Stretch: Hashable, Sendable {
        /// nil for bytes without a meaning here.
        package var step: Step?
        package var range: Range<Int>
        /// Whether the step begins here.
        package var isBeginning: Bool
        /// Bytes of the step that come after this stretch, as far as is known; 0 at its end.
        package var missing: Int
        /// Where the step begins: what of it had passed before it could be known, which is a frame's marker or nothing.
        package var passed: [UInt8] = []
        /// Whether `missing` is all; before a frame's length is there it counts the shortest frame.
        package var isLengthKnown = true
    }

    private var state = SessionState()
    private var begun = Pair(BegunStep())

    package init() {}

    /// Takes the next bytes of one direction. - Parameter stretches: gets what the run consists of, all of it.
    package mutating func feed(_ run: Span<UInt8>, _ direction: Direction, into stretches: inout [Stretch]) {
        // A sync word by itself begins anew, whatever was announced before it.
        if direction == .hostToChip, Self.isSyncWord(run) {
            begun[direction] = BegunStep()
            state.note(.syncWord)
            return stretches.append(Stretch(step: .sync, range: 0..<run.count, isBeginning: true, missing: 0))
        }
        var index = 0
        while index < run.count {
            index =
                begun[direction].bytes.isEmpty
                ? begin(at: index, run, direction, &stretches) : goOn(at: index, run, direction, &stretches)
        }
    }

    /// The chip was reset or lost its power: what was begun is not ended, and nothing is known any more.
    package mutating func restart() {
        self = StepTracker()
    }

    private static func isSyncWord(_ run: Span<UInt8>) -> Bool {
        run.count == BootProtocol.syncWord.count && (0..<run.count).allSatisfy { run[$0] == BootProtocol.syncWord[$0] }
    }

    /// Takes what begins at `index`. - Returns: where it ends, in this run.
    private mutating func begin(
        at index: Int, _ run: Span<UInt8>, _ direction: Direction, _ stretches: inout [Stretch]
    ) -> Int {
        guard state.canBegin(run[index], direction) else {
            Self.add(nil, index..<(index + 1), to: &stretches)
            return index + 1
        }
        let rest = run.extracting(index..<run.count)
        switch state.beginning(of: rest, direction) {
        case .loose:
            Self.add(nil, index..<(index + 1), to: &stretches)
            return index + 1
        case .payload(let count): return takePayload(index..<(index + count), &stretches)
        case .whole(let count, let kind):
            Self.add(state.step(of: kind), index..<(index + count), isBeginning: true, to: &stretches)
            state.note(kind)
            return index + count
        case .more(let count, let step, let isLengthKnown):
            begun[direction].keep(rest)
            begun[direction].step = step
            Self.add(
                step, index..<run.count, isBeginning: true, missing: count - rest.count, isLengthKnown: isLengthKnown,
                to: &stretches)
            return run.count
        }
    }

    /// Takes what belongs to the step that has begun. - Returns: where that ends, in this run.
    private mutating func goOn(
        at start: Int, _ run: Span<UInt8>, _ direction: Direction, _ stretches: inout [Stretch]
    ) -> Int {
        var unfinished = BegunStep()
        swap(&unfinished, &begun[direction])
        let isNew = unfinished.step == nil
        let passed = isNew ? unfinished.bytes : []
        var index = start
        /// Its bytes in all, once it has said.
        var announced: Int?
        func tell(_ step: Step?, missing: Int = 0, isLengthKnown: Bool = true, _ stretches: inout [Stretch]) {
            Self.add(
                step, start..<index, isBeginning: isNew, missing: missing, passed: passed,
                isLengthKnown: isLengthKnown, to: &stretches)
        }
        while true {
            switch state.beginning(of: unfinished.bytes.span, direction) {
            case .more(let count, let step, let isLengthKnown):
                unfinished.step = unfinished.step ?? step
                announced = isLengthKnown ? count : nil
                let missing = count - unfinished.bytes.count
                let taken = min(missing, run.count - index)
                guard taken > 0 else {
                    tell(unfinished.step, missing: missing, isLengthKnown: isLengthKnown, &stretches)
                    swap(&unfinished, &begun[direction])
                    return index
                }
                unfinished.keep(run.extracting(index..<(index + taken)))
                index += taken
            case .whole(let count, let kind) where count == unfinished.bytes.count:
                tell(unfinished.step ?? state.step(of: kind), &stretches)
                state.note(kind)
                return index
            case .payload:
                state.takePayload(unfinished.bytes.count - (index - start))
                return start
            case _ where announced == unfinished.bytes.count:
                // It has come to its end, and is nothing that changes anything.
                tell(unfinished.step, &stretches)
                return index
            default:
                // It is not what it began like: these bytes may be the beginning of something else.
                return start
            }
        }
    }

    /// Takes bytes of a RAM image, as far as the end of a piece.
    private mutating func takePayload(_ range: Range<Int>, _ stretches: inout [Stretch]) -> Int {
        let size = BootProtocol.pieceByteCount
        let place = state.boot.payloadPlace % size
        let count = min(range.count, size - place)
        state.takePayload(count)
        Self.add(
            .piece, range.lowerBound..<(range.lowerBound + count), isBeginning: place == 0,
            missing: min(size - place - count, state.boot.payloadMissing), to: &stretches)
        return range.lowerBound + count
    }

    /// Adds a stretch; noise joins the noise before it.
    private static func add(
        _ step: Step?, _ range: Range<Int>, isBeginning: Bool = false, missing: Int = 0, passed: [UInt8] = [],
        isLengthKnown: Bool = true, to stretches: inout [Stretch]
    ) {
        if step == nil, let last = stretches.last, last.step == nil, last.range.upperBound == range.lowerBound {
            stretches[stretches.count - 1].range = last.range.lowerBound..<range.upperBound
            return
        }
        stretches.append(
            Stretch(
                step: step, range: range, isBeginning: step != nil && isBeginning, missing: step == nil ? 0 : missing,
                passed: passed, isLengthKnown: isLengthKnown))
    }
}

/// What has begun in a direction and not ended.
struct BegunStep: Sendable {
    /// Its bytes so far, at most a frame; empty where nothing has begun.
    private(set) var bytes: [UInt8] = []
    /// What it is; nil while its type has not come.
    var step: Step?

    mutating func keep(_ more: Span<UInt8>) {
        more.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }
}
