import Wire

/// 01 and 02 after their start frame: data frames `A5 type n16 flag data[n-1] sum8` until the announced length is used
/// up (ECR6600 facts §4.3).
struct FrameDownload {
    /// The flag that means "the previous frame again"; any other value is new data.
    private static let again: UInt8 = 1
    /// What 02 at address 0 copies everything into (§10).
    private static let tableBufferByteCount = 4096

    private let reportsCutPages: Bool
    private let frameBufferByteCount: Int
    private var command = StubCommand.flashDownload
    private var position: UInt32 = 0
    /// Wraps below 0 when a frame is longer than what was left; it then never becomes 0 again.
    private var remaining: UInt32 = 0
    private var lastCount: UInt32 = 0
    /// Bytes in the buffer that only a command at address 0 fills; nil for any other.
    private var tableBytes: Int?
    private var reader = DataFrameReader()

    init(_ description: StubDescription) {
        reportsCutPages = description.reportsCutPages
        frameBufferByteCount = description.frameBufferByteCount
    }

    /// Waits for the first data frame.
    mutating func begin(_ command: StubCommand, address: UInt32, length: UInt32) {
        self.command = command
        position = address
        remaining = length
        lastCount = 0
        tableBytes = command == .flashDownload && address == 0 ? 0 : nil
        reader.restart()
    }

    /// Reads on. - Parameter canProgram: whether the flash still takes what is programmed.
    /// - Returns: whether the announced length has run out exactly. A length of 0 never does.
    mutating func resume(
        _ processor: inout Processor, _ record: inout AcknowledgementRecord, canProgram: Bool
    ) -> Bool {
        while reader.read(command, upTo: frameBufferByteCount, &processor) {
            let status = store(&processor, canProgram: canProgram)
            processor.delay(processor.timing.answerLatency)
            processor.send(record.answer(command, status))
            if command == .flashDownload { processor.clearReceiver(.frameStored) }
            reader.restart()
            if processor.isLeaving { return false }
            if remaining == 0 { return true }
        }
        return false
    }

    /// Writes the frame's data, right or wrong, and moves on: a bad sum is written and advances all the same.
    private mutating func store(_ processor: inout Processor, canProgram: Bool) -> StubStatus {
        let frame = reader.frame
        // A frame of length 0 has no flag and no data.
        let flag = reader.body.isEmpty ? 0 : frame[reader.body.lowerBound]
        if flag == Self.again {
            position &-= lastCount
            remaining &+= lastCount
            tableBytes = tableBytes.map { max(0, $0 - Int(lastCount)) }
        }
        let data = frame.span.extracting(reader.body.dropFirst())
        var isProgrammed = true
        if command == .ramDownload {
            processor.memory.writeRAM(data, at: Int(position))
        } else if canProgram {
            isProgrammed = processor.programFromBuffer(data, at: Int(position)) || !reportsCutPages
            fillTable(data.count, &processor)
        } else {
            isProgrammed = false
        }
        lastCount = UInt32(data.count)
        position &+= lastCount
        remaining &-= lastCount
        return !reader.isSumRight ? .checksum : isProgrammed ? .success : .error
    }

    private mutating func fillTable(_ count: Int, _ processor: inout Processor) {
        guard let filled = tableBytes else { return }
        tableBytes = filled + count
        if filled <= Self.tableBufferByteCount, filled + count > Self.tableBufferByteCount {
            processor.undefined("more than 4 KB written at address 0 with command 02")
        }
    }
}
