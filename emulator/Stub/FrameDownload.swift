import Wire

/// 01 and 02 after their start frame: data frames `A5 type n16 flag data[n-1] sum8` until the announced length is used
/// up (ECR6600 facts §4.3).
struct FrameDownload {
    /// The flag that means "the previous frame again"; any other value is new data.
    private static let again: UInt8 = 1

    private let description: StubDescription
    private var command = StubCommand.flashDownload
    private var position: UInt32 = 0
    /// Wraps below 0 when a frame is longer than what was left; it then never becomes 0 again.
    private var remaining: UInt32 = 0
    private var lastCount: UInt32 = 0
    /// Whether the range passed the stub's check only because it wraps at 32 bits: what its data touch is unknown (§4.1).
    private var wraps = false
    /// Bytes in the buffer that a 02 at address 0 fills (§10); nil for any other.
    private var tableBytes: Int?
    private var reader = DataFrameReader()

    init(_ description: StubDescription) {
        self.description = description
    }

    /// Waits for the first data frame.
    mutating func begin(_ command: StubCommand, _ range: StubRange) {
        self.command = command
        position = range.address
        remaining = range.length
        wraps = range.wraps
        lastCount = 0
        tableBytes = command == .flashDownload && range.address == 0 ? 0 : nil
        reader.restart()
    }

    /// Reads on. - Returns: whether the announced length has run out exactly. A length of 0 never does.
    mutating func resume(
        _ processor: inout Processor, _ record: inout AcknowledgementRecord, _ buffer: inout TransferBuffer,
        _ variables: StubVariables
    ) -> Bool {
        while let length = reader.head(of: command, &processor),
            reader.rest(ofBody: length, upTo: description.frameBufferByteCount, &processor, &buffer)
        {
            guard mayStore(length, &processor, variables) else { return false }
            let status = store(&processor)
            if processor.isLeaving { return false }
            processor.reply(record.answer(command, status))
            if command == .flashDownload { processor.clearReceiver(.frameStored) }
            reader.restart()
            if remaining == 0 { return true }
        }
        return false
    }

    /// Whether it is known what becomes of the frame's data. Otherwise that has been dealt with.
    private func mayStore(_ length: Int, _ processor: inout Processor, _ variables: StubVariables) -> Bool {
        if length == 0 {
            processor.undefined("a data frame without a flag, whose data count as -1 bytes")
        } else if wraps {
            processor.undefined("data for a range that wraps at 32 bits")
        } else if command == .flashDownload, !variables.programs {
            processor.hang("programs with SPI mode \(variables.spiMode), which does not exist")
        } else {
            return true
        }
        return false
    }

    /// Writes the frame's data, right or wrong, and moves on: a bad sum is written and advances all the same.
    private mutating func store(_ processor: inout Processor) -> StubStatus {
        let frame = reader.frame
        if frame[reader.body.lowerBound] == Self.again { goBack() }
        let data = frame.span.extracting(reader.body.dropFirst())
        var isCut = false
        if command == .ramDownload {
            processor.memory.writeRAM(data, at: Int(position))
        } else {
            isCut = !processor.programFromBuffer(data, at: Int(position))
            fillTable(data.count, &processor)
        }
        lastCount = UInt32(data.count)
        position &+= lastCount
        remaining &-= lastCount
        if isCut, description.reportsCutPages { return .error }
        return reader.isSumRight ? .success : .checksum
    }

    /// To where the previous frame began. In 01 that gives back the place, and not the count (§4.3).
    private mutating func goBack() {
        position &-= lastCount
        if command == .flashDownload { remaining &+= lastCount }
        tableBytes = tableBytes.map { max(0, $0 - Int(lastCount)) }
    }

    private mutating func fillTable(_ count: Int, _ processor: inout Processor) {
        guard let filled = tableBytes, let room = description.tableBufferByteCount else { return }
        tableBytes = filled + count
        if filled <= room, filled + count > room {
            processor.undefined("more than \(room) bytes written at address 0 with command 02")
        }
    }
}
