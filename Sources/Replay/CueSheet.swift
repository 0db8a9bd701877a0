import Line
import Trace
import Wire

/// A recorded session as its host's cues, in their order.
struct CueSheet: Sendable {
    private(set) var cues: [Cue] = []
    private var nextRequired: [Int32] = []
    /// What the chip says before the host has said anything.
    private(set) var opening: [Speech.Reply] = []
    /// What it says in the middle of a message of the host, or to what has no name yet: after so many of the host's bytes.
    /// Delays count from the last of them.
    private(set) var early: [(place: Int, reply: Speech.Reply)] = []
    /// Everything that the host sent.
    private(set) var hostBytes: [UInt8] = []
    /// Whether the chip's characters took their time.
    private(set) var isPaced = false
    private(set) var beginning = Instant.zero
    private(set) var end = Instant.zero
    /// Bytes of the host that the recording does not have, and how many there are in all.
    private(set) var holes = ByteRanges()
    private(set) var hostByteCount = 0
    /// Whether the recording ends in the midst of the session: what comes after its end is not known.
    private(set) var isCutOff = false
    /// What had to be assumed, in whole sentences without their points.
    private(set) var assumptions: [String] = []

    /// - Parameter knowsStub: whether an image is a stub that is known; any upload of its size is taken for another.
    init(_ recording: Recording, knowsStub: ([UInt8]) -> Bool) {
        let session = recording.events.lazy.compactMap {
            if case .session(let session) = $0.kind { session } else { nil as SessionDescription? }
        }.first
        isPaced = session?.isPaced ?? false
        beginning = recording.events.first?.time ?? .zero
        end = recording.events.last?.time ?? .zero
        holes = recording.holes
        hostByteCount = recording.hostByteCount
        isCutOff = recording.isCutOff
        let answers = Answers(recording)
        opening = answers.opening
        early = answers.early
        hostBytes = answers.hostBytes
        for message in recording.messages where message.direction == .hostToChip {
            add(message, answers.to(message), recording)
        }
        for index in cues.indices {
            markFiller(index, recording, knowsStub)
            inflate(index)
        }
        if !cues.isEmpty, cues.allSatisfy(\.isOptional) {
            assumptions.append(
                "the chip answered nothing that the host sent: how often and how long it asks is the host's own affair, and "
                    + "none of it has to come again")
        }
        if recording.messages.contains(where: { $0.direction == .chipToHost && $0.kind == .noise }) {
            assumptions.append(
                "the host received bytes that say nothing: they come when they came after what it had done, to the "
                    + "millisecond or so, and one that goes by such moments may take another way")
        }
        var next: Int32 = -1
        nextRequired = [Int32](repeating: -1, count: cues.count)
        for index in cues.indices.reversed() {
            if !cues[index].isOptional { next = Int32(index) }
            nextRequired[index] = next
        }
    }

    /// The first cue from `index` on that a host has to follow; nil for none.
    func required(from index: Int) -> Int? {
        guard index < nextRequired.count, nextRequired[index] >= 0 else { return nil }
        return Int(nextRequired[index])
    }

    // MARK: From messages to cues

    private mutating func add(_ message: ReplayedMessage, _ answer: Answers.Answer, _ recording: Recording) {
        let range = message.offset..<message.endOffset
        let hasHole = recording.holes.overlaps(range)
        let fate = fate(of: message, answer, isSpoiled: recording.spoiled.overlaps(range))
        if let data = message.data {
            return addData(
                message, data, DataStream.Try(replies: answer.replies, isAnswered: answer.isAnswered, fate: fate))
        }
        var cue = Cue(
            what: .message, message: message, endOffset: message.endOffset, replies: answer.replies,
            isAnswered: answer.isAnswered, fate: fate,
            hasHole: hasHole)
        switch message.kind {
        case _ where message.isPoll: return addPoll(message, answer)
        case .noise, .filler, .cutOff: cue.what = .anything
        default:
            if let last = cues.last, case .message = last.what { cue.isRetry = last.message.says(the: message) }
        }
        cues.append(cue)
    }

    private func fate(of message: ReplayedMessage, _ answer: Answers.Answer, isSpoiled: Bool) -> Cue.Fate {
        if answer.isRefused { return .damaged }
        if isSpoiled { return answer.isAnswered ? .damaged : .lost }
        let isHeard = answer.isAnswered || !(message.isQuestion || message.kind == .syncWord)
        return isHeard ? .arrived : .lost
    }

