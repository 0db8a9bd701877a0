/// What a stub's answers look like (ECR6600 facts §4).
extension StubFrames {
    /// Answers of an unexpected length are accepted up to here, if their sum is right.
    private static let strayAnswerLimit = 256
    /// The largest chunk of an upload.
    private static let chunkLimit = 65536

    func answer(_ bytes: Span<UInt8>) -> Beginning? {
        guard bytes[0] == StubAnswer.marker else { return nil }
        let least = StubAnswer.frameByteCount
        guard bytes.count >= 2 else { return .more(least, isLengthKnown: false) }
        let command = StubCommand(rawValue: bytes[1])
        guard command.isKnown || command == .unknown else { return nil }
        let step = step(ofAnswer: command)
        // Length fields of refusals are stale (§4.1, §4.2).
        let mayBeRefusal = request?.sumIsRight == false
        guard bytes.count >= (mayBeRefusal ? 5 : 4) else { return .more(least, step, isLengthKnown: false) }
        let length = Int(bytes.littleEndian(UInt16.self, at: 2))
        let isRefusal = mayBeRefusal && bytes[4] == StubStatus.checksum.rawValue
        let isAwaited = request?.command == command
        if command == .unknown || isRefusal || length == 0 && command != .flashUpload {
            guard bytes.count >= least else { return .more(least, step) }
            return short(bytes.extracting(first: least), command, isAwaited: isAwaited, isRefusal: isRefusal)
        }
        if command == .flashUpload, isAwaited, let upload {
            return uploadFrame(bytes, length, upload)
        }
        return data(bytes, command, length, step, isAwaited: isAwaited)
    }

    /// An answer of six bytes.
    private func short(
        _ frame: Span<UInt8>, _ command: StubCommand, isAwaited: Bool, isRefusal: Bool
    ) -> Beginning? {
        var sum = Self.verdict(on: frame)
        if sum == .wrong, command == .syn || isRefusal { sum = .stale }
        guard sum != .wrong || isAwaited || request != nil && command == .unknown else { return nil }
        return .whole(6, .answer(StubAnswerSummary(command, StubStatus(rawValue: frame[4]), sum: sum)))
    }

    private func data(
        _ bytes: Span<UInt8>, _ command: StubCommand, _ length: Int, _ step: Step, isAwaited: Bool
    ) -> Beginning? {
        // An eFuse read has no status byte (§4.3).
        var hasStatus = true
        var isExpected = false
        switch (command, request?.body) {
        case (.efuse, .efuse(0, _, let count)) where Int(count) == length: (hasStatus, isExpected) = (false, true)
        case (.flashID, _): isExpected = isAwaited && length == 4
        case (.sha256, _): isExpected = isAwaited && length == 32
        case (.efuseDump, _): isExpected = isAwaited && length == 128
        default: break
        }
        guard isExpected || length <= Self.strayAnswerLimit else { return nil }
        let count = length + (hasStatus ? 6 : 5)
        guard bytes.count >= count else { return .more(count, step) }
        let sum = Self.verdict(on: bytes.extracting(first: count))
        guard sum == .right || isExpected else { return nil }
        let status = hasStatus ? StubStatus(rawValue: bytes[4 + length]) : .success
        return .whole(
            count,
            .answer(StubAnswerSummary(command, status, data: (4..<(4 + length)).map { bytes[$0] }, sum: sum)))
    }

    /// A frame of an upload; 64 KB come with length 0000 and a sum that covers five bytes (§4.3, §10).
    private func uploadFrame(_ bytes: Span<UInt8>, _ length: Int, _ upload: (done: Int, total: Int)) -> Beginning? {
        let rest = upload.total - upload.done
        var count = length
        if length == 0 {
            guard bytes.count >= 6 else { return .more(6, .uploadFrame, isLengthKnown: rest < Self.chunkLimit) }
            // A refusal looks like the head of a 64 KB frame whose data begin 02 5F; only the first can be one.
            let isRefusal = upload.done == 0 && bytes[4] == StubStatus.address.rawValue && bytes[5] == 0x5F
            guard rest >= Self.chunkLimit, !isRefusal else {
                return short(bytes.extracting(first: 6), .flashUpload, isAwaited: true, isRefusal: false)
            }
            count = Self.chunkLimit
        }
        guard count <= rest else { return nil }
        guard bytes.count >= count + 6 else { return .more(count + 6, .uploadFrame) }
        let frame = bytes.extracting(first: count + 6)
        var sum = Self.verdict(on: frame)
        if sum == .wrong, length == 0, frame[count + 5] == sum8(frame.extracting(first: 5)) { sum = .stale }
        return .whole(
            count + 6, .uploadFrame(count: count, done: upload.done + count, total: upload.total, sum: sum))
    }

    private static func verdict(on frame: Span<UInt8>) -> SessionEvent.SumVerdict {
        sum8(frame.extracting(first: frame.count - 1)) == frame[frame.count - 1] ? .right : .wrong
    }
}
