/// Finds the mistakes: compares what the host sends with what the chip makes of it.
struct PitfallFinder: Sendable {
    /// Where the sync word ended that the host sent last, in its direction; nil where it sent none.
    private var wordEnd: Int?
    /// Whether that was part of a SYN frame.
    private var isWordInFrame = false
    /// From which of the host's bytes on a loader counts headers; nil when none is expected.
    private var headerOrigin: Int?
    /// Whether the host has sent sync words that were not answered.
    private var areWordsUnanswered = false
    /// Whether the reason for the last header's refusal is known: it was reported in the wrong place, or as spoiled.
    private var isRefusalExplained = false

    /// A SYN frame up to the end of its word.
    static let synFrameHead: [UInt8] =
        [StubRequest.marker, StubCommand.syn.rawValue, UInt8(BootProtocol.syncWord.count), 0] + BootProtocol.syncWord
    /// What a stub erases begins at multiples of this.
    private static let sectorByteCount: UInt32 = 4096

    /// A SYN frame that begins at `offset` has come as far as its word.
    mutating func noteWordInFrame(at offset: Int) {
        wordEnd = offset + Self.synFrameHead.count
        isWordInFrame = true
    }

    /// Looks at a message before the session's state notes it. - Parameters:
    ///   - hostOffset: of the host's next byte that has no name, or of the message if it is the host's.
    ///   - pending: the host's bytes that have no name yet: the beginning of a message.
    ///   - isSpoiled: whether the chip is known to have received something else.
    mutating func look(
        at kind: SessionEvent.Kind, hostOffset: Int, pending: [UInt8], isSpoiled: Bool, _ state: SessionState
    ) -> Pitfall? {
        switch kind {
        case .syncWord:
            wordEnd = hostOffset + BootProtocol.syncWord.count
            isWordInFrame = false
            areWordsUnanswered = true
        case .syncAnswer:
            areWordsUnanswered = false
            headerOrigin = wordEnd
            isRefusalExplained = false
            return isWordInFrame ? .synFrameAtLoader : nil
        case .downloadHeader:
            let count = headerOrigin.map { (hostOffset - $0) % DownloadHeader.byteCount } ?? 0
            isRefusalExplained = isSpoiled || count != 0
            return isSpoiled || count == 0 ? nil : .headerFromWrongByte(behind: count)
        case .headerAnswer(accepted: true): headerOrigin = nil
        case .headerAnswer(accepted: false):
            defer { areWordsUnanswered = false }
            guard state.boot.isHeaderUnanswered, case .headerSent(let header) = state.boot.stage else {
                // The beginning of a header is among the twelve: it is reported with the header.
                let isHeaderUnderWay =
                    headerOrigin != nil && pending.first.map { $0 != BootProtocol.syncWord[0] } == true
                return areWordsUnanswered && !isHeaderUnderWay ? .refusalIsNoSyncAnswer : nil
            }
            if isRefusalExplained { return nil }
            return header.type == DownloadHeader.ramDownload ? .rightHeaderRefused : .headerOfOtherType(header.type)
        case .request(let request):
            if request.holdsSyncWord { noteWordInFrame(at: hostOffset) }
            return Self.pitfall(of: request, state.frames)
        case .answer(let answer):
            headerOrigin = nil
            isWordInFrame = false
            return Self.pitfall(of: answer, state.frames)
        case .xmodemBlock(let block):
            guard let transfer = state.transfer, transfer.command == .xmodemWrite else { return nil }
            if transfer.refuses(block) { return .shortBlock }
            guard transfer.isLastTaken, block.isRepeated, block.isIntact else { return nil }
            return .blockTwice(block.number)
        default: break
        }
        return nil
    }

    private static func pitfall(of request: StubRequestSummary, _ frames: StubFrames) -> Pitfall? {
        if let other = frames.download, other.command != request.command, other.isCertain, let missing = other.missing {
            return .askedInDownload(request.command, missing: missing)
        }
        let download = frames.download?.command == request.command ? frames.download : nil
        switch request.body {
        case .data(_, again: false) where download?.isLastBad == true: return .newDataAfterBadSum
        case .lateData(_, _, let address, let length): return .dataReadAsStart(address: address, length: length)
        case .range where download?.isCertain == true: return download?.missing.map { .startReadAsData(missing: $0) }
        default: return nil
        }
    }

    private static func pitfall(of answer: StubAnswerSummary, _ frames: StubFrames) -> Pitfall? {
        guard answer.command == .erase || answer.command == .flashDownload, answer.status == .success,
            let request = frames.request, request.command == answer.command, !frames.isRequestData,
            case .range(let address, let length) = request.body, length > 0, address % sectorByteCount != 0
        else { return nil }
        return .erasedNothing(address: address)
    }
}
