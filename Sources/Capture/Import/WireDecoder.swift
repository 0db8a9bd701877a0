import Line
import Trace

/// The characters on two wires of which the edges are known. Without a rate it waits for some edges and guesses one.
struct WireDecoder {
    private let sink: ImportSink
    private let format: FrameFormat
    private let properties: [SessionDescription.Property]
    private var rate: BitRate?
    private var receivers = Pair<EdgeReceiver?>(nil)
    private var runs: CharacterRuns
    /// Levels that were met before a rate was known.
    private var waiting: [(direction: Direction, isHigh: Bool, time: Int64)] = []
    private var last: Int64 = 0

    /// Edges by which the rate is guessed, at most.
    static let guessedEdgeCount = 20_000

    /// - Parameter properties: what the recording says of itself.
    init(_ sink: ImportSink, _ options: ImportOptions, properties: [SessionDescription.Property] = []) {
        self.sink = sink
        self.properties = properties
        format = options.frameFormat ?? .eightNone1
        rate = options.baud.map { BitRate(baud: Int($0)) }
        runs = CharacterRuns(sink)
    }

    /// A wire has this level from `time` on. The first level of a wire is no edge.
    /// - Parameter time: picoseconds since the recording's beginning, not before the last; up to 4 × 10¹⁸.
    mutating func level(_ direction: Direction, isHigh: Bool, at time: Int64) throws(CaptureError) {
        last = max(last, time)
        guard let rate else {
            waiting.append((direction, isHigh, last))
            if waiting.count >= Self.guessedEdgeCount { try guess() }
            return
        }
        try pass(direction, isHigh, last, rate)
    }

    /// The recording ends at `time`; a character that has begun is over with an idle line.
    mutating func end(at time: Int64) throws(CaptureError) {
        if rate == nil { try guess() }
        guard let rate else { return }
        let end = max(last, time) + 2 * rate.characterPicoseconds
        try append(receivers.hostToChip?.advance(to: end), receivers.chipToHost?.advance(to: end))
        try runs.flush()
        let glitches = (receivers.hostToChip?.falseStartCount ?? 0) + (receivers.chipToHost?.falseStartCount ?? 0)
        if glitches > 0 {
            sink.problem(at: "the wires", "\(glitches) start bits ended before their middle: passed over")
        }
        if runs.errorCount > 0 {
            sink.problem(
                at: "the wires", "\(runs.errorCount) framing or parity errors: is \(rate.baud) baud \(format) right?")
        }
    }

    private mutating func pass(
        _ direction: Direction, _ isHigh: Bool, _ time: Int64, _ rate: BitRate
    ) throws(CaptureError) {
        guard receivers[direction] != nil else {
            receivers[direction] = EdgeReceiver(rate, format, isHigh: isHigh)
            return
        }
        let own = receivers[direction]?.level(isHigh: isHigh, at: time)
        let other = receivers[direction.opposite]?.advance(to: time)
        try direction == .hostToChip ? append(own, other) : append(other, own)
    }

    /// Both were complete by now: the one that ended first comes first.
    private mutating func append(
        _ fromHost: ReceivedCharacter?, _ fromChip: ReceivedCharacter?
    ) throws(CaptureError) {
        if let fromHost, let fromChip, fromChip.end < fromHost.end {
            try append(fromChip, .chipToHost)
            return try append(fromHost, .hostToChip)
        }
        if let fromHost { try append(fromHost, .hostToChip) }
        if let fromChip { try append(fromChip, .chipToHost) }
    }

    private mutating func append(_ character: ReceivedCharacter, _ direction: Direction) throws(CaptureError) {
        if !sink.hasBegun, let rate {
            try sink.begin(clock: .line, properties: properties, baud: UInt32(clamping: rate.baud))
        }
        var errors: [ReceiveError] = []
        if character.hasFramingError { errors.append(character.byte == 0 ? .break : .framing) }
        if character.hasParityError { errors.append(.parity) }
        try runs.append(
            character.byte, direction, from: character.start / 1000, to: character.end / 1000, errors: errors)
    }

    private mutating func guess() throws(CaptureError) {
        var pulses: [Int64] = []
        var edges = Pair<Int64?>(nil)
        var hasLevel = Pair(false)
        for level in waiting {
            if let edge = edges[level.direction] { pulses.append(level.time - edge) }
            // How long the first level was there already is not known.
            if hasLevel[level.direction] { edges[level.direction] = level.time }
            hasLevel[level.direction] = true
        }
        guard let baud = BaudGuess.rate(ofPulses: pulses) else { return }
        let rate = BitRate(baud: baud)
        self.rate = rate
        sink.assume("\(baud) baud \(format), guessed from the shortest pulse (--baud and --format say otherwise)")
        let levels = waiting
        waiting = []
        for level in levels { try pass(level.direction, level.isHigh, level.time, rate) }
    }
}
