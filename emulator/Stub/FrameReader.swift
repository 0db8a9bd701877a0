import Wire

/// How a stub reads commands: skips to A5, then type, length, body, sum (ECR6600 facts §4, §4.1).
struct FrameReader {
    /// A command as it was read, right or wrong.
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
    /// The first bytes of the body, and what the first byte beyond the buffer was: 96 keeps its level there (§10). A short
    /// body leaves what stood there before.
    private(set) var body: [UInt8]

    private var head: [UInt8] = []
    private var bodyRead = 0
    private var runningSum: UInt8 = 0
    private var chunk: [UInt8] = []

    init(_ description: StubDescription) {
        highestReadType = description.highestReadType
        body = [UInt8](repeating: 0, count: description.bodyBufferByteCount + 1)
    }

    /// The next command; nil when not enough has arrived.
    mutating func next(_ processor: inout Processor) -> Result? {
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
            keep()
        }
        guard let sum = processor.receive() else { return nil }
        let expected = sum8(head.span) &+ runningSum
        let frame = Frame(
            command: StubCommand(rawValue: head[1]), bodyLength: length, isSumRight: sum == expected, sum: expected)
        restart()
        return .frame(frame)
    }

    private mutating func keep() {
        runningSum &+= sum8(chunk.span)
        for (offset, byte) in zip(bodyRead..<max(bodyRead, body.count), chunk) { body[offset] = byte }
        bodyRead += chunk.count
    }

    private mutating func restart() {
        head.removeAll(keepingCapacity: true)
        bodyRead = 0
        runningSum = 0
    }

    /// The body's first 32 bits: an address, or a baud rate.
    var firstWord: UInt32 { body.span.littleEndian(at: 0) }
    /// The body's second 32 bits: a length.
    var secondWord: UInt32 { body.span.littleEndian(at: 4) }
}
