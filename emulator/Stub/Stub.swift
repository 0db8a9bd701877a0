import Line
import Wire

/// A stub in RAM: the program that reads and writes the flash for a host (ECR6600 facts §4, §10).
///
/// Nothing is sent at the start; only flash trouble prints. Commands are read one after the other, and while one is
/// carried out the UART is not read.
struct Stub: Loader {
    let description: StubDescription
    var name: String { "stub \(description.version.rawValue)" }

    /// What the stub is doing between two commands.
    private enum Mode {
        case parsing
        case downloading
        case receivingBlocks
        case sendingBlocks
    }
    private var mode = Mode.parsing
    private var reader: FrameReader
    private var record = AcknowledgementRecord()
    private var download = FrameDownload()
    private var receiver = XmodemReceiver()
    private var sender = XmodemSender()
    /// Bytes of flash as the stub believes; 0 when it does not know the id's size code.
    private var flashByteCount = 0

    /// What the community stub knows (§10) and this emulator does not yet.
    private static let notModelled: Set<StubCommand> = [.xmodemReadCompressed, .xmodemWriteCompressed]

    /// - Parameter version: one without a row in `StubDescription` runs as the community stub.
    init(version: StubImage.Version) {
        description = StubDescription.row(for: version) ?? .community
        reader = FrameReader(description)
    }

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        if cause == .entered { start(&processor) }
        var cause = cause
        while true {
            let isFinished: Bool
            switch mode {
            case .parsing:
                guard let result = reader.next(&processor) else { return }
                execute(result, &processor)
                // What the processor was told to jump to comes first.
                if processor.isLeaving { return }
                isFinished = false
            case .downloading: isFinished = download.resume(&processor, &record)
            case .receivingBlocks: isFinished = receiver.resume(&processor, cause)
            case .sendingBlocks: isFinished = sender.resume(&processor, cause)
            }
            if isFinished {
                mode = .parsing
            } else if mode != .parsing {
                return
            }
            cause = .characters
        }
    }

    /// Clears its memory for 1–2 ms, resets the FIFO, complains about a flash it does not know (§4, first table).
    private mutating func start(_ processor: inout Processor) {
        processor.setRate(.boot)
        processor.delay(processor.timing.stubStart)
        processor.clearReceiver()
        let id = processor.flash.id
        if description.knownSizeCodes.contains(id.sizeCode), let size = id.byteCount {
            flashByteCount = size
        } else {
            processor.send(Array((id == .none ? "no flash!flash!" : "flash!").utf8))
        }
    }

    // MARK: Commands

    private mutating func execute(_ result: FrameReader.Result, _ processor: inout Processor) {
        if case .frame(let frame) = result, frame.bodyLength > description.bodyBufferByteCount, !isHarmless(frame) {
            processor.undefined("a body of \(frame.bodyLength) bytes for \(frame.command)")
            return
        }
        guard case .frame(let frame) = result, frame.isSumRight, description.commands.contains(frame.command) else {
            if case .frame(let frame) = result, Self.notModelled.contains(frame.command) {
                processor.report(.note("\(frame.command) is not modelled yet: answered as an unknown command"))
            }
            reply(record.unknown(), &processor)
            return
        }
        let (address, length) = (reader.firstWord, reader.secondWord)
        switch frame.command {
        case .syn: syn(&processor)
        case .ramDownload, .flashDownload: startDownload(frame.command, address, length, &processor)
        case .flashUpload: upload(address, length, &processor)
        case .erase: erase(address, length, &processor)
        case .chipErase:
            processor.eraseChip()
            reply(record.answer(.chipErase), &processor)
        case .run: run(&processor)
        case .baud: switchBaud(Int(reader.firstWord), &processor)
        case .sha256: hash(address, length, &processor)
        case .flashID: reply(record.data(.flashID, processor.flash.id.wireBytes + [0]), &processor)
        case .xmodemWrite: startBlockWrite(address, length, &processor)
        case .xmodemRead: startBlockRead(.xmodemRead, .flash, address, length, &processor)
        case .xmodemReadMemory: startBlockRead(.xmodemReadMemory, .memory, address, length, &processor)
        case .efuseDump: reply(record.data(.efuseDump, processor.efuse.bytes), &processor)
        default: preconditionFailure("a description names a command that nothing carries out")
        }
    }

    /// Bodies that overrun the buffer and were seen to be answered all the same: a resent last data frame of 02, read as
    /// a start command (§4.3), and the nine bytes of 96 (§10).
    private func isHarmless(_ frame: FrameReader.Frame) -> Bool {
        frame.command == .flashDownload || (frame.command == .xmodemReadCompressed && frame.bodyLength == 9)
    }

    /// Sends an answer, not faster than any real line would bring it (§13.3).
    private func reply(_ bytes: [UInt8], _ processor: inout Processor) {
        processor.delay(processor.timing.answerLatency)
        processor.send(bytes)
    }

    private func isInside(_ address: UInt32, _ length: UInt32) -> Bool {
        Int(address) + Int(length) <= flashByteCount
    }

    /// 00: the word "cnys"; any other is an error (§4.2).
    private mutating func syn(_ processor: inout Processor) {
        let isRight = reader.body.starts(with: BootProtocol.syncWord)
        reply(isRight ? record.synchronised() : record.answer(.syn, .error), &processor)
    }

    /// 01, 02: an address and a length; frames of data follow (§4.3).
    private mutating func startDownload(
        _ command: StubCommand, _ address: UInt32, _ length: UInt32, _ processor: inout Processor
    ) {
        let isAllowed =
            command == .ramDownload
            ? Int(address) + Int(length) <= MemoryMap.ramEnd : isInside(address, length)
        guard isAllowed else {
            reply(record.answer(command, .address), &processor)
            return
        }
        if command == .flashDownload {
            for piece in ErasePattern.download(address: Int(address), length: Int(length)) {
                processor.erase(piece)
            }
        }
        reply(record.answer(command), &processor)
        download.begin(command, address: address, length: length)
        mode = .downloading
    }

    /// 03: frames of up to 64 KB, one after the other, without waiting for the host (§4.3).
    private mutating func upload(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) {
        guard isInside(address, length) else {
            reply(record.answer(.flashUpload, .address), &processor)
            return
        }
        var position = Int(address)
        let end = position + Int(length)
        repeat {
            let chunk = min(0x10000, end - position)
            reply(record.data(.flashUpload, processor.flash.bytes(position..<(position + chunk))), &processor)
            position += chunk
        } while position < end
    }

    /// 04: sectors of 4 KB, the length rounded up; from an unaligned address it erases nothing and says ok (§4.4).
    private mutating func erase(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) {
        guard isInside(address, length) else {
            reply(record.answer(.erase, .address), &processor)
            return
        }
        for piece in ErasePattern.sectors(address: Int(address), length: Int(length)) { processor.erase(piece) }
        reply(record.answer(.erase), &processor)
    }

    /// 06: answers, waits, goes back to 115200 and boots what is in the flash (§4.2).
    private mutating func run(_ processor: inout Processor) {
        reply(record.answer(.run), &processor)
        processor.delay(processor.timing.runPause)
        processor.setBaud(BootProtocol.baud, divisor: .boot)
        processor.delay(processor.timing.romToUBoot)
        FlashBoot.run(&processor)
    }

    /// 07: switches at once, answers 50 ms later at the new rate (§4.2).
    private mutating func switchBaud(_ baud: Int, _ processor: inout Processor) {
        guard let divisor = BaudDivisor(baud: baud) else {
            processor.undefined("a baud rate of \(baud)")
            return
        }
        processor.setBaud(baud, divisor: divisor)
        processor.delay(processor.timing.baudPause)
        reply(record.answer(.baud), &processor)
    }

    /// 09: SHA-256 over a range of flash (§4.3).
    private mutating func hash(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) {
        guard isInside(address, length) else {
            reply(record.answer(.sha256, .address), &processor)
            return
        }
        let digest = processor.hash(Int(address)..<(Int(address) + Int(length)))
        reply(record.data(.sha256, digest), &processor)
    }

    /// 91: answers, waits 100 ms, erases, then takes blocks (§10).
    private mutating func startBlockWrite(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) {
        guard isInside(address, length) else {
            reply(record.answer(.xmodemWrite, .address), &processor)
            return
        }
        reply(record.answer(.xmodemWrite), &processor)
        processor.delay(processor.timing.xmodemPause)
        for piece in ErasePattern.sectors(address: Int(address), length: Int(length)) { processor.erase(piece) }
        receiver.begin(at: Int(address), &processor)
        mode = .receivingBlocks
    }

    /// 92, 98: answers, waits for `C`, sends blocks. There is no range check (§10).
    private mutating func startBlockRead(
        _ command: StubCommand, _ source: XmodemSender.Source, _ address: UInt32, _ length: UInt32,
        _ processor: inout Processor
    ) {
        reply(record.answer(command), &processor)
        sender.begin(source, address: Int(address), length: Int(length))
        mode = .sendingBlocks
    }
}
