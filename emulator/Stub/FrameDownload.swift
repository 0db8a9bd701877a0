import Wire

/// 01 and 02 after their start frame: data frames `A5 type n16 flag data[n-1] sum8` until the announced length is used
/// up (ECR6600 facts §4.3).
struct FrameDownload {
    /// The flag that means "the previous frame again"; any other value is new data.
    private static let again: UInt8 = 1
    /// What 02 at address 0 copies everything into (§10).
    private static let tableBufferByteCount = 4096

    private var command = StubCommand.flashDownload
    private var position: UInt32 = 0
    /// Wraps below 0 when a frame is longer than what was left; it then never becomes 0 again.
    private var remaining: UInt32 = 0
    private var lastCount: UInt32 = 0
    /// Bytes in the buffer that only a command at address 0 fills; nil for any other.
    private var tableBytes: Int?
    /// The frame as read so far, from A5 on.
    private var frame: [UInt8] = []

    /// Waits for the first data frame.
    mutating func begin(_ command: StubCommand, address: UInt32, length: UInt32) {
        self.command = command
        position = address
        remaining = length
        lastCount = 0
        tableBytes = command == .flashDownload && address == 0 ? 0 : nil
        frame.removeAll(keepingCapacity: true)
    }

    /// Reads on. - Returns: whether the announced length has run out exactly. A length of 0 never does.
    mutating func resume(_ processor: inout Processor, _ record: inout AcknowledgementRecord) -> Bool {
        while readFrame(&processor) {
            let status = store(&processor)
            processor.delay(processor.timing.answerLatency)
            processor.send(record.answer(command, status))
            if command == .flashDownload { processor.clearReceiver() }
            frame.removeAll(keepingCapacity: true)
            if processor.isLeaving { return false }
            if remaining == 0 { return true }
        }
        return false
    }

    /// Whether a whole frame is there. Byte 0 must be A5 and byte 1 the command, else it starts over.
    private mutating func readFrame(_ processor: inout Processor) -> Bool {
        while frame.count < StubRequest.headByteCount {
            guard let byte = processor.receive() else { return false }
            frame.append(byte)
            let isWrong = frame.count == 1 ? byte != StubRequest.marker : frame.count == 2 && byte != command.rawValue
            if isWrong { frame.removeAll(keepingCapacity: true) }
        }
        let whole = StubRequest.headByteCount + Int(frame.span.littleEndian(UInt16.self, at: 2)) + 1
        while frame.count < whole {
            guard processor.receive(atMost: whole - frame.count, into: &frame) > 0 else { return false }
        }
        return true
    }

    /// Writes the frame's data, right or wrong, and moves on (§4.3: a bad sum is written and advances all the same).
    private mutating func store(_ processor: inout Processor) -> StubStatus {
        let frame = frame
        let bytes = frame.span
        let sumOffset = bytes.count - 1
        let isSumRight = bytes[sumOffset] == sum8(bytes.extracting(first: sumOffset))
        // A frame of length 0 has no flag and no data.
        let dataOffset = min(StubRequest.headByteCount + 1, sumOffset)
        let flag = dataOffset > StubRequest.headByteCount ? bytes[StubRequest.headByteCount] : 0
        if flag == Self.again {
            position &-= lastCount
            remaining &+= lastCount
        }
        let data = bytes.extracting(dataOffset..<sumOffset)
        if command == .ramDownload {
            processor.memory.writeRAM(data, at: Int(position))
        } else {
            processor.programFromBuffer(data, at: Int(position))
            fillTable(data.count, &processor)
        }
        lastCount = UInt32(data.count)
        position &+= lastCount
        remaining &-= lastCount
        return isSumRight ? .success : .checksum
    }

    private mutating func fillTable(_ count: Int, _ processor: inout Processor) {
        guard let filled = tableBytes else { return }
        tableBytes = filled + count
        if filled <= Self.tableBufferByteCount, filled + count > Self.tableBufferByteCount {
            processor.undefined("more than 4 KB written at address 0 with command 02")
        }
    }
}
