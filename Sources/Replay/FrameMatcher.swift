import Line
import Wire

/// Follows a host along the cues of a recorded session: what it sends is held against what it has to do next.
///
/// A message is looked for at the next cue first, then behind cues that nobody has to follow, and at last it may be the
/// message before again: that has the recorded answer again.
struct FrameMatcher {
    let sheet: CueSheet
    /// The next cue that has not been begun.
    private(set) var next = 0
    /// The cue that was followed last; nil before the first.
    private(set) var last: Int?
    /// How far the data of a transfer have come.
    private var place = 0
    /// Where the piece before began.
    private var placeBefore = 0
    /// Where a compressed transfer stands that is not the recorded one byte for byte; nil for all others.
    private var deflated: DeflatedTransfer?
    /// How often each part of the transfer has been answered.
    private var answered: [Int: Int] = [:]
    /// When the polls that run now began, when the last came that was answered, and whether any was.
    private var pollsSince = Instant.zero
    private var answeredPollAt: Instant?

    private var track: ByteTrack

    /// A host that has not taken a loader's answer asks on: so much later than it, it is given again.
    private static let answerAgainAfter = Duration.milliseconds(100)

    init(_ sheet: CueSheet) {
        self.sheet = sheet
        track = ByteTrack(sheet)
    }

    /// Whether nothing is left that a host has to do.
    var isDone: Bool { expected == nil }

    /// The cue that has to be followed next; nil for none.
    var expected: Int? { isInTransfer ? last : sheet.required(from: next) }

    /// The cues that may be followed next: up to the first that has to be.
    private var candidates: Range<Int> {
        let end = sheet.required(from: next).map { $0 + 1 } ?? sheet.cues.count
        return next..<min(end, next + Self.mostCandidates)
    }
    /// More that nobody has to follow are not looked behind.
    private static let mostCandidates = 4096

    /// Whether data of the last cue's transfer are still to come.
    private var isInTransfer: Bool {
        guard let last, case .stream(let stream) = sheet.cues[last].what else { return false }
        if let deflated { return !deflated.isOver }
        return place < min(stream.data.count, stream.announced ?? .max)
    }

    /// Takes bytes that have no name yet. - Returns: what the recorded chip said behind them, before it could know what they
    /// were.
    mutating func track(_ bytes: ArraySlice<UInt8>) -> [Speech.Reply] { track.take(bytes) }

    // MARK: A message

    /// Takes a message of the host. - Throws: `Mismatch`.
    mutating func take(_ message: ReplayedMessage, pace: ReplayPace) throws(Mismatch) -> Answer {
        if let data = message.data { return try take(data: message, data) }
        switch message.kind {
        case .syncWord, .xmodemReady: return try poll(message, pace)
        case .filler: return Answer()
        case .noise, .cutOff:
            // Noise where there was noise then.
            guard next < sheet.cues.count, case .anything = sheet.cues[next].what, !isInTransfer else {
                throw mismatch(message)
            }
            return Answer()
        default: break
        }
        if !isInTransfer {
            for index in candidates {
                let cue = sheet.cues[index]
                if case .message = cue.what,
                    cue.message.says(the: message) || (cue.hasHole && fits(message, cue.message))
                {
                    return follow(index)
                }
            }
        }
        return try again(message)
    }

    /// A message that is not the next one.
    private func again(_ message: ReplayedMessage) throws(Mismatch) -> Answer {
        if let last {
            let cue = sheet.cues[last]
            if case .message = cue.what, cue.message.says(the: message) || message.kind == .xmodemNAK {
                // A receiver that refuses a block has it once more.
                return Answer(replies: cue.replies, cue: last, fate: cue.fate, isAnswered: cue.isAnswered)
            }
            if cue.isPoll, message.kind == .xmodemNAK {
                return Answer(replies: cue.replies + cue.answers, cue: last, fate: cue.fate, isAnswered: cue.isAnswered)
            }
        }
        // A loader does not answer a stub's questions, and a host may ask them while it looks for one.
        if message.isQuestion, isLookingForLoader { return Answer() }
        throw mismatch(message)
    }

    /// Whether the host has not been heard by a loader yet.
    private var isLookingForLoader: Bool {
        if let last, sheet.cues[last].isPoll { return answeredPollAt == nil }
        guard let expected else { return last == nil }
        return sheet.cues[expected].isPoll
    }

    private mutating func follow(_ index: Int) -> Answer {
        let cue = sheet.cues[index]
        last = index
        next = index + 1
        (place, placeBefore, answered, answeredPollAt, deflated) = (0, 0, [:], nil, nil)
        let early: [Speech.Reply]
        if cue.isPoll {
            track.poll(from: cue.message.offset, to: cue.endOffset)
            early = []
        } else {
            early = track.reach(from: cue.message.offset, to: cue.endOffset)
        }
        return Answer(replies: early + cue.replies, cue: index, fate: cue.fate, isAnswered: cue.isAnswered)
    }

