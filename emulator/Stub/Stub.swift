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
    var record = AcknowledgementRecord()
    var download: FrameDownload
    var upload = FrameUpload()
    var efuse = EFuseExchange()
    var receiver = XmodemReceiver()
    var sender = XmodemSender()
    /// Bytes of flash as the stub believes; 0 when it does not know the id's size code.
    var flashByteCount = 0
    /// False once an upload has overwritten what 1.3.11 needs for writing (§4.3).
    var canProgram = true
    /// What was asked for, where that is not what runs.
    private let unexamined: StubImage.Version?

    init(version: StubImage.Version) {
        description = StubDescription.row(for: version)
        reader = FrameReader(description)
        download = FrameDownload(description)
        unexamined = description.version == version ? nil : version
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
            guard let result = reader.next(&processor) else { return false }
            execute(result, &processor)
            // What the processor was told to jump to comes first.
            return !processor.isLeaving
        case .downloading: isFinished = download.resume(&processor, &record, canProgram: canProgram)
        case .uploading: isFinished = resumeUpload(&processor)
        case .awaitingEFuseData: isFinished = efuse.resume(&processor, &record)
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
        if let unexamined {
            processor.report(
                .note("stub \(unexamined.rawValue) was never examined; \(name), of the same family, runs instead"))
        }
        processor.setRate(.boot)
        processor.delay(processor.timing.stubStart)
        processor.clearReceiver(.stubStarted)
        let id = processor.readFlashID()
        if description.knownSizeCodes.contains(id.sizeCode), let size = id.byteCount {
            flashByteCount = size
        } else {
            flashByteCount = description.byteCountIfUnknown
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
        guard frame.bodyLength <= description.bodyBufferByteCount || isHarmless(frame) else {
            return processor.undefined("a body of \(frame.bodyLength) bytes for \(frame.command)")
        }
        guard frame.isSumRight || !description.namesBadSums else {
            return processor.reply(record.badSum(frame.command, received: frame.sum))
        }
        guard frame.isSumRight, description.commands.contains(frame.command) else {
            return processor.reply(record.unknown())
        }
        let (address, length) = (reader.firstWord, reader.secondWord)
        switch frame.command {
        case .syn: syn(&processor)
        case .ramDownload, .flashDownload: startDownload(frame.command, address, length, &processor)
        case .flashUpload: startUpload(address, length, &processor)
        case .erase: erase(address, length, &processor)
        case .chipErase: eraseChip(&processor)
        case .run: run(&processor)
        case .baud: switchBaud(Int(address), &processor)
        case .efuse: if efuse.begin(reader.body, &processor, &record) { mode = .awaitingEFuseData }
        case .sha256: hash(address, length, &processor)
        case .macToNV: storeMAC(reader.body.prefix(frame.bodyLength), &processor)
        case .flashID: processor.reply(record.data(.flashID, processor.readFlashID().wireBytes + [0]))
        case .efuseDump: processor.reply(record.data(.efuseDump, processor.efuse.bytes))
        default: startTransfer(frame.command, address, length, &processor)
        }
    }

    /// Bodies that overrun the buffer and were seen to be answered all the same: a resent last data frame of 01 or 02, read
    /// as a start command (§4.3), and the nine bytes of 96 (§10).
    private func isHarmless(_ frame: FrameReader.Frame) -> Bool {
        frame.command == .ramDownload || frame.command == .flashDownload
            || (frame.command == .xmodemReadCompressed && frame.bodyLength == 9)
    }
}
