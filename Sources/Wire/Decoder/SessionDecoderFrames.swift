/// What a decoder knows of a running stub (ECR6600 facts §4).
struct StubContext {
    /// What the stub was asked last.
    var request: StubRequestSummary?
    /// A download by 01 or 02: bytes that are still to come, and how many the last data frame had.
    var download: (command: StubCommand, missing: Int, previous: Int)?
    /// An upload by 03.
    var upload: (done: Int, total: Int)?
    /// Bytes that the second frame of an eFuse write carries.
    var efuseWriteCount: Int?
}

// MARK: - Requests

extension SessionDecoder {
    /// Frames of other commands than 01 and 02 have bodies of at most so many bytes.
    private static let bodyLimit = 64
    /// Data frames outside a download that is known: those of a capture that begins late.
    private static let strayDataLimit = 8193

    func classifyRequest(_ bytes: Span<UInt8>) -> SessionStep? {
        guard bytes[0] == StubRequest.marker else { return nil }
        guard bytes.count >= StubRequest.headByteCount else { return .more(StubRequest.headByteCount + 1) }
        let command = StubCommand(rawValue: bytes[1])
        let length = Int(bytes.littleEndian(UInt16.self, at: 2))
        guard length <= limit(of: command) else { return nil }
        let count = length + StubRequest.headByteCount + 1
        guard bytes.count >= count else { return .more(count) }
        let frame = bytes.extracting(first: count)
        let sumIsRight = sum8(frame.extracting(first: count - 1)) == frame[count - 1]
        guard sumIsRight || isLikelyRequest(command, length) else { return nil }
        return .event(
            count, .request(StubRequestSummary(command, body(of: frame, command), sumIsRight: sumIsRight)))
    }

    private func limit(of command: StubCommand) -> Int {
        switch command {
        case .ramDownload, .flashDownload: stub.download?.command == command ? 0xFFFF : Self.strayDataLimit
        case .efuse: max(Self.bodyLimit, stub.efuseWriteCount ?? 0)
        default: Self.bodyLimit
        }
    }

    /// Whether a frame with a wrong sum is one all the same: its body is as long as its command wants it. While an XMODEM
    /// transfer runs it is not; blocks of a broken transfer hold anything.
    private func isLikelyRequest(_ command: StubCommand, _ length: Int) -> Bool {
        if let transfer, transfer.stage != .ended { return false }
        return switch command {
        case .syn, .baud: length == 4
        case .ramDownload, .flashDownload: length == 8 || stub.download?.command == command
        case .flashUpload, .erase, .sha256, .xmodemWrite, .xmodemRead, .xmodemWriteCompressed, .xmodemReadMemory:
            length == 8
        case .xmodemReadCompressed: length == 9 || length == 8
        case .chipErase, .run, .flashID, .efuseDump: length == 0
        case .efuse: length == 6 || length == stub.efuseWriteCount
        case .macToNV: length == 17
        default: false
        }
    }

    private func body(of frame: Span<UInt8>, _ command: StubCommand) -> StubRequestSummary.Body {
        let length = frame.count - 5
        guard length > 0 else { return .empty }
        switch command {
        case .ramDownload, .flashDownload:
            guard isStart(command, length) else { return .data(count: length - 1, again: frame[4] == 1) }
            return .range(address: frame.littleEndian(at: 4), length: frame.littleEndian(at: 8))
        case .baud where length == 4: return .baud(frame.littleEndian(at: 4))
        case .syn where length == 4 && (0..<4).allSatisfy({ frame[4 + $0] == BootProtocol.syncWord[$0] }): return .empty
        case .efuse where stub.efuseWriteCount == length: return .efuseData(count: length)
        case .efuse where length == 6:
            return .efuse(
                operation: frame.littleEndian(at: 4), address: frame.littleEndian(at: 6),
                length: frame.littleEndian(at: 8))
        case .xmodemReadCompressed where length == 9:
            return .compressedRange(
                address: frame.littleEndian(at: 4), length: frame.littleEndian(at: 8), level: frame[12])
        case _ where length == 8 && command.takesRange:
            return .range(address: frame.littleEndian(at: 4), length: frame.littleEndian(at: 8))
        default: return .bytes((4..<(4 + min(length, Self.bodyLimit))).map { frame[$0] })
        }
    }

    /// Tells a start frame from a data frame: only the eight bytes of a body can say, unless seven data bytes are due.
    private func isStart(_ command: StubCommand, _ length: Int) -> Bool {
        guard length == 8 else { return false }
        guard let download = stub.download, download.command == command, download.missing > 0 else { return true }
        return download.missing != 7 && download.previous != 7
    }

    mutating func noteRequest(_ request: StubRequestSummary) {
        if transfer?.stage == .ended { transfer = nil }
        if request.command.startsTransfer { transfer = TransferContext(request.command) }
        stub.request = request
        let efuseWriteCount = stub.efuseWriteCount
        stub.efuseWriteCount = nil
        stub.upload = nil
        switch (request.command, request.body) {
        case (.ramDownload, .range(_, let length)), (.flashDownload, .range(_, let length)):
            stub.download = (request.command, Int(length), 0)
        case (.ramDownload, .data(let count, let again)), (.flashDownload, .data(let count, let again)):
            var download = stub.download ?? (request.command, 0, 0)
            let missing = download.missing + (again ? download.previous : 0) - count
            download = (request.command, max(0, missing), count)
            stub.download = download
            return
        case (.flashUpload, .range(_, let length)): stub.upload = (0, Int(length))
        case (.efuse, .efuse(1, _, let length)): stub.efuseWriteCount = Int(length)
        case (.efuse, .efuseData): if !request.sumIsRight { stub.efuseWriteCount = efuseWriteCount }
        default: stub.download = nil
        }
    }
}

