import Wire

/// What the community stub's transfers do before their first block (ECR6600 facts §10).
extension Stub {
    /// 91, 92, 96, 97, 98.
    mutating func startTransfer(_ command: StubCommand, _ range: StubRange, _ processor: inout Processor) {
        switch command {
        case .xmodemWrite, .xmodemWriteCompressed: startWrite(command, range, &processor)
        case .xmodemRead: startRead(command, .flash, range, &processor)
        case .xmodemReadMemory: startRead(command, .memory, range, &processor)
        case .xmodemReadCompressed: startCompressedRead(range, &processor)
        default: preconditionFailure("a description names a command that nothing carries out")
        }
    }

    /// 91, 97: answers, waits 100 ms, erases, then takes blocks. That their check wraps at 32 bits like 01's to 04's is
    /// likely (§10 has it as `addr+len > size`, in C); what such a range touches is not known.
    private mutating func startWrite(_ command: StubCommand, _ range: StubRange, _ processor: inout Processor) {
        guard isInFlash(range) else { return processor.reply(record.answer(command, .address)) }
        if range.wraps { return processor.undefined("a transfer to a range that wraps at 32 bits") }
        processor.reply(record.answer(command))
        processor.delay(processor.timing.xmodemPause)
        for piece in ErasePattern.sectors(range) { processor.erase(piece) }
        receiver.begin(
            at: Int(range.address), inflating: command == .xmodemWriteCompressed ? Int(range.length) : nil, &processor)
        mode = .receivingBlocks
    }

    /// 92, 98: answers, waits for `C`, sends blocks. There is no range check.
    private mutating func startRead(
        _ command: StubCommand, _ source: XmodemSender.Source, _ range: StubRange, _ processor: inout Processor
    ) {
        processor.reply(record.answer(command))
        sender.begin(source, address: Int(range.address), length: Int(range.length), &processor)
        mode = .sendingBlocks
    }

    /// 96: a level of 1 to 10; any other counts as 5. Behind a body of eight bytes the frame's own sum stands in its place.
    private mutating func startCompressedRead(_ range: StubRange, _ processor: inout Processor) {
        let asked = Int(buffer.integer(UInt8.self, at: 8))
        let level = (1...10).contains(asked) ? asked : 5
        startRead(.xmodemReadCompressed, .deflated(level: level), range, &processor)
    }
}