    private func fits(_ message: ReplayedMessage, _ recorded: ReplayedMessage) -> Bool {
        message.bytes.count == recorded.bytes.count
    }

    // MARK: Polls

    private mutating func poll(_ message: ReplayedMessage, _ pace: ReplayPace) throws(Mismatch) -> Answer {
        var answer = Answer()
        if let last, sheet.cues[last].isPoll, sheet.cues[last].message.kind == message.kind {
            answer.cue = last
            track.poll(from: sheet.cues[last].message.offset, to: sheet.cues[last].endOffset)
            // It is heard when it is answered, and otherwise never.
            answer.fate = .lost
        } else {
            guard !isInTransfer,
                let index = candidates.first(where: {
                    sheet.cues[$0].isPoll && sheet.cues[$0].message.kind == message.kind
                })
            else {
                // Before the first message and after the last, a host may look for a loader that does not answer.
                if message.kind == .syncWord, last == nil || isDone { return answer }
                throw mismatch(message)
            }
            answer = follow(index)
            pollsSince = message.end
        }
        guard let cue = answer.cue.map({ sheet.cues[$0] }), let needed = cue.answeredAfter else { return answer }
        if let before = answeredPollAt {
            guard before.duration(to: message.end) >= Self.answerAgainAfter else { return answer }
        } else if pollsSince.duration(to: message.end) < .nanoseconds(pace.scaled(needed)) {
            answer.isAnswered = false
            answer.fate = .lost
            return answer
        }
        answeredPollAt = message.end
        answer.replies += cue.answers
        answer.isAnswered = true
        answer.fate = .arrived
        return answer
    }

    // MARK: Data

    private mutating func take(
        data message: ReplayedMessage, _ data: (sort: DataStream.Sort, range: Range<Int>, isAgain: Bool, isWhole: Bool)
    ) throws(Mismatch) -> Answer {
        let index = try transfer(of: message, data.sort, isAgain: data.isAgain)
        guard case .stream(let stream) = sheet.cues[index].what else { throw mismatch(message) }
        if last != index { _ = follow(index) }
        let start = data.isAgain ? placeBefore : place
        let bad = deflated == nil ? firstDifference(message, data.range, stream, from: start) : 0
        if let bad {
            if let part = inflated(message, data, stream, from: start) { return answer(index, stream, part) }
            throw mismatch(message, in: stream, at: start + bad, offset: data.range.lowerBound + bad, index)
        }
        let end = min(start + data.range.count, stream.data.count)
        let part = stream.part(at: max(0, end - 1))
        if !data.isWhole, stream.parts[part].isWhole {
            throw mismatch(
                message, in: stream, at: end, offset: message.bytes.count - 1, index,
                expecting: stream.parts[part].message)
        }
        (placeBefore, place) = (start, end)
        let isWholePart = end == stream.parts[part].range.upperBound
        let piece = stream.parts[part]
        let early = isWholePart ? track.reach(from: piece.message.offset, to: piece.endOffset) : track.lose()
        var answer = Answer(cue: index, isAnswered: false)
        // A loader answers a piece when all of it is there; a stub answers what it was sent at once.
        guard stream.sort != .payload || isWholePart else { return answer }
        answer = self.answer(index, stream, part)
        answer.replies = early + answer.replies
        return answer
    }

    /// The recorded answer to a part of a transfer, each time the next one.
    private mutating func answer(_ index: Int, _ stream: DataStream, _ part: Int) -> Answer {
        let tries = stream.parts[part].tries
        let attempt = tries[min(answered[part, default: 0], tries.count - 1)]
        answered[part, default: 0] += 1
        return Answer(replies: attempt.replies, cue: index, fate: attempt.fate, isAnswered: attempt.isAnswered)
    }

    /// The part of a compressed transfer that has said as much as the host by now, in whatever bytes; nil where it has said
    /// something else, and of any other transfer.
    private mutating func inflated(
        _ message: ReplayedMessage, _ data: (sort: DataStream.Sort, range: Range<Int>, isAgain: Bool, isWhole: Bool),
        _ stream: DataStream, from start: Int
    ) -> Int? {
        guard let recorded = stream.deflated, data.isWhole else { return nil }
        var transfer = deflated ?? DeflatedTransfer(stream.data[..<min(start, stream.data.count)])
        guard let part = transfer.take(message.bytes[data.range], isAgain: data.isAgain, recorded) else { return nil }
        deflated = transfer
        _ = track.lose()
        return part
    }

    /// The cue whose data these are.
    private func transfer(of message: ReplayedMessage, _ sort: DataStream.Sort, isAgain: Bool) throws(Mismatch) -> Int {
        func isOfSort(_ index: Int) -> Bool {
            if case .stream(let stream) = sheet.cues[index].what { stream.sort == sort } else { false }
        }
        if let last, isOfSort(last), isInTransfer || isAgain { return last }
        guard !isInTransfer, let index = sheet.required(from: next), isOfSort(index) else {
            throw mismatch(message)
        }
        return index
    }

