/// What is known of a stub's frames (ECR6600 facts §4).
struct StubFrames: Sendable {
    /// What the stub was asked last.
    private(set) var request: StubRequestSummary?
    /// The download whose data frames the stub waits for.
    private(set) var download: FrameDownloadProgress?
    /// A download whose announced length has run out, while nothing else has been asked.
    private var ended: StubCommand?
    /// Whether the stub took the last request for a data frame.
    private(set) var isRequestData = false
    /// An upload by 03.
    private(set) var upload: (done: Int, total: Int)?
    /// Bytes that the second frame of an eFuse write carries.
    private var efuseWriteCount: Int?

    /// The longest body of a frame of another command than 01 and 02, in bytes.
    private static let bodyLimit = 64
    /// Data frames outside a download that is known: those of a capture that begins late.
    private static let strayDataLimit = 8193

    // MARK: What comes next

    /// A frame from the host. - Parameter isTransferring: whether blocks may come: those of a broken transfer hold
    /// anything.
    func request(_ bytes: Span<UInt8>, isTransferring: Bool) -> Beginning? {
        guard bytes[0] == StubRequest.marker else { return nil }
        let least = StubRequest.headByteCount + 1
        guard bytes.count >= 2 else { return .more(least, isLengthKnown: false) }
        let command = StubCommand(rawValue: bytes[1])
        guard bytes.count >= StubRequest.headByteCount else {
            return .more(least, step(of: command, bodyByteCount: nil), isLengthKnown: false)
        }
        let length = Int(bytes.littleEndian(UInt16.self, at: 2))
        guard length <= limit(of: command) else { return nil }
        let count = length + least
        guard bytes.count >= count else { return .more(count, step(of: command, bodyByteCount: length)) }
        let frame = bytes.extracting(first: count)
        let sumIsRight = sum8(frame.extracting(first: count - 1)) == frame[count - 1]
        guard sumIsRight || !isTransferring && isLikely(command, length) else { return nil }
        return .whole(
            count,
            .request(StubRequestSummary(command, body(of: frame, command, sumIsRight), sumIsRight: sumIsRight)))
    }

    private func limit(of command: StubCommand) -> Int {
        switch command {
        case .ramDownload, .flashDownload: isDownload(command) ? 0xFFFF : Self.strayDataLimit
        case .efuse: max(Self.bodyLimit, efuseWriteCount ?? 0)
        default: Self.bodyLimit
        }
    }

    /// Whether the host is about, or was about to the last, such a download.
    private func isDownload(_ command: StubCommand) -> Bool {
        download?.command == command || ended == command
    }

    /// Whether a frame with a wrong sum is one all the same: its body is as long as its command wants it.
    private func isLikely(_ command: StubCommand, _ length: Int) -> Bool {
        switch command {
        case .syn, .baud: length == 4
        case .ramDownload, .flashDownload: length == 8 || isDownload(command)
        case .flashUpload, .erase, .sha256, .xmodemWrite, .xmodemRead, .xmodemWriteCompressed, .xmodemReadMemory:
            length == 8
        case .xmodemReadCompressed: length == 9 || length == 8
        case .chipErase, .run, .flashID, .efuseDump: length == 0
        case .efuse: length == 6 || length == efuseWriteCount
        case .macToNV: length == 17
        default: false
        }
    }

    private func body(of frame: Span<UInt8>, _ command: StubCommand, _ sumIsRight: Bool) -> StubRequestSummary.Body {
        let length = frame.count - 5
        // SYN's body is its word: without it the frame is another (§4.2).
        guard length > 0 else { return command == .syn ? .bytes([]) : .empty }
        func range() -> StubRequestSummary.Body {
            .range(address: frame.littleEndian(at: 4), length: frame.littleEndian(at: 8))
        }
        switch command {
        case .ramDownload, .flashDownload:
            guard !isStart(command, length) else { return range() }
            let (count, again) = (length - 1, frame[4] == FrameDownloadProgress.again)
            // Behind the end of its download a stub takes no data: it reads a start's eight bytes from the body (§4.3).
            guard download == nil, ended == command, sumIsRight, length >= 8 else {
                return .data(count: count, again: again)
            }
            return .lateData(
                count: count, again: again, address: frame.littleEndian(at: 4), length: frame.littleEndian(at: 8))
        case .baud where length == 4: return .baud(frame.littleEndian(at: 4))
        case .syn where length == 4 && (0..<4).allSatisfy({ frame[4 + $0] == BootProtocol.syncWord[$0] }): return .empty
        case .efuse where efuseWriteCount == length: return .efuseData(count: length)
        case .efuse where length == 6:
            return .efuse(
                operation: frame.littleEndian(at: 4), address: frame.littleEndian(at: 6),
                length: frame.littleEndian(at: 8))
        case .xmodemReadCompressed where length == 9:
            return .compressedRange(
                address: frame.littleEndian(at: 4), length: frame.littleEndian(at: 8), level: frame[12])
        case _ where length == 8 && command.takesRange: return range()
        default: return .bytes((4..<(4 + min(length, Self.bodyLimit))).map { frame[$0] })
        }
    }

    /// Whether the host means a start and no data: only the eight bytes of a body can say, unless seven data bytes are
    /// due.
    private func isStart(_ command: StubCommand, _ length: Int) -> Bool {
        guard length == 8 else { return false }
        guard let download, download.command == command else { return true }
        return download.missing != 7 && download.previous != 7
    }

