package import Line

/// Follows both directions of a session and says where each step begins, as soon as its first bytes are there.
///
/// `SessionDecoder` names every byte, and may wait for the end of a frame before it does; by then the frame has crossed.
/// What is to drop or delay a step must know it at its head. So this one believes what a head says, looks no further
/// ahead than the run it is given, and goes on behind the step's end. A step whose type stands in its second byte begins
/// there when a run ends behind the first.
package struct StepTracker: Sendable {
    /// A part of a run: a step, a part of one, or bytes that belong to none.
    package struct Stretch: Hashable, Sendable {
        /// nil for bytes without a meaning here.
        package var step: Step?
        package var range: Range<Int>
        /// Whether the step begins here.
        package var isBeginning: Bool
        /// Bytes of the step that come behind this stretch, as far as is known; 0 at its end.
        package var missing: Int
        /// Where the step begins: what of it had passed before it could be known, which is a frame's marker or nothing.
        package var passed: [UInt8] = []
        /// Whether `missing` is all; before a frame's length is there it counts the head alone.
        package var isLengthKnown = true
    }

    private var streams = Pair(StepStream())
    private var context = StepContext()

    package init() {}

    /// Takes the next bytes of one direction. - Parameter stretches: gets what the run consists of, all of it.
    package mutating func feed(_ run: Span<UInt8>, _ direction: Direction, into stretches: inout [Stretch]) {
        var stream = streams[direction]
        // A sync word by itself begins anew, whatever was announced before it.
        if direction == .hostToChip, StepContext.isSyncWord(run) { stream = StepStream() }
        var index = 0
        while index < run.count {
            let rest = run.extracting(index..<run.count)
            let isBeginning = stream.missing == 0
            var passed: [UInt8] = []
            if isBeginning {
                guard let opening = context.opening(of: rest, direction, after: stream.undecided) else {
                    Self.addNoise(at: index, to: &stretches)
                    stream.undecided = context.canBeUndecided(rest, direction) ? [rest[0]] : []
                    index += 1
                    continue
                }
                passed = opening.head
                stream.begin(opening)
            }
            let step = stream.step
            let count = stream.take(rest, context, direction)
            stretches.append(
                Stretch(
                    step: step, range: index..<(index + count), isBeginning: isBeginning, missing: stream.missing,
                    passed: passed, isLengthKnown: !stream.needsLength))
            if stream.missing == 0, let step { context.complete(step, stream, direction) }
            index += count
        }
        streams[direction] = stream
    }

    /// The chip was reset or lost its power: what was begun is not ended, and nothing is known any more.
    package mutating func restart() {
        self = StepTracker()
    }

    private static func addNoise(at index: Int, to stretches: inout [Stretch]) {
        if let last = stretches.last, last.step == nil, last.range.upperBound == index {
            stretches[stretches.count - 1].range = last.range.lowerBound..<(index + 1)
        } else {
            stretches.append(Stretch(step: nil, range: index..<(index + 1), isBeginning: false, missing: 0))
        }
    }
}

/// How a step begins.
struct StepOpening {
    var step: Step
    /// Its bytes, as far as its head tells.
    var byteCount: Int
    /// The length stands in bytes that have not come: `byteCount` is that of the head.
    var needsLength = false
    /// Bytes of it that came in an earlier run.
    var head: [UInt8] = []
}

/// A direction while it is followed.
struct StepStream: Sendable {
    /// What is being followed, and how much of it is still to come.
    private(set) var step: Step?
    private(set) var missing = 0
    /// The step's first bytes, at most `headLimit`.
    private(set) var head: [UInt8] = []
    /// Sum of all its bytes, and the last of them.
    private(set) var total: UInt8 = 0
    private(set) var last: UInt8 = 0
    private(set) var byteCount = 0
    private(set) var needsLength = false
    /// The head of a frame whose type has not come.
    var undecided: [UInt8] = []

    static let headLimit = 16

    /// Whether the last byte is the sum of those before it.
    var sumIsRight: Bool { total &- last == last }

    mutating func begin(_ opening: StepOpening) {
        step = opening.step
        missing = opening.byteCount - opening.head.count
        needsLength = opening.needsLength
        head = opening.head
        total = opening.head.reduce(0, &+)
        byteCount = opening.head.count
        undecided = []
    }

    /// Takes what belongs to the step from the beginning of `bytes`. - Returns: how many that are, at least one.
    mutating func take(_ bytes: Span<UInt8>, _ context: StepContext, _ direction: Direction) -> Int {
        var taken = 0
        repeat {
            let count = min(missing, bytes.count - taken)
            for index in taken..<(taken + count) {
                let byte = bytes[index]
                if head.count < Self.headLimit { head.append(byte) }
                total &+= byte
                last = byte
            }
            taken += count
            missing -= count
            byteCount += count
            if missing == 0, needsLength {
                needsLength = false
                missing = context.frameByteCount(head.span, direction, available: nil) - byteCount
            }
        } while missing > 0 && taken < bytes.count
        return taken
    }
}
