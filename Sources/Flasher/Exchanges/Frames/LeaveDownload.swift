import Wire

/// The way out of a download (02) that went wrong, back to a stub that takes commands.
///
/// A stub in a download waits for data frames until their length has run out, without a timeout (ECR6600 facts §4.3).
/// After silence the host does not know whether it stands between two frames, in the middle of one, or in its parser;
/// and a data frame sent to the parser would be read as a start command. So the host first fills up whatever is
/// unfinished, then asks where the stub is, and then uses up what is left of the download, all of it with FF: that is
/// the one byte that changes nothing when it is programmed, wherever it goes.
///
/// How much is left depends on which frames arrived. What is possible is kept as a list; the smallest is used up first,
/// and then the stub is asked again.
struct LeaveDownload {
    private enum State { case filling, probing, finishing }

    /// A data frame of seven FF. A download takes it (status 00); a parser reads the start of a download at FFFFFF00
    /// and refuses it (status 02): a body of eight bytes, the longest that every stub can hold (§4.1).
    static let probe = StubRequest.data(
        .flashDownload, again: false, [UInt8](repeating: 0xFF, count: probeByteCount))
    static let probeByteCount = 7
    /// Fillings, one after the other until something answers: most often a byte or two is missing, but a damaged length
    /// can make a frame of 65,540 bytes.
    private static let fillings = [16, 256, 4096, 16384, 65540]
    /// Times that silence or doubt is put up with.
    private static let mostDoubts = 6

    private let settings: FlasherSettings
    private var state = State.filling
    private var question: StubQuestion
    /// What may be left of the download, ascending.
    private var remaining: [Int]
    private var nextFilling = 0
    private var doubts = 0

    /// - Parameter remaining: bytes that may be left of the download, for each thing that may have happened; 0 is
    ///   understood.
    init(_ settings: FlasherSettings, remaining: [Int]) {
        self.settings = settings
        self.remaining = Self.possible(remaining)
        question = Self.question(settings, Self.probe)
    }

    static func question(_ settings: FlasherSettings, _ frame: StubRequest) -> StubQuestion {
        StubQuestion(frame, patience: settings.answerTimeout, attempts: 1, strayTimeout: settings.strayTimeout)
    }

    private static func possible(_ remaining: [Int]) -> [Int] {
        Set(remaining).filter { $0 > 0 }.sorted()
    }

    /// - Parameter isInFrame: whether the stub may stand in the middle of a frame.
    mutating func begin(isInFrame: Bool, _ port: inout HostPort) {
        port.chip.program = .stubInDownload
        if isInFrame { fill(&port) } else { probe(&port) }
    }

    /// - Returns: `.done` when the stub takes commands.
    mutating func receive(_ port: inout HostPort) -> Progress {
        guard let answer = question.answer(&port) else { return .waiting }
        switch (state, answer.status) {
        case (.filling, _):
            // Something came to its end.
            probe(&port)
        case _ where answer.command == .unknown || answer.status == .address:
            port.chip.program = .stub
            return .done(.nothing)
        case (.probing, .checksum):
            // A download takes a damaged frame, a parser does not; this may be either.
            remaining = Self.possible(remaining + taking(Self.probeByteCount))
            return doubt(&port) ?? probeAgain(&port)
        case (.probing, _):
            remaining = Self.possible(taking(Self.probeByteCount))
            return finish(&port)
        case (.finishing, _):
            remaining = taking(frameByteCount)
            if remaining.contains(0) {
                remaining = Self.possible(remaining)
                probe(&port)
            } else {
                return finish(&port)
            }
        }
        return .waiting
    }

    mutating func timeout(_ port: inout HostPort) -> Progress {
        switch state {
        case .filling:
            if nextFilling < Self.fillings.count { fill(&port) } else { probe(&port) }
            return .waiting
        case .probing: remaining = Self.possible(remaining + taking(Self.probeByteCount))
        case .finishing: remaining = Self.possible(remaining + taking(frameByteCount))
        }
        if let fault = doubt(&port) { return fault }
        nextFilling = 0
        fill(&port)
        return .waiting
    }

    private func taking(_ count: Int) -> [Int] { remaining.map { $0 - count } }

    private var frameByteCount: Int { question.request.body.count - 1 }

    private mutating func fill(_ port: inout HostPort) {
        state = .filling
        let count = Self.fillings[nextFilling]
        nextFilling += 1
        port.send([UInt8](repeating: 0xFF, count: count))
        port.wait(settings.blockQuiet, afterSending: count)
    }

    private mutating func probe(_ port: inout HostPort) {
        state = .probing
        question = Self.question(settings, Self.probe)
        question.ask(&port)
    }

    private mutating func probeAgain(_ port: inout HostPort) -> Progress {
        probe(&port)
        return .waiting
    }

    private mutating func finish(_ port: inout HostPort) -> Progress {
        guard let least = remaining.first else { return .failed(Self.lost) }
        state = .finishing
        let count = min(least, FrameWrite.frameByteCount)
        question = Self.question(
            settings, .data(.flashDownload, again: false, [UInt8](repeating: 0xFF, count: count)))
        question.ask(&port)
        return .waiting
    }

    /// Counts one thing that is not understood; a fault when there were too many.
    private mutating func doubt(_ port: inout HostPort) -> Progress? {
        doubts += 1
        return doubts > Self.mostDoubts ? .failed(Self.lost) : nil
    }

    private static let lost = Fault(
        what: "the stub is in the middle of a download, and cannot be made to leave it.",
        remedy: "It waits for data forever. \(Fault.powerCycle) A lower baud or shorter wires may help.")
}
