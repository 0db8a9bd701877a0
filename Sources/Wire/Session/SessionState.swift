import Line

/// Where a session is: what the next byte of either side means, and what a message that is complete changes.
///
/// The same byte means different things at different moments (06 is an ACK in an XMODEM read and noise elsewhere), so
/// both directions share what is known. There are three protocols, each with a state of its own: the download that a
/// ROM or uboot takes, the frames of a stub, and XMODEM's blocks, which follow some of them.
///
/// It has two readers. `SessionDecoder` names every byte and waits for a message's end; `StepTracker` says what a
/// message is at its head, and believes it. Both ask here, so they cannot be of two minds about what comes next.
///
/// A frame is called what its sender meant by it; what it changes is what the chip makes of it (`Pitfall` says where
/// that is something else).
struct SessionState: Sendable {
    var boot = BootDownload()
    var frames = StubFrames()
    var transfer: XMODEMTransfer?

    // MARK: What comes next

    /// Whether any message could begin with the byte: noise is rejected at its first byte.
    func canBegin(_ byte: UInt8, _ direction: Direction) -> Bool {
        if transfer != nil { return true }
        switch direction {
        case .hostToChip:
            return byte == StubRequest.marker || byte == BootProtocol.syncWord[0] || byte == BootProtocol.amtWord[0]
                || boot.payloadMissing > 0 || !boot.isIdle
        case .chipToHost: return byte == StubAnswer.marker || boot.awaitsAnswer
        }
    }

    /// Says what the head of `bytes` is, which are not empty. It decides at the shortest prefix that allows it, and
    /// does not change its mind when the prefix is longer: chunking would show.
    func beginning(of bytes: Span<UInt8>, _ direction: Direction) -> Beginning {
        (direction == .hostToChip ? hostBeginning(bytes) : chipBeginning(bytes)) ?? .loose(bytes[0])
    }

    private func hostBeginning(_ bytes: Span<UInt8>) -> Beginning? {
        if boot.payloadMissing > 0 { return .payload(min(boot.payloadMissing, bytes.count)) }
        if let header = boot.header(bytes) { return header }
        let request = frames.request(bytes, isTransferring: transfer?.isOver == false)
        let word = BootDownload.word(bytes)
        // A host that does not wait for the answer to its header goes on with the image.
        if request == nil, word == nil, let length = boot.announced { return .payload(min(length, bytes.count)) }
        return transfer?.fromHost(bytes) ?? request ?? word
    }

    private func chipBeginning(_ bytes: Span<UInt8>) -> Beginning? {
        transfer?.fromChip(bytes) ?? frames.answer(bytes) ?? boot.answer(bytes)
    }

    /// The step that a message is, before it is noted; nil for none that anything could be aimed at.
    func step(of kind: SessionEvent.Kind) -> Step? {
        switch kind {
        case .syncWord: .sync
        case .syncAnswer: .syncAnswer
        case .downloadHeader: .header
        case .headerAnswer: .headerAnswer
        case .pieceAnswer: .pieceAnswer
        case .request(let request): frames.step(of: request)
        case .answer(let answer): frames.step(ofAnswer: answer.command, isUpload: false)
        case .uploadFrame: .uploadFrame
        case .xmodemReady: .ready
        case .xmodemBlock: .block
        case .xmodemACK: transfer?.stage == .endSent ? .eotAck : .blockAck
        case .xmodemNAK: .blockNak
        case .xmodemEOT: .eot
        case .xmodemCancel: .cancel
        case .payload, .amtWord, .amtAnswer, .filler, .xmodemCancelMark, .text, .noise, .cutOff: nil
        }
    }

    // MARK: What it changes

    /// A message is complete.
    mutating func note(_ kind: SessionEvent.Kind) {
        switch kind {
        case .syncAnswer:
            // Whatever ran before, a loader runs now.
            self = SessionState()
            boot.note(kind)
        case .request(let request):
            if transfer?.isOver == true { transfer = nil }
            if request.command.startsTransfer { transfer = XMODEMTransfer(request.command) }
            if request.holdsSyncWord { boot.noteWordInFrame() }
            frames.note(request)
        case .answer(let answer):
            boot.noteStub()
            if transfer?.command != answer.command || answer.status != .success { transfer = nil }
            frames.note(answer)
        case .uploadFrame(_, let done, let total, _):
            boot.noteStub()
            frames.noteUpload(done: done, total: total)
        case .xmodemBlock, .xmodemReady, .xmodemACK, .xmodemNAK, .xmodemEOT, .xmodemCancel, .xmodemCancelMark:
            transfer?.note(kind)
        default: boot.note(kind)
        }
    }

    /// So many bytes of a RAM image have gone by.
    mutating func takePayload(_ count: Int) {
        boot.takePayload(count)
    }
}
