import Line

/// What a tracker knows of a session: what the same byte means at this moment (ECR6600 facts §1.4, §3, §4, §10).
struct StepContext: Sendable {
    // The boot.
    private var isSyncUnanswered = false
    private var isHeaderExpected = false
    private var isHeaderUnanswered = false
    private var payloadTotal = 0
    private var payloadMissing = 0
    private var piecesAnswered = 0

    // A stub.
    private var lastCommand: StubCommand?
    private var lastStep: Step?
    private var isSumRight = true
    /// A download by 01 or 02: bytes that are still to come, and how many the last data frame had.
    private var download: (command: StubCommand, missing: Int, previous: Int)?
    /// Bytes of an upload by 03 that are still to come.
    private var uploadMissing = 0

    // A transfer by XMODEM.
    private var transfer: StubCommand?
    private var isEndSent = false
    private var cancels = 0
    /// A compressed read whose host began with NAK gets blocks of 128 bytes with a sum (§10).
    private var wantsShortBlocks = false

    /// An image beyond this is none.
    private static let payloadLimit = 16 << 20
    /// The most that a frame carries beside flash contents.
    private static let bodyLimit = 256

    private var isWrite: Bool { transfer == .xmodemWrite || transfer == .xmodemWriteCompressed }

    /// Whether a run is a sync word and nothing else.
    static func isSyncWord(_ run: Span<UInt8>) -> Bool {
        run.count == BootProtocol.syncWord.count && startsLikeSyncWord(run)
    }

    private static func startsLikeSyncWord(_ bytes: Span<UInt8>) -> Bool {
        for index in 0..<min(bytes.count, BootProtocol.syncWord.count)
        where bytes[index] != BootProtocol.syncWord[index] {
            return false
        }
        return true
    }

    // MARK: Beginnings

    /// The step that `bytes`, of which there is at least one, begin with; nil for none.
    /// - Parameter undecided: the head of a frame that came before them.
    func opening(of bytes: Span<UInt8>, _ direction: Direction, after undecided: [UInt8]) -> StepOpening? {
        if !undecided.isEmpty { return frame(bytes, direction, after: undecided) }
        return direction == .hostToChip ? hostOpening(bytes) : chipOpening(bytes)
    }

    /// Whether the first byte may be the head of a frame whose type is still to come.
    func canBeUndecided(_ bytes: Span<UInt8>, _ direction: Direction) -> Bool {
        bytes.count == 1 && bytes[0] == Self.marker(direction)
    }

    private static func marker(_ direction: Direction) -> UInt8 {
        direction == .hostToChip ? StubRequest.marker : StubAnswer.marker
    }

    private func hostOpening(_ bytes: Span<UInt8>) -> StepOpening? {
        if Self.isSyncWord(bytes) { return StepOpening(step: .sync, byteCount: BootProtocol.syncWord.count) }
        if payloadMissing > 0 {
            return StepOpening(step: .piece, byteCount: min(BootProtocol.pieceByteCount, payloadMissing))
        }
        if let opening = transferOpening(bytes[0], isSender: isWrite) { return opening }
        if Self.startsLikeSyncWord(bytes) {
            return StepOpening(step: .sync, byteCount: BootProtocol.syncWord.count)
        }
        if bytes[0] == StubRequest.marker { return frame(bytes, .hostToChip, after: []) }
        guard isHeaderExpected, bytes[0] != 0 else { return nil }
        return StepOpening(step: .header, byteCount: DownloadHeader.byteCount)
    }

    private func chipOpening(_ bytes: Span<UInt8>) -> StepOpening? {
        if let opening = transferOpening(bytes[0], isSender: !isWrite) { return opening }
        if bytes[0] == StubAnswer.marker { return frame(bytes, .chipToHost, after: []) }
        let step: Step
        switch BootProtocol.Answer(rawValue: bytes[0]) {
        case .synchronised where isSyncUnanswered: step = .syncAnswer
        case .accepted where isHeaderUnanswered, .refused where isHeaderUnanswered: step = .headerAnswer
        case .refused where isSyncUnanswered: step = .syncAnswer
        case .accepted where piecesAnswered < piecesSent: step = .pieceAnswer
        default: return nil
        }
        return StepOpening(step: step, byteCount: 1)
    }

