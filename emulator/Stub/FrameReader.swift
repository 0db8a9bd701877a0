import Wire

/// How a stub reads commands: skips to A5, then type, length, body, sum (ECR6600 facts §4, §4.1).
struct FrameReader {
    /// A command as it was read, right or wrong; its body is in the transfer buffer.
    struct Frame {
        var command: StubCommand
        /// Bytes of body that were announced and read.
        var bodyLength: Int
        var isSumRight: Bool
        /// The sum that the frame should have had.
        var sum: UInt8
    }

    enum Result {
        case frame(Frame)
        /// A type above the version's limit: nothing behind the head was read.
        case beyondLimit
    }

    /// Types up to this have their body read even when they are unknown.
    let highestReadType: UInt8

    private var head: [UInt8] = []
    private var bodyRead = 0
    private var runningSum: UInt8 = 0
    private var chunk: [UInt8] = []

    init(_ description: StubDescription) {
        highestReadType = description.highestReadType
    }

    /// The next command; nil when not enough has arrived.
    mutating func next(_ processor: inout Processor, _ buffer: inout TransferBuffer) -> Result? {
        while head.count < StubRequest.headByteCount {
            guard let byte = processor.receive() else { return nil }
            if head.isEmpty, byte != StubRequest.marker { continue }
            head.append(byte)
        }
        guard head[1] <= highestReadType else {
            restart()
            return .beyondLimit
        }
        let length = Int(head.span.littleEndian(UInt16.self, at: 2))
        while bodyRead < length {
            chunk.removeAll(keepingCapacity: true)
            guard processor.receive(atMost: length - bodyRead, into: &chunk) > 0 else { return nil }
            runningSum &+= sum8(chunk.span)
            buffer.place(chunk.span, at: StubRequest.headByteCount + bodyRead)
            bodyRead += chunk.count
        }
        guard let sum = processor.receive() else { return nil }
        buffer.place([sum].span, at: StubRequest.headByteCount + length)
        let expected = sum8(head.span) &+ runningSum
        let frame = Frame(
            command: StubCommand(rawValue: head[1]), bodyLength: length, isSumRight: sum == expected, sum: expected)
        restart()
        return .frame(frame)
    }

    private mutating func restart() {
        head.removeAll(keepingCapacity: true)
        bodyRead = 0
        runningSum = 0
    }
}
