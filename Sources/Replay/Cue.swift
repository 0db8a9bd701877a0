import Line
import Wire

/// What the host has to do next, as a replay by frames has it, and what the chip then says.
struct Cue: Sendable {
    enum What: Sendable {
        /// Something that is said until it is answered, however often: sync words, the `C` of a reader.
        case poll
        /// A message, and the same one again where it was repeated.
        case message
        /// The data of a transfer, in pieces of any size.
        case stream(DataStream)
        /// What nobody has to send: noise, zeros that complete a header, a message without its end.
        case anything
    }

    var what: What
    /// The first of the host's messages that it is made of; what it is called.
    var message: ReplayedMessage
    /// After the last byte of the messages that it is made of.
    var endOffset: Int
    /// What the chip says to it. Of a poll: what it says before it answers, counted from the first poll.
    var replies: [Speech.Reply] = []
    /// Of a poll that is answered: how long after the first poll the one came that is, in nanoseconds; nil for never.
    var answeredAfter: Int64?
    /// What it says to that one.
    var answers: [Speech.Reply] = []
    /// Whether the chip said anything that has a meaning.
    var isAnswered = false
    var fate = Fate.arrived
    /// Whether it is the same as the message before it.
    var isRetry = false
    /// Whether bytes of it are missing in the recording.
    var hasHole = false

    /// What became of a message on its way to the chip, as far as the trace tells.
    enum Fate: Sendable {
        case arrived
        /// It was refused, or arrived otherwise.
        case damaged
        /// The chip had nothing of it that it could answer.
        case lost
    }

    /// Whether a host that does not send it does the same.
    var isOptional: Bool {
        switch what {
        case .anything: true
        case .poll: !isAnswered
        case .message: !isAnswered && (isRetry || message.isQuestion)
        case .stream: false
        }
    }

    var isPoll: Bool { if case .poll = what { true } else { false } }

    /// Whether a host may change its rate at any moment of it: nobody has heard it.
    var isRateFree: Bool { isPoll || !isAnswered }

    /// The rates that its recorded host went on to before the next one.
    var rates: some Sequence<BitRate> {
        (replies + answers).lazy.compactMap { if case .sampleAt(let rate) = $0.action { rate } else { nil } }
    }
}

extension BitRate {
    /// Whether a receiver of the one reads the other: no two rates of hosts are so close.
    func isNear(_ other: BitRate) -> Bool { abs(millibaud - other.millibaud) * 50 < other.millibaud }
}

/// The data of a transfer: the image of a download, what 01 and 02 carry, the blocks of an XMODEM write.
struct DataStream: Sendable {
    enum Sort: Sendable, Hashable {
        case payload
        case frames(StubCommand)
        case blocks
    }

    var sort: Sort
    var data: [UInt8] = []
    var parts: [Part] = []
    /// Bytes that were announced; nil where nobody knows. What a block holds beyond is padding.
    var announced: Int?
    /// Whether any bytes are taken for it.
    var isFiller = false
    /// What it says, where it is compressed; nil where it is not, or is no whole stream.
    var deflated: DeflatedData?

    /// As the recorded host sent it in one go, and how often.
    struct Part: Sendable {
        var range: Range<Int>
        /// Offset of its first data byte in the host's recorded stream.
        var offset: Int
        var tries: [Try] = []
        /// Whether its sum or CRC is right.
        var isWhole = true
        /// Which of the host's messages it is, the first time, and where it ended the last time.
        var message: ReplayedMessage
        var endOffset: Int
    }

    struct Try: Sendable {
        var replies: [Speech.Reply] = []
        var isAnswered = false
        var fate = Cue.Fate.arrived
    }

    /// Which part a byte is in.
    func part(at place: Int) -> Int {
        var (low, high) = (0, parts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if parts[middle].range.lowerBound <= place { low = middle } else { high = middle }
        }
        return low
    }

    /// The recorded offset of a byte in the host's stream.
    func offset(of place: Int) -> Int {
        guard !parts.isEmpty else { return 0 }
        let part = parts[part(at: place)]
        return part.offset + (place - part.range.lowerBound)
    }
}

extension ReplayedMessage {
    /// Whether a host says it until it is answered, however often.
    var isPoll: Bool { kind == .syncWord || kind == .xmodemReady }

    /// Whether what follows decides what it is.
    var isUndecided: Bool {
        switch kind {
        case .noise, .filler, .cutOff: true
        default: false
        }
    }

    /// Whether it only asks who is there, and is whole: a SYN frame, or the flash's id.
    var isQuestion: Bool {
        guard case .request(let request) = kind, request.sumIsRight else { return false }
        return request.command == .syn || request.command == .flashID
    }

    /// The data that it carries in a transfer, what transfer that is, and whether it says that it is the piece before again;
    /// nil for any other message.
    var data: (sort: DataStream.Sort, range: Range<Int>, isAgain: Bool, isWhole: Bool)? {
        switch kind {
        case .payload: return (.payload, 0..<bytes.count, false, true)
        case .xmodemBlock(let block) where bytes.count >= 3 + block.dataByteCount:
            return (.blocks, 3..<(3 + block.dataByteCount), block.isRepeated, block.isIntact)
        case .request(let request):
            switch request.body {
            case .data(let count, let again), .lateData(let count, let again, _, _):
                guard bytes.count >= 5 + count else { return nil }
                return (.frames(request.command), 5..<(5 + count), again, request.sumIsRight)
            default: return nil
            }
        default: return nil
        }
    }

    /// Whether the two say the same.
    func says(the other: ReplayedMessage) -> Bool {
        switch (kind, other.kind) {
        case (.syncWord, .syncWord), (.xmodemReady, .xmodemReady), (.xmodemACK, .xmodemACK), (.xmodemNAK, .xmodemNAK),
            (.xmodemEOT, .xmodemEOT), (.xmodemCancel, .xmodemCancel):
            true
        default: bytes == other.bytes
        }
    }
}
