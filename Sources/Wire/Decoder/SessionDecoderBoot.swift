/// What a decoder knows of the boot protocol (ECR6600 facts §1.4, §3).
struct BootContext {
    /// How far the host has come.
    enum Stage {
        case idle
        /// Sync words went out, nothing came back.
        case syncing
        /// Synchronised: a header should follow.
        case headerExpected
        /// A header went out; the chip has not answered, and no payload has begun.
        case headerSent(DownloadHeader)
    }

    var stage = Stage.idle
    var syncUnanswered = false
    var headerUnanswered = false
    var amtUnanswered = false
    var payloadMissing = 0
    var payloadTotal = 0
    var piecesAnswered = 0
    var piecesTotal = 0

    /// Whether the host is not in the middle of a handshake.
    var isIdle: Bool {
        if case .idle = stage { true } else { false }
    }

    /// Whether a byte of the chip can be an answer to the host's last word, header or piece.
    var awaitsAnswer: Bool {
        amtUnanswered || syncUnanswered || headerUnanswered || piecesAnswered < piecesTotal
    }

    /// Pieces whose last byte the host has sent.
    var piecesSent: Int {
        payloadMissing == 0 ? piecesTotal : (payloadTotal - payloadMissing) / BootProtocol.pieceByteCount
    }

    /// Turns an announced image into an awaited payload; nothing when none is announced.
    mutating func beginPayload() {
        guard case .headerSent(let header) = stage else { return }
        stage = .idle
        payloadTotal = Int(header.length)
        payloadMissing = payloadTotal
        piecesAnswered = 0
        // An empty image gets one 00, too.
        piecesTotal = max(1, (payloadTotal + BootProtocol.pieceByteCount - 1) / BootProtocol.pieceByteCount)
    }
}

extension SessionDecoder {
    /// A header, the zeros of a host that lost its answer, or payload that did not wait for one.
    func classifyHeader(_ bytes: Span<UInt8>) -> SessionStep? {
        switch boot.stage {
        case .idle: return nil
        case .syncing: return Self.classifyZeros(bytes) ?? Self.classifyHeader(bytes, types: 1...1)
        case .headerExpected: return Self.classifyZeros(bytes) ?? Self.classifyHeader(bytes, types: 1...0xFF)
        case .headerSent(let header):
            if let step = Self.classifyZeros(bytes) ?? Self.classifyHeader(bytes, types: 1...1) { return step }
            if classifyWord(bytes) != nil || classifyRequest(bytes) != nil { return nil }
            return header.length > 0 && header.type == DownloadHeader.ramDownload
                ? .payload(min(Int(header.length), bytes.count)) : nil
        }
    }

    /// Eight zero bytes (§11.1).
    private static func classifyZeros(_ bytes: Span<UInt8>) -> SessionStep? {
        for index in 0..<min(8, bytes.count) where bytes[index] != 0 { return nil }
        return bytes.count < 8 ? .more(8) : .event(8, .filler)
    }

    private static func classifyHeader(_ bytes: Span<UInt8>, types: ClosedRange<UInt8>) -> SessionStep? {
        guard types.contains(bytes[0]) else { return nil }
        for index in 1..<4 where index < bytes.count && bytes[index] != 0 { return nil }
        guard bytes.count >= DownloadHeader.byteCount else { return .more(DownloadHeader.byteCount) }
        let head = bytes.extracting(first: DownloadHeader.byteCount)
        return (try? DownloadHeader(parsing: head)).map { .event(DownloadHeader.byteCount, .downloadHeader($0)) }
    }

    /// The sync word or `amt_` with its tail.
    func classifyWord(_ bytes: Span<UInt8>) -> SessionStep? {
        if let step = Self.classify(bytes, as: BootProtocol.syncWord, .syncWord) { return step }
        let amtCount = BootProtocol.amtWord.count + BootProtocol.amtTailCount
        guard let step = Self.classify(bytes, as: BootProtocol.amtWord, .noise) else { return nil }
        guard case .event = step, bytes.count >= amtCount else { return .more(amtCount) }
        let last = bytes[amtCount - 1]
        return .event(amtCount, .amtWord(digit: (0x30...0x39).contains(last) ? last : nil))
    }

    /// Whether the bytes are `word`, or may become it.
    private static func classify(
        _ bytes: Span<UInt8>, as word: [UInt8], _ kind: @autoclosure () -> SessionEvent.Kind
    ) -> SessionStep? {
        for index in 0..<min(word.count, bytes.count) where bytes[index] != word[index] { return nil }
        return bytes.count < word.count ? .more(word.count) : .event(word.count, kind())
    }

    /// What ROM and uboot say to words, headers and pieces.
    func classifyBootAnswer(_ bytes: Span<UInt8>) -> SessionStep? {
        if boot.amtUnanswered {
            if let step = Self.classify(bytes, as: BootProtocol.amtAccepted, .amtAnswer(accepted: true))
                ?? Self.classify(bytes, as: BootProtocol.amtRefused, .amtAnswer(accepted: false))
            {
                return step
            }
        }
        switch BootProtocol.Answer(rawValue: bytes[0]) {
        case .synchronised where boot.syncUnanswered: return .event(1, .syncAnswer(bytes[0]))
        case .refused where boot.headerUnanswered: return .event(1, .headerAnswer(accepted: false))
        case .refused where boot.syncUnanswered:
            // Sync words beyond the first are read as a header: one FF for each twelve bytes.
            if case .headerExpected = boot.stage { return .event(1, .headerAnswer(accepted: false)) }
            return .event(1, .syncAnswer(bytes[0]))
        case .accepted where boot.headerUnanswered: return .event(1, .headerAnswer(accepted: true))
        case .accepted where boot.piecesAnswered < boot.piecesSent:
            return .event(1, .pieceAnswer(number: boot.piecesAnswered + 1, total: boot.piecesTotal))
        default: return nil
        }
    }

    mutating func noteBoot(_ kind: SessionEvent.Kind) {
        switch kind {
        case .syncWord:
            boot.syncUnanswered = true
            if case .headerExpected = boot.stage { break }
            boot.stage = .syncing
        case .syncAnswer:
            boot = BootContext()
            boot.stage = .headerExpected
            stub = StubContext()
            transfer = nil
        case .amtWord: boot.amtUnanswered = true
        case .amtAnswer(let accepted):
            boot.amtUnanswered = false
            // Refused, uboot waits for a header as if it were synchronised.
            if !accepted { boot.stage = .headerExpected }
        case .downloadHeader(let header):
            boot.stage = .headerSent(header)
            boot.headerUnanswered = true
        case .headerAnswer(let accepted):
            boot.headerUnanswered = false
            if accepted {
                boot.beginPayload()
            } else {
                boot.stage = .headerExpected
                boot.payloadMissing = 0
            }
        case .pieceAnswer: boot.piecesAnswered += 1
        default: break
        }
    }
}