    /// Pieces whose last byte the host has sent; an empty image gets an answer, too.
    private var piecesSent: Int {
        guard payloadMissing > 0 else { return max(1, (payloadTotal + 1023) / BootProtocol.pieceByteCount) }
        return (payloadTotal - payloadMissing) / BootProtocol.pieceByteCount
    }

    /// XMODEM's characters, for whoever sends blocks and for whoever receives them.
    private func transferOpening(_ byte: UInt8, isSender: Bool) -> StepOpening? {
        guard let transfer else { return nil }
        switch byte {
        case XMODEM.cancel: return StepOpening(step: .cancel, byteCount: 1)
        case XMODEM.stx where isSender: return StepOpening(step: .block, byteCount: XMODEM.blockByteCount)
        case XMODEM.soh where isSender && transfer == .xmodemWriteCompressed:
            return StepOpening(step: .block, byteCount: 3 + XMODEM.shortDataByteCount + 2)
        case XMODEM.soh where isSender && wantsShortBlocks:
            return StepOpening(step: .block, byteCount: 3 + XMODEM.shortDataByteCount + 1)
        case XMODEM.eot where isSender: return StepOpening(step: .eot, byteCount: 1)
        case XMODEM.ready where !isSender: return StepOpening(step: .ready, byteCount: 1)
        case XMODEM.ack where !isSender: return StepOpening(step: isEndSent ? .eotAck : .blockAck, byteCount: 1)
        case XMODEM.nak where !isSender: return StepOpening(step: .blockNak, byteCount: 1)
        default: return nil
        }
    }

    // MARK: Frames

    private func frame(_ bytes: Span<UInt8>, _ direction: Direction, after undecided: [UInt8]) -> StepOpening? {
        var head = undecided
        for index in bytes.indices where head.count < StepStream.headLimit { head.append(bytes[index]) }
        guard head.count >= 2 else { return nil }
        let command = StubCommand(rawValue: head[1])
        let step =
            direction == .hostToChip ? requestStep(command, head.span) : answerStep(command)
        guard head.count >= StubRequest.headByteCount else {
            return StepOpening(step: step, byteCount: StubRequest.headByteCount, needsLength: true, head: undecided)
        }
        let available = undecided.count + bytes.count
        return StepOpening(
            step: step, byteCount: frameByteCount(head.span, direction, available: available), head: undecided)
    }

    private func requestStep(_ command: StubCommand, _ head: Span<UInt8>) -> Step {
        if command == .baud { return .baud }
        guard let download, download.command == command, download.missing > 0 else { return .command }
        // Eight bytes of body are a new beginning, unless that many were due.
        let isStart = head.count >= 4 && head.littleEndian(UInt16.self, at: 2) == 8 && download.missing != 7
        return isStart ? .command : .dataFrame
    }

    private func answerStep(_ command: StubCommand) -> Step {
        switch command {
        case .baud: .baudAnswer
        case .flashUpload where uploadMissing > 0: .uploadFrame
        case lastCommand where lastStep == .dataFrame, .unknown where lastStep == .dataFrame: .dataAnswer
        default: .answer
        }
    }