    /// The first byte of the data that is not as recorded, from their beginning. What lies beyond the length that was
    /// announced is padding.
    private func firstDifference(
        _ message: ReplayedMessage, _ range: Range<Int>, _ stream: DataStream, from start: Int
    ) -> Int? {
        for index in 0..<range.count {
            let place = start + index
            guard place < stream.data.count else {
                return stream.announced.map { place < $0 } ?? true ? index : nil
            }
            if stream.isFiller || stream.data[place] == message.bytes[range.lowerBound + index] { continue }
            if let announced = stream.announced, place >= announced { continue }
            if sheet.holes.contains(stream.offset(of: place)) { continue }
            return index
        }
        return nil
    }

    // MARK: What should have been

    func mismatch(_ message: ReplayedMessage) -> Mismatch {
        guard let expected else {
            return Mismatch(cue: nil, expected: nil, recordedOffset: sheet.hostByteCount, offset: 0)
        }
        if case .stream(let stream) = sheet.cues[expected].what {
            let at = expected == last ? place : 0
            return mismatch(message, in: stream, at: at, offset: 0, expected)
        }
        let cue = likeliest(message, expected)
        return Mismatch(
            cue: expected, expected: cue, recordedOffset: cue.offset, offset: 0, expectedBytes: cue.bytes, isWhole: true
        )
    }

    /// The recorded message that it was to be: the one that has to follow, or one before it that need not and begins more
    /// like it.
    private func likeliest(_ message: ReplayedMessage, _ expected: Int) -> ReplayedMessage {
        func unit(_ index: Int) -> ReplayedMessage {
            sheet.cues[index].message.unit(at: sheet.cues[index].message.offset)
        }
        var (best, most) = (unit(expected), 0)
        for index in candidates.prefix(16) {
            guard case .message = sheet.cues[index].what else { continue }
            let same = zip(unit(index).bytes, message.bytes).prefix { $0 == $1 }.count
            if same > most { (best, most) = (unit(index), same) }
        }
        let ofExpected = zip(unit(expected).bytes, message.bytes).prefix { $0 == $1 }.count
        return ofExpected >= most ? unit(expected) : best
    }

    /// - Parameter place: in the transfer's data.
    private func mismatch(
        _ message: ReplayedMessage, in stream: DataStream, at place: Int, offset: Int, _ cue: Int,
        expecting: ReplayedMessage? = nil
    ) -> Mismatch {
        guard place < stream.data.count || expecting != nil, !stream.parts.isEmpty else {
            let next = sheet.required(from: cue + 1).map { sheet.cues[$0] }
            return Mismatch(
                cue: next == nil ? nil : cue, expected: next?.message,
                recordedOffset: next?.message.offset ?? sheet.hostByteCount, offset: 0,
                expectedBytes: next?.message.bytes ?? [])
        }
        let part = stream.parts[stream.part(at: min(place, stream.data.count - 1))]
        let recorded = expecting ?? part.message
        if expecting != nil || offset == 0 && place == part.range.lowerBound {
            return Mismatch(
                cue: cue, expected: recorded, recordedOffset: recorded.offset, offset: 0, expectedBytes: recorded.bytes,
                isWhole: true)
        }
        let first = max(0, min(recorded.bytes.count, stream.offset(of: place) - recorded.offset))
        return Mismatch(
            cue: cue, expected: recorded, recordedOffset: recorded.offset + first, offset: offset,
            expectedBytes: Array(recorded.bytes.dropFirst(first)))
    }

    /// Takes the cue that should have been followed for followed: a tolerant replay goes on. - Returns: what is said to it.
    mutating func forgive(_ message: ReplayedMessage, _ mismatch: Mismatch) -> Answer {
        guard let index = mismatch.cue, let data = message.data,
            case .stream(let stream) = sheet.cues[index].what, stream.sort == data.sort, !stream.parts.isEmpty
        else {
            guard let index = mismatch.cue, case .message = sheet.cues[index].what,
                case .request(let one) = message.kind, case .request(let other) = sheet.cues[index].message.kind,
                one.command == other.command, !isInTransfer
            else { return Answer() }
            return follow(index)
        }
        if last != index { _ = follow(index) }
        let start = data.isAgain ? placeBefore : place
        (placeBefore, place) = (start, min(start + data.range.count, stream.data.count))
        let part = stream.part(at: max(0, place - 1))
        answered[part, default: 0] += 1
        guard stream.sort != .payload || place == stream.parts[part].range.upperBound else { return Answer(cue: index) }
        return Answer(replies: stream.parts[part].tries.last?.replies ?? [], cue: index, isAnswered: true)
    }
}
