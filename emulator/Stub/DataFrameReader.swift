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

    /// Reads up to the end of the head. - Returns: the length of the body that it announces; nil as long as it is not there.
    mutating func head(of command: StubCommand, _ processor: inout Processor) -> Int? {
        while frame.count < StubRequest.headByteCount {
            guard let byte = processor.receive() else { return nil }
            frame.append(byte)
            let isWrong = frame.count == 1 ? byte != StubRequest.marker : frame.count == 2 && byte != command.rawValue
            if isWrong { restart() }
        }
        return Int(frame.span.littleEndian(UInt16.self, at: 2))
    }

    /// Reads what is behind the head. - Parameter limit: bytes that have room for the whole frame; nil for any.
    /// - Returns: whether it is there; false too when it has no room, which is undefined.
    mutating func rest(
        ofBody length: Int, upTo limit: Int?, _ processor: inout Processor, _ buffer: inout TransferBuffer
    ) -> Bool {
        let whole = StubRequest.headByteCount + length + 1
        if let limit, whole > limit {
            processor.undefined("a data frame of \(whole) bytes where \(limit) have room")
            return false
        }
        while frame.count < whole {
            guard processor.receive(atMost: whole - frame.count, into: &frame) > 0 else { return false }
        }
        buffer.place(frame.span)
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