    /// Polls that follow each other are one.
    private mutating func addPoll(_ message: ReplayedMessage, _ answer: Answers.Answer) {
        if cues.last.map({ $0.isPoll && $0.message.kind == message.kind }) != true {
            cues.append(Cue(what: .poll, message: message, endOffset: 0, fate: .lost))
        }
        let index = cues.count - 1
        cues[index].endOffset = message.endOffset
        let phase = cues[index].message.start
        // A loader hears a sync word when it listens, and forgets it; a stub that is asked to send sends when it can.
        let needsPoll = message.kind == .syncWord
        if needsPoll, answer.isAnswered, cues[index].answeredAfter == nil {
            cues[index].answeredAfter = Script.pause(from: phase, to: message.end)
            cues[index].fate = .arrived
        }
        if cues[index].answeredAfter != nil {
            cues[index].answers += answer.replies
        } else {
            let shift = Script.pause(from: phase, to: message.end)
            cues[index].replies += answer.replies.map {
                Speech.Reply(action: $0.action, delay: min(Script.longestPause, $0.delay + shift))
            }
        }
        if answer.isAnswered {
            cues[index].isAnswered = true
            cues[index].fate = .arrived
        }
    }

    /// Data join the transfer that runs.
    private mutating func addData(
        _ message: ReplayedMessage, _ data: (sort: DataStream.Sort, range: Range<Int>, isAgain: Bool, isWhole: Bool),
        _ attempt: DataStream.Try
    ) {
        var stream = DataStream(sort: data.sort, announced: announced(data.sort))
        var isNew = true
        if case .stream(let running) = cues.last?.what, running.sort == data.sort {
            stream = running
            isNew = false
        }
        if isNew { cues.append(Cue(what: .anything, message: message, endOffset: 0)) }
        cues[cues.count - 1].endOffset = message.endOffset
        // Taken out while it changes, or all of it would be copied each time.
        cues[cues.count - 1].what = .anything
        if data.isAgain, !stream.parts.isEmpty {
            stream.parts[stream.parts.count - 1].tries.append(attempt)
            stream.parts[stream.parts.count - 1].endOffset = message.endOffset
        } else if data.sort == .payload, let last = stream.parts.last,
            last.range.upperBound % BootProtocol.pieceByteCount != 0
        {
            // The rest of a piece, which was recorded in two runs.
            stream.parts[stream.parts.count - 1].range =
                last.range.lowerBound..<(last.range.upperBound + data.range.count)
            stream.parts[stream.parts.count - 1].tries[0].replies += attempt.replies
            stream.parts[stream.parts.count - 1].tries[0].isAnswered = last.tries[0].isAnswered || attempt.isAnswered
            stream.parts[stream.parts.count - 1].endOffset = message.endOffset
            stream.parts[stream.parts.count - 1].message.bytes += message.bytes
            stream.data += message.bytes[data.range]
        } else {
            let start = stream.data.count
            stream.data += message.bytes[data.range]
            stream.parts.append(
                DataStream.Part(
                    range: start..<stream.data.count, offset: message.offset + data.range.lowerBound, tries: [attempt],
                    isWhole: data.isWhole, message: message, endOffset: message.endOffset))
        }
        cues[cues.count - 1].what = .stream(stream)
        if attempt.isAnswered { cues[cues.count - 1].isAnswered = true }
    }

    /// What the command before has announced.
    private func announced(_ sort: DataStream.Sort) -> Int? {
        guard sort != .payload, let cue = cues.last(where: { if case .message = $0.what { true } else { false } }),
            case .request(let request) = cue.message.kind, case .range(_, let length) = request.body,
            request.command != .xmodemWriteCompressed
        else { return nil }
        return Int(length)
    }

    private mutating func inflate(_ index: Int) {
        guard index > 0, case .stream(var stream) = cues[index].what, stream.sort == .blocks,
            case .request(let request) = cues[..<index].last(where: { !$0.isPoll })?.message.kind,
            request.command == .xmodemWriteCompressed
        else { return }
        stream.deflated = DeflatedData(stream)
        cues[index].what = .stream(stream)
    }

