/// The steps that a session's events are, told afterwards: by the names that faults are aimed with, for those who read the
/// strict decoder's events and not the runs on the line.
package struct EventSteps: Sendable {
    /// What the stub was asked last, and whether it was data of a download.
    private var request: StubRequestSummary?
    private var isData = false
    /// Whether the sender of a transfer has said that it is over.
    private var isEndSent = false

    package init() {}

    /// The chip has begun anew.
    package mutating func restart() { self = EventSteps() }

    /// Takes the next event. - Returns: which step it is, and of how many there was the end in it: a stretch of a RAM image may
    /// be several pieces; nil for what nothing could be aimed at.
    package mutating func note(_ event: SessionEvent) -> (step: Step, count: Int)? {
        switch event.kind {
        case .syncWord: return (.sync, 1)
        case .syncAnswer:
            restart()
            return (.syncAnswer, 1)
        case .downloadHeader: return (.header, 1)
        case .headerAnswer: return (.headerAnswer, 1)
        case .payload(let done, let total):
            let count = Self.pieces(done, of: total) - Self.pieces(done - event.byteCount, of: total)
            return count > 0 ? (.piece, count) : nil
        case .pieceAnswer: return (.pieceAnswer, 1)
        case .request(let request): return (note(request), 1)
        case .answer(let answer): return (step(of: answer), 1)
        case .uploadFrame: return (.uploadFrame, 1)
        case .xmodemReady: return (.ready, 1)
        case .xmodemBlock:
            isEndSent = false
            return (.block, 1)
        case .xmodemACK: return (isEndSent ? .eotAck : .blockAck, 1)
        case .xmodemNAK: return (.blockNak, 1)
        case .xmodemEOT:
            isEndSent = true
            return (.eot, 1)
        case .xmodemCancel: return (.cancel, 1)
        case .amtWord, .amtAnswer, .filler, .xmodemCancelMark, .text, .noise, .cutOff: return nil
        }
    }

    /// Pieces of an image that are complete when so many bytes of it have come.
    private static func pieces(_ done: Int, of total: Int) -> Int {
        done >= total
            ? (total + BootProtocol.pieceByteCount - 1) / BootProtocol.pieceByteCount
            : done / BootProtocol.pieceByteCount
    }

    private mutating func note(_ request: StubRequestSummary) -> Step {
        self.request = request
        if case .data = request.body { isData = true } else { isData = false }
        if request.command.startsTransfer { isEndSent = false }
        return isData ? .dataFrame : request.command == .baud ? .baud : .command
    }

    private func step(of answer: StubAnswerSummary) -> Step {
        if answer.command == .baud { return .baudAnswer }
        let isOfData = isData && (answer.command == request?.command || answer.command == .unknown)
        return isOfData ? .dataAnswer : .answer
    }
}
