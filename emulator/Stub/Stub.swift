import Images
import Line
import Wire

/// A stub in RAM: the program that reads and writes the flash for a host (ECR6600 facts §4, §10).
///
/// Nothing is sent at the start; only flash trouble prints. Commands are read one after the other, and while one is
/// carried out the UART is not read. What each command does is in `StubActions.swift` and `StubXmodem.swift`, what
/// tells the versions apart in `StubDescription.swift`.
struct Stub: Loader {
    let description: StubDescription
    var name: String { "stub \(description.version.rawValue)" }

    /// What the stub is doing between two commands.
    enum Mode {
        case parsing
        case downloading
        case uploading
        case awaitingEFuseData
        case receivingBlocks
        case sendingBlocks
        /// Says the same again and again, and takes no commands.
        case complaining([UInt8], every: Duration)
    }
    var mode = Mode.parsing
    var reader: FrameReader
    var buffer = TransferBuffer()
    var record = AcknowledgementRecord()
    var download: FrameDownload
    var upload = FrameUpload()
    var efuse: EFuseExchange
    var receiver = XmodemReceiver()
    var sender = XmodemSender()
    var variables = StubVariables()

    init(version: StubImage.Version) {
        description = StubDescription.row(for: version)
        reader = FrameReader(description)
        download = FrameDownload(description)
        efuse = EFuseExchange(description)
    }

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        if cause == .entered { start(&processor) }
        var cause = cause
        while goOn(&processor, cause) { cause = .characters }
    }

    /// One command, or what is left of one. - Returns: whether the next may be looked for.
    private mutating func goOn(_ processor: inout Processor, _ cause: Wake) -> Bool {
        let isFinished: Bool
        switch mode {
        case .parsing:
            guard let result = reader.next(&processor, &buffer) else { return false }
            execute(result, &processor)
            // What the processor was told to jump to comes first.
            return !processor.isLeaving
        case .downloading: isFinished = download.resume(&processor, &record, &buffer, variables)
        case .uploading: isFinished = resumeUpload(&processor)
        case .awaitingEFuseData: isFinished = efuse.resume(&processor, &record, &buffer)
        case .receivingBlocks: isFinished = receiver.resume(&processor, cause)
        case .sendingBlocks: isFinished = sender.resume(&processor, cause)
        case .complaining(let text, let interval):
            if cause == .timer { complain(text, every: interval, &processor) }
            processor.discardInput()
            isFinished = false
        }
        if isFinished { mode = .parsing }
        return isFinished
    }

    // MARK: Start

    /// Clears its memory for 1–2 ms, resets the FIFO, looks at the flash (§4, first table).
    private mutating func start(_ processor: inout Processor) {
        processor.setRate(.boot)
        processor.delay(processor.timing.stubStart)
        processor.clearReceiver(.stubStarted)
        let id = processor.readFlashID()
        if description.knownSizeCodes.contains(id.sizeCode), let size = id.byteCount {
            variables.flashByteCount = UInt32(size)
        } else {
            variables.flashByteCount = description.byteCountIfUnknown
            let complaint = id == .none ? description.noFlash : description.unknownSize
            let text = complaint.split(separator: "%", omittingEmptySubsequences: false)
                .joined(separator: String(id.value, radix: 16))
            if !text.isEmpty { processor.send(Array(text.utf8)) }
        }
        if id.manufacturer == description.checkedManufacturer, !processor.settings.hasFactoryData {
            complain(Array("ft error!\r\n".utf8), every: .seconds(1), &processor)
        }
    }

    /// Says it now and again and again.
    mutating func complain(_ text: [UInt8], every interval: Duration, _ processor: inout Processor) {
        mode = .complaining(text, every: interval)
        processor.send(text)
        processor.timer = processor.now.advanced(by: interval)
    }

    // MARK: Dispatch

    private mutating func execute(_ result: FrameReader.Result, _ processor: inout Processor) {
        guard case .frame(let frame) = result else { return processor.reply(record.unknown()) }
        guard hasRoom(for: frame) else {
            return processor.undefined("a body of \(frame.bodyLength) bytes for \(frame.command)")
        }
        guard frame.isSumRight || !description.namesRefused else {
            return processor.reply(record.badSum(frame.command, received: frame.sum))
        }
        guard frame.isSumRight, description.commands.contains(frame.command) else {
            return processor.reply(record.unknown(as: description.namesRefused ? frame.command : .unknown))
        }
        let range = StubRange(address: buffer.firstWord, length: buffer.secondWord)
        switch frame.command {
        case .syn: syn(&processor)
        case .ramDownload, .flashDownload: startDownload(frame.command, range, &processor)
        case .flashUpload: startUpload(range, &processor)
        case .erase: erase(range, &processor)
        case .chipErase: eraseChip(&processor)
        case .run: run(&processor)
        case .baud: switchBaud(Int(buffer.firstWord), &processor)
        case .efuse: if efuse.begin(buffer, &processor, &record) { mode = .awaitingEFuseData }
        case .sha256: hash(range, &processor)
        case .macToNV: storeMAC(announced: frame.bodyLength, &processor)
        case .flashID: processor.reply(record.flashID(processor.readFlashID()))
        case .efuseDump: processor.reply(record.data(.efuseDump, processor.efuse.bytes))
        default: startTransfer(frame.command, range, &processor)
        }
    }

    /// Whether a frame fits into the transfer buffer, and its body on the stack. What overruns the stack and was seen to be
    /// answered all the same: a resent last data frame of 01 or 02, read as a start command (§4.3), and the nine bytes of
    /// 96 (§10).
    private func hasRoom(for frame: FrameReader.Frame) -> Bool {
        let whole = StubRequest.headByteCount + frame.bodyLength + 1
        if let limit = description.frameBufferByteCount, whole > limit { return false }
        switch frame.command {
        case .ramDownload, .flashDownload: return true
        case .xmodemReadCompressed where frame.bodyLength == 9: return true
        default: return frame.bodyLength <= description.bodyBufferByteCount
        }
    }
}