    private mutating func markFiller(_ index: Int, _ recording: Recording, _ knowsStub: ([UInt8]) -> Bool) {
        guard case .stream(var stream) = cues[index].what, stream.sort == .payload else { return }
        let range = cues[index].message.offset..<(cues[index].message.offset + stream.data.count)
        guard !recording.holes.overlaps(range), !knowsStub(stream.data) else { return }
        stream.isFiller = true
        cues[index].what = .stream(stream)
        let words =
            "the upload of \(plural(stream.data.count, "byte")) is no stub that is known: any of that size is taken for it"
        if !assumptions.contains(words) { assumptions.append(words) }
    }
}

/// What the chip said to each of the host's messages.
private struct Answers {
    struct Answer {
        var replies: [Speech.Reply] = []
        var isAnswered = false
        /// Whether the chip says that it arrived damaged.
        var isRefused = false
    }

    private(set) var opening: [Speech.Reply] = []
    private(set) var early: [(place: Int, reply: Speech.Reply)] = []
    private(set) var hostBytes: [UInt8] = []
    /// By the offset of the message.
    private var answers: [Int: Answer] = [:]

    init(_ recording: Recording) {
        let host = recording.messages.filter { $0.direction == .hostToChip }
        let ownRate = Script.followsChip(recording.events)
        let beginning = recording.events.first?.time ?? .zero
        var hostByteCount = 0
        var lastHostByte = beginning
        var index = -1
        /// The message that holds the last of so many bytes of the host.
        func owner(_ count: Int) -> ReplayedMessage? {
            while index + 1 < host.count, host[index + 1].offset < count { index += 1 }
            return index >= 0 && count > 0 ? host[index] : nil
        }
        for event in recording.events {
            let action: Speech.Reply.Action
            switch event.kind {
            case .data(.hostToChip, let bytes):
                hostByteCount += bytes.count
                hostBytes += bytes
                lastHostByte = event.time
                continue
            case .data(.chipToHost, let bytes) where !bytes.isEmpty: action = .send(bytes)
            case .baud(let end, let rate) where (end == .chip) == ownRate && rate >= Script.slowestRate:
                action = .sampleAt(BitRate(baud: Int(rate)))
            case .power: action = .restart
            default: continue
            }
            /// How long after a moment it happened. The other side may change over faster than it did: a rate is there at
            /// once, but for one in the midst of polls, whose number is free.
            func delay(after moment: Instant, isPoll: Bool = false) -> Int64 {
                let pause = Script.pause(from: moment, to: event.time)
                guard case .sampleAt = action else { return pause }
                return isPoll ? pause / 2 : 0
            }
            if let owner = owner(hostByteCount), !owner.isPoll, hostByteCount < owner.endOffset || owner.isUndecided {
                // A piece of an image is answered while the next one crosses.
                if case .payload = owner.kind, index > 0, case .payload = host[index - 1].kind {
                    answers[host[index - 1].offset, default: Answer()].replies.append(
                        Speech.Reply(action: action, delay: delay(after: host[index - 1].end)))
                } else {
                    early.append((hostByteCount, Speech.Reply(action: action, delay: delay(after: lastHostByte))))
                }
            } else if let owner = owner(hostByteCount) {
                answers[owner.offset, default: Answer()].replies.append(
                    Speech.Reply(action: action, delay: delay(after: owner.end, isPoll: owner.isPoll)))
            } else {
                opening.append(Speech.Reply(action: action, delay: delay(after: beginning)))
            }
        }
        index = -1
        for message in recording.messages where message.direction == .chipToHost && message.hasMeaning {
            guard let owner = owner(message.otherCount) else { continue }
            answers[owner.offset, default: Answer()].isAnswered = true
            switch message.kind {
            case .xmodemNAK where owner.data != nil: answers[owner.offset]?.isRefused = true
            case .answer(let answer) where answer.status == .checksum && owner.data != nil:
                answers[owner.offset]?.isRefused = true
            default: break
            }
        }
    }

    func to(_ message: ReplayedMessage) -> Answer { answers[message.offset] ?? Answer() }
}

extension Recording {
    /// What is assumed to match a host by frames, as `assumptions`.
    package func assumptions(knowsStub: ([UInt8]) -> Bool) -> [String] {
        CueSheet(self, knowsStub: knowsStub).assumptions
    }
}
