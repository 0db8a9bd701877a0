/// What is known of a download into RAM, as a mask ROM or uboot takes it (ECR6600 facts §1.4, §3): sync word, header,
/// payload, and a byte in answer to each.
struct BootDownload: Sendable {
    /// How far the host has come.
    enum Stage: Sendable {
        case idle
        /// Sync words went out, nothing came back.
        case syncing
        /// Synchronised: a header should follow.
        case headerExpected
        /// A header went out; the chip has not answered, and no payload has begun.
        case headerSent(DownloadHeader)
    }

    private(set) var stage = Stage.idle
    private var isSyncUnanswered = false
    private(set) var isHeaderUnanswered = false
    private var isAmtUnanswered = false
    private(set) var payloadMissing = 0
    private(set) var payloadTotal = 0
    private var piecesAnswered = 0
    private var piecesTotal = 0

    /// Whether the host is not in the middle of a handshake.
    var isIdle: Bool {
        if case .idle = stage { true } else { false }
    }

    /// Whether the loader takes what comes for a header.
    private var isHeaderExpected: Bool {
        if case .headerExpected = stage { true } else { false }
    }

    /// Whether a byte of the chip can be an answer to the host's last word, header or piece.
    var awaitsAnswer: Bool {
        isAmtUnanswered || isSyncUnanswered || isHeaderUnanswered || isHeaderExpected || piecesAnswered < piecesTotal
    }

    /// Bytes of the image that the last header announced, while none of them has come; nil for none.
    var announced: Int? {
        guard case .headerSent(let header) = stage, header.type == DownloadHeader.ramDownload, header.length > 0
        else { return nil }
        return Int(header.length)
    }

    /// Bytes of the image that have come.
    var payloadPlace: Int { announced == nil ? payloadTotal - payloadMissing : 0 }

    /// Pieces whose last byte the host has sent.
    private var piecesSent: Int {
        payloadMissing == 0 ? piecesTotal : (payloadTotal - payloadMissing) / BootProtocol.pieceByteCount
    }
}

// MARK: - What comes next

extension BootDownload {
    /// A header, or the zeros of a host that lost its answer. A header whose type is not 1 is one only where one is due.
    func header(_ bytes: Span<UInt8>) -> Beginning? {
        switch stage {
        case .idle: nil
        case .headerExpected: Self.zeros(bytes) ?? Self.header(bytes, types: 1...0xFF)
        case .syncing, .headerSent: Self.zeros(bytes) ?? Self.header(bytes, types: 1...1)
        }
    }

    /// Eight zero bytes (§11.1).
    private static func zeros(_ bytes: Span<UInt8>) -> Beginning? {
        for index in 0..<min(8, bytes.count) where bytes[index] != 0 { return nil }
        return bytes.count < 8 ? .more(8) : .whole(8, .filler)
    }

    private static func header(_ bytes: Span<UInt8>, types: ClosedRange<UInt8>) -> Beginning? {
        guard types.contains(bytes[0]) else { return nil }
        for index in 1..<4 where index < bytes.count && bytes[index] != 0 { return nil }
        guard bytes.count >= DownloadHeader.byteCount else { return .more(DownloadHeader.byteCount, .header) }
        let head = bytes.extracting(first: DownloadHeader.byteCount)
        return (try? DownloadHeader(parsing: head)).map { .whole(DownloadHeader.byteCount, .downloadHeader($0)) }
    }

    /// The sync word or `amt_` with its tail.
    static func word(_ bytes: Span<UInt8>) -> Beginning? {
        if let word = beginning(of: bytes, as: BootProtocol.syncWord, .sync, .syncWord) { return word }
        let amtCount = BootProtocol.amtWord.count + BootProtocol.amtTailCount
        guard let word = beginning(of: bytes, as: BootProtocol.amtWord, nil, .noise) else { return nil }
        guard case .whole = word, bytes.count >= amtCount else { return .more(amtCount) }
        let last = bytes[amtCount - 1]
        return .whole(amtCount, .amtWord(digit: (0x30...0x39).contains(last) ? last : nil))
    }

    /// Whether the bytes are `word`, or may become it.
    private static func beginning(
        of bytes: Span<UInt8>, as word: [UInt8], _ step: Step?, _ kind: SessionEvent.Kind
    ) -> Beginning? {
        for index in 0..<min(word.count, bytes.count) where bytes[index] != word[index] { return nil }
        return bytes.count < word.count ? .more(word.count, step) : .whole(word.count, kind)
    }

    /// What ROM and uboot say to words, headers and pieces.
    func answer(_ bytes: Span<UInt8>) -> Beginning? {
        if isAmtUnanswered {
            let accepted = Self.beginning(
                of: bytes, as: BootProtocol.amtAccepted, nil, .amtAnswer(accepted: true))
            let refused = Self.beginning(of: bytes, as: BootProtocol.amtRefused, nil, .amtAnswer(accepted: false))
            if let answer = accepted ?? refused { return answer }
        }
        switch BootProtocol.Answer(rawValue: bytes[0]) {
        case .synchronised where isSyncUnanswered: return .whole(1, .syncAnswer)
        // FF never answers a sync word (§1.4): a loader that was synchronised has read twelve bytes for a header.
        case .refused where isHeaderUnanswered || isSyncUnanswered || isHeaderExpected:
            return .whole(1, .headerAnswer(accepted: false))
        case .accepted where isHeaderUnanswered: return .whole(1, .headerAnswer(accepted: true))
        case .accepted where piecesAnswered < piecesSent:
            return .whole(1, .pieceAnswer(number: piecesAnswered + 1, total: piecesTotal))
        default: return nil
        }
    }
}

// MARK: - What it changes

extension BootDownload {
    mutating func note(_ kind: SessionEvent.Kind) {
        switch kind {
        case .syncWord:
            isSyncUnanswered = true
            if !isHeaderExpected { stage = .syncing }
        case .syncAnswer:
            self = BootDownload()
            stage = .headerExpected
        case .amtWord: isAmtUnanswered = true
        case .amtAnswer(let accepted):
            isAmtUnanswered = false
            // Refused, uboot waits for a header as if it were synchronised.
            if !accepted { stage = .headerExpected }
        case .downloadHeader(let header):
            stage = .headerSent(header)
            isHeaderUnanswered = true
        case .headerAnswer(let accepted):
            isHeaderUnanswered = false
            if accepted {
                beginPayload()
            } else {
                stage = .headerExpected
                payloadMissing = 0
            }
        case .pieceAnswer: piecesAnswered += 1
        default: break
        }
    }

    /// A SYN frame went out: a loader finds the sync word in it (§13.10).
    mutating func noteWordInFrame() { isSyncUnanswered = true }

    /// A stub has answered: there is no loader.
    mutating func noteStub() {
        stage = .idle
        isSyncUnanswered = false
    }

    /// Bytes of the image.
    mutating func takePayload(_ count: Int) {
        beginPayload()
        payloadMissing -= min(count, payloadMissing)
    }

    /// Turns an announced image into an awaited payload; nothing when none is announced.
    private mutating func beginPayload() {
        guard case .headerSent(let header) = stage else { return }
        stage = .idle
        payloadTotal = Int(header.length)
        payloadMissing = payloadTotal
        piecesAnswered = 0
        // An empty image gets one 00, too.
        piecesTotal = max(1, (payloadTotal + BootProtocol.pieceByteCount - 1) / BootProtocol.pieceByteCount)
    }
}

extension StubRequestSummary {
    /// Whether it is a SYN frame whose body is the sync word. One without a body is not: its body is `bytes`.
    package var holdsSyncWord: Bool { command == .syn && body == .empty }
}