// MARK: - Answers

extension SessionDecoder {
    /// Answers whose length nobody expects are believed up to here, if their sum is right.
    private static let strayAnswerLimit = 256
    /// The largest chunk of an upload.
    private static let chunkLimit = 65536

    func classifyAnswer(_ bytes: Span<UInt8>) -> SessionStep? {
        guard bytes[0] == StubAnswer.marker else { return nil }
        guard bytes.count >= 2 else { return .more(6) }
        let command = StubCommand(rawValue: bytes[1])
        guard command.isKnown || command == .unknown else { return nil }
        guard bytes.count >= 5 else { return .more(6) }
        let length = Int(bytes.littleEndian(UInt16.self, at: 2))
        let isAwaited = stub.request?.command == command
        // Length fields of refusals are stale (§4.1, §4.2).
        let isRefusal = stub.request?.sumIsRight == false && bytes[4] == StubStatus.checksum.rawValue
        if command == .unknown || isRefusal || length == 0 && command != .flashUpload {
            guard bytes.count >= 6 else { return .more(6) }
            return short(bytes.extracting(first: 6), command, isAwaited: isAwaited, isRefusal: isRefusal)
        }
        if command == .flashUpload, isAwaited, let upload = stub.upload {
            return classifyUpload(bytes, length, upload)
        }
        return classifyData(bytes, command, length, isAwaited: isAwaited)
    }

    /// An answer of six bytes.
    private func short(_ frame: Span<UInt8>, _ command: StubCommand, isAwaited: Bool, isRefusal: Bool) -> SessionStep? {
        var sum = Self.verdict(on: frame)
        if sum == .wrong, command == .syn || isRefusal { sum = .stale }
        guard sum != .wrong || isAwaited || stub.request != nil && command == .unknown else { return nil }
        return .event(6, .answer(StubAnswerSummary(command, StubStatus(rawValue: frame[4]), sum: sum)))
    }

    private func classifyData(
        _ bytes: Span<UInt8>, _ command: StubCommand, _ length: Int, isAwaited: Bool
    ) -> SessionStep? {
        // An eFuse read has no status byte (§4.3).
        var hasStatus = true
        var isExpected = false
        switch (command, stub.request?.body) {
        case (.efuse, .efuse(0, _, let count)) where Int(count) == length: (hasStatus, isExpected) = (false, true)
        case (.flashID, _): isExpected = isAwaited && length == 4
        case (.sha256, _): isExpected = isAwaited && length == 32
        case (.efuseDump, _): isExpected = isAwaited && length == 128
        default: break
        }
        guard isExpected || length <= Self.strayAnswerLimit else { return nil }
        let count = length + (hasStatus ? 6 : 5)
        guard bytes.count >= count else { return .more(count) }
        let sum = Self.verdict(on: bytes.extracting(first: count))
        guard sum == .right || isExpected else { return nil }
        let status = hasStatus ? StubStatus(rawValue: bytes[4 + length]) : .success
        return .event(
            count,
            .answer(StubAnswerSummary(command, status, data: (4..<(4 + length)).map { bytes[$0] }, sum: sum)))
    }

    /// A frame of an upload; 64 KB come with length 0000 and a sum that covers five bytes (§4.3, §10).
    private func classifyUpload(_ bytes: Span<UInt8>, _ length: Int, _ upload: (done: Int, total: Int)) -> SessionStep?
    {
        let rest = upload.total - upload.done
        var count = length
        if length == 0 {
            guard bytes.count >= 6 else { return .more(6) }
            // A refusal looks like the head of a 64 KB frame whose data begin 02 5F; only the first can be one.
            let isRefusal = upload.done == 0 && bytes[4] == StubStatus.address.rawValue && bytes[5] == 0x5F
            guard rest >= Self.chunkLimit, !isRefusal else {
                return short(bytes.extracting(first: 6), .flashUpload, isAwaited: true, isRefusal: false)
            }
            count = Self.chunkLimit
        }
        guard count <= rest else { return nil }
        guard bytes.count >= count + 6 else { return .more(count + 6) }
        let frame = bytes.extracting(first: count + 6)
        var sum = Self.verdict(on: frame)
        if sum == .wrong, length == 0, frame[count + 5] == sum8(frame.extracting(first: 5)) { sum = .stale }
        return .event(
            count + 6, .uploadFrame(count: count, done: upload.done + count, total: upload.total, sum: sum))
    }

    private static func verdict(on frame: Span<UInt8>) -> SessionEvent.SumVerdict {
        sum8(frame.extracting(first: frame.count - 1)) == frame[frame.count - 1] ? .right : .wrong
    }

    mutating func noteAnswer(_ kind: SessionEvent.Kind) {
        boot.stage = .idle
        boot.syncUnanswered = false
        switch kind {
        case .uploadFrame(_, let done, let total, _): stub.upload = done < total ? (done, total) : nil
        case .answer(let answer):
            let isGood = answer.status == .success
            if transfer?.command != answer.command || !isGood { transfer = nil }
            if !isGood, case .range? = stub.request?.body { stub.download = nil }
            stub.upload = answer.command == .flashUpload || !isGood ? nil : stub.upload
        default: break
        }
    }
}

extension StubCommand {
    /// Whether some stub knows it (§4.1).
    var isKnown: Bool { rawValue <= 0x0C || (0x90...0x99).contains(rawValue) }

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