    /// Bytes of a frame whose head of four is known. - Parameter available: how many there are already, if the frame
    /// stands at the beginning of all of them: an answer of six bytes in a run of six is one, whatever its length says.
    func frameByteCount(_ head: Span<UInt8>, _ direction: Direction, available: Int?) -> Int {
        let command = StubCommand(rawValue: head[1])
        let length = Int(head.littleEndian(UInt16.self, at: 2))
        switch direction {
        case .hostToChip:
            let isData = command == .flashDownload || command == .ramDownload || command == .efuse
            return StubRequest.headByteCount + 1 + (isData || length <= Self.bodyLimit ? length : 0)
        case .chipToHost:
            if command == .flashUpload, uploadMissing > 0, available != StubAnswer.frameByteCount {
                // 64 KB do not fit into the length (§4.3).
                return StubAnswer.frameByteCount + (length == 0 && uploadMissing >= 0x10000 ? 0x10000 : length)
            }
            // Lengths of refusals are stale (§4.1, §4.2).
            let isPlain = command == .unknown || !isSumRight || available == StubAnswer.frameByteCount
            guard !isPlain, command == lastCommand, length <= Self.bodyLimit else { return StubAnswer.frameByteCount }
            let hasStatus = command != .efuse || length == 0
            return StubAnswer.frameByteCount + length - (hasStatus ? 0 : 1)
        }
    }

    // MARK: Ends

    /// A step has come to its end.
    mutating func complete(_ step: Step, _ stream: StepStream, _ direction: Direction) {
        switch step {
        case .sync: isSyncUnanswered = true
        case .syncAnswer:
            self = StepContext()
            isHeaderExpected = true
        case .header: takeHeader(stream.head.span)
        case .headerAnswer: takeHeaderAnswer(isAccepted: stream.last == BootProtocol.Answer.accepted.rawValue)
        case .piece: payloadMissing -= stream.byteCount
        case .pieceAnswer: piecesAnswered += 1
        case .command, .baud, .dataFrame: takeRequest(step, stream)
        case .uploadFrame: uploadMissing -= min(uploadMissing, max(1, stream.byteCount - StubAnswer.frameByteCount))
        case .eot: isEndSent = true
        case .eotAck: transfer = nil
        case .block: isEndSent = false
        case .cancel:
            cancels += 1
            if cancels == 2 { transfer = nil }
        case .blockNak, .ready:
            if transfer == .xmodemReadCompressed { wantsShortBlocks = step == .blockNak }
        case .answer, .baudAnswer, .dataAnswer, .blockAck: break
        }
    }

    private mutating func takeHeader(_ head: Span<UInt8>) {
        isHeaderUnanswered = true
        guard head.count >= DownloadHeader.byteCount,
            head.littleEndian(UInt32.self, at: 0) == DownloadHeader.ramDownload
        else { return }
        let length = Int(head.littleEndian(UInt32.self, at: 8))
        payloadTotal = length <= Self.payloadLimit ? length : 0
        // A host that does not wait for the answer sends it now.
        payloadMissing = payloadTotal
        piecesAnswered = 0
    }

    private mutating func takeHeaderAnswer(isAccepted: Bool) {
        isHeaderUnanswered = false
        isHeaderExpected = !isAccepted
        if !isAccepted { payloadMissing = 0 }
    }

    private mutating func takeRequest(_ step: Step, _ stream: StepStream) {
        let head = stream.head
        let command = StubCommand(rawValue: head[1])
        let length = stream.byteCount - StubRequest.headByteCount - 1
        isHeaderExpected = false
        isSyncUnanswered = false
        lastCommand = command
        lastStep = step
        isSumRight = stream.sumIsRight
        uploadMissing = 0
        transfer = nil
        switch (step, command) {
        case (.dataFrame, _): takeData(length, isAgain: head[4] == 1)
        case (_, .ramDownload) where length == 8, (_, .flashDownload) where length == 8:
            download = (command, Int(head.span.littleEndian(UInt32.self, at: 8)), 0)
        case (_, .flashUpload) where length == 8: uploadMissing = Int(head.span.littleEndian(UInt32.self, at: 8))
        default: download = nil
        }
        if command.startsTransfer {
            transfer = command
            isEndSent = false
            cancels = 0
            wantsShortBlocks = false
        }
    }

    /// A data frame, whose first byte says whether it takes the place of the one before it (§4.3).
    private mutating func takeData(_ length: Int, isAgain: Bool) {
        guard let known = download else { return }
        let count = max(0, length - 1)
        download = (known.command, max(0, known.missing + (isAgain ? known.previous : 0) - count), count)
    }
}
