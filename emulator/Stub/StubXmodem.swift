import Wire

/// What the community stub's transfers do before their first block (ECR6600 facts §10).
extension Stub {
    /// 91, 92, 96, 97, 98.
    mutating func startTransfer(
        _ command: StubCommand, _ address: UInt32, _ length: UInt32, _ processor: inout Processor
    ) {
        switch command {
        case .xmodemWrite, .xmodemWriteCompressed: startWrite(command, address, length, &processor)
        case .xmodemRead: startRead(command, .flash, address, length, &processor)
        case .xmodemReadMemory: startRead(command, .memory, address, length, &processor)
        case .xmodemReadCompressed: startCompressedRead(address, length, &processor)
        default: preconditionFailure("a description names a command that nothing carries out")
        }
    }

    /// 91, 97: answers, waits 100 ms, erases, then takes blocks.
    private mutating func startWrite(
        _ command: StubCommand, _ address: UInt32, _ length: UInt32, _ processor: inout Processor
    ) {
        guard isInside(address, length) else { return processor.reply(record.answer(command, .address)) }
        processor.reply(record.answer(command))
        processor.delay(processor.timing.xmodemPause)
        for piece in ErasePattern.sectors(address: Int(address), length: Int(length)) { processor.erase(piece) }
        receiver.begin(at: Int(address), inflating: command == .xmodemWriteCompressed ? Int(length) : nil, &processor)
        mode = .receivingBlocks
    }

    /// 92, 98: answers, waits for `C`, sends blocks. There is no range check.
    private mutating func startRead(
        _ command: StubCommand, _ source: XmodemSender.Source, _ address: UInt32, _ length: UInt32,
        _ processor: inout Processor
    ) {
        processor.reply(record.answer(command))
        sender.begin(source, address: Int(address), length: Int(length), &processor)
        mode = .sendingBlocks
    }

    /// 96: a level of 1 to 10; any other counts as 5. A body of eight bytes leaves the level as it stood in the buffer.
    private mutating func startCompressedRead(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) {
        let asked = Int(reader.body[8])
        let level = (1...10).contains(asked) ? asked : 5
        startRead(.xmodemReadCompressed, .deflated(level: level), address, length, &processor)
    }
}
