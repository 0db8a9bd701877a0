import Wire

/// Reads the frames that follow a command: `A5 type n16 body[n] sum8`. Byte 0 must be A5 and byte 1 the command, else it
/// starts over (ECR6600 facts §4.3).
struct DataFrameReader {
    /// The frame as read so far, from A5 on.
    private(set) var frame: [UInt8] = []

    /// Forgets what was read.
    mutating func restart() {
        frame.removeAll(keepingCapacity: true)
    }

    /// Reads on. - Parameter limit: bytes of body that have room.
    /// - Returns: whether a whole frame is there; false too when it has no room, which is undefined.
    mutating func read(_ command: StubCommand, upTo limit: Int, _ processor: inout Processor) -> Bool {
        while frame.count < StubRequest.headByteCount {
            guard let byte = processor.receive() else { return false }
            frame.append(byte)
            let isWrong = frame.count == 1 ? byte != StubRequest.marker : frame.count == 2 && byte != command.rawValue
            if isWrong { restart() }
        }
        let length = Int(frame.span.littleEndian(UInt16.self, at: 2))
        guard length <= limit else {
            processor.undefined("a data frame of \(length) bytes where \(limit) have room")
            return false
        }
        let whole = StubRequest.headByteCount + length + 1
        while frame.count < whole {
            guard processor.receive(atMost: whole - frame.count, into: &frame) > 0 else { return false }
        }
        return true
    }

    /// The body of a whole frame.
    var body: Range<Int> { StubRequest.headByteCount..<(frame.count - 1) }

    /// Whether the last byte of a whole frame is the sum of all others.
    var isSumRight: Bool {
        let frame = frame
        return frame[frame.count - 1] == sum8(frame.span.extracting(first: frame.count - 1))
    }
}