    /// The step that a request is. While a download runs its command is a data frame to the stub, whatever is in it.
    private func step(of command: StubCommand, bodyByteCount: Int?) -> Step {
        if command == .baud { return .baud }
        guard let download, download.command == command else { return .command }
        return bodyByteCount == 8 && !download.isCertain ? .command : .dataFrame
    }

    func step(of request: StubRequestSummary) -> Step {
        var isRange = false
        if case .range = request.body { isRange = true }
        return step(of: request.command, bodyByteCount: isRange ? 8 : nil)
    }

    // MARK: What it changes

    mutating func note(_ request: StubRequestSummary) {
        let writeCount = efuseWriteCount
        self.request = request
        upload = nil
        efuseWriteCount = nil
        isRequestData = false
        switch (request.command, request.body) {
        case (.flashUpload, .range(_, let length)): upload = (0, Int(length))
        case (.efuse, .efuse(1, _, let length)): efuseWriteCount = Int(length)
        // The chip waits on for the right one.
        case (.efuse, .efuseData): if !request.sumIsRight { efuseWriteCount = writeCount }
        default: break
        }
        if let download {
            // A download knows its own frames and skips all others (§4.3); an answer will tell if there was none.
            if download.command == request.command { return noteData(request, download) }
            if download.missing == nil { self.download = nil }
            return
        }
        switch request.body {
        case .range(_, let length) where request.command.takesData, .lateData(_, _, _, let length):
            ended = nil
            download = FrameDownloadProgress(request.command, announced: length)
        case .data where ended != request.command:
            noteData(request, FrameDownloadProgress(request.command, announced: nil))
        // A start whose range is partly what earlier frames left in the buffer (§4.1); with a wrong sum it is refused.
        case .data: if request.sumIsRight { download = FrameDownloadProgress(request.command, announced: nil) }
        default: ended = nil
        }
    }

    private mutating func noteData(_ request: StubRequestSummary, _ running: FrameDownloadProgress) {
        var running = running
        switch request.body {
        case .data(let count, let again): running.take(count, again: again, sumIsRight: request.sumIsRight)
        // A start to the host; seven bytes of data to a stub that waits for them.
        case .range(let address, _) where running.isCertain:
            let flag = UInt8(truncatingIfNeeded: address)
            running.take(7, again: flag == FrameDownloadProgress.again, sumIsRight: request.sumIsRight)
        case .range(_, let length):
            download = FrameDownloadProgress(request.command, announced: length)
            return
        default: return
        }
        isRequestData = true
        ended = running.missing == 0 && running.isCertain ? request.command : nil
        download = running.missing == 0 ? nil : running
    }

    mutating func note(_ answer: StubAnswerSummary) {
        // The parser refuses what a download takes, and answers other commands; a download does neither.
        let isOfParser = answer.status == .address || answer.command != download?.command
        if isOfParser || !isRequestData && answer.status != .success { download = nil }
        download?.isAnswered = true
        if isRequestData { download?.isLastBad = answer.status == .checksum }
        upload = answer.command == .flashUpload || answer.status != .success ? nil : upload
    }

    mutating func noteUpload(done: Int, total: Int) {
        upload = done < total ? (done, total) : nil
    }

    /// The step that an answer is. - Parameter isUpload: whether it may carry flash contents.
    func step(ofAnswer command: StubCommand, isUpload: Bool = true) -> Step {
        switch command {
        case .baud: .baudAnswer
        case .flashUpload where isUpload && upload != nil: .uploadFrame
        case _ where isRequestData && (command == request?.command || command == .unknown): .dataAnswer
        default: .answer
        }
    }
}

/// How far a download by 01 or 02 has come in the stub (ECR6600 facts §4.3).
struct FrameDownloadProgress: Sendable {
    let command: StubCommand
    /// Bytes that are still to come; it wraps below 0 when a frame is longer than what was left, as the stub's own
    /// count does. nil where the recording began after the start.
    private(set) var missing: UInt32?
    /// How many bytes the last data frame had.
    private(set) var previous: UInt32 = 0
    /// Whether the last data frame arrived with a wrong sum: it was written and counted all the same.
    var isLastBad = false
    /// Whether the stub has answered any of it: a start that went unanswered may not have been received.
    var isAnswered = false

    /// Whether what the stub waits for is known.
    var isCertain: Bool { missing != nil && isAnswered }

    /// The flag of a data frame that says "the one before, again".
    static let again: UInt8 = 1

    init(_ command: StubCommand, announced: UInt32?) {
        self.command = command
        missing = announced
    }

    mutating func take(_ count: Int, again: Bool, sumIsRight: Bool) {
        let taken = UInt32(truncatingIfNeeded: count)
        // In 01 only the place goes back, not the count.
        let back = again && command == .flashDownload ? previous : 0
        missing = missing.map { $0 &+ back &- taken }
        previous = taken
        isLastBad = !sumIsRight
    }
}

extension StubCommand {
    /// Whether some stub knows it (§4.1).
    var isKnown: Bool { rawValue <= 0x0C || (0x90...0x99).contains(rawValue) }

    /// Whether data frames follow its start.
    var takesData: Bool { self == .ramDownload || self == .flashDownload }

    /// Whether its body is an address and a length.
    var takesRange: Bool {
        switch self {
        case .ramDownload, .flashDownload, .flashUpload, .erase, .sha256, .xmodemWrite, .xmodemRead,
            .xmodemReadCompressed, .xmodemWriteCompressed, .xmodemReadMemory:
            true
        default: false
        }
    }
}
