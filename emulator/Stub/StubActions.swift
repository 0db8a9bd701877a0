import Wire
import Words

/// What the commands 00 to 0C do (ECR6600 facts §4.1 to §4.4).
extension Stub {
    /// Whether a range lies in the flash as the stub believes it to be.
    func isInside(_ address: UInt32, _ length: UInt32) -> Bool {
        Int(address) + Int(length) <= flashByteCount
    }

    /// A range that the stub takes for granted although the flash has no such place: only after 1.3.11 has lost its own
    /// variables (§4.3). What then happens is not known. - Returns: whether that is so, and has been dealt with.
    private func isBeyondTheFlash(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) -> Bool {
        guard Int(address) + Int(length) > processor.flash.byteCount else { return false }
        processor.undefined("a command for \(hex(address)) + \(length), which the flash does not have")
        return true
    }

    /// 00: the word "cnys"; any other is an error (§4.2).
    mutating func syn(_ processor: inout Processor) {
        let isRight = reader.body.starts(with: BootProtocol.syncWord)
        if isRight, !description.computesSynSum {
            processor.reply(record.synchronisedWithoutSum())
        } else {
            processor.reply(record.answer(.syn, isRight ? .success : .error))
        }
    }

    /// 01, 02: an address and a length; frames of data follow (§4.3).
    mutating func startDownload(
        _ command: StubCommand, _ address: UInt32, _ length: UInt32, _ processor: inout Processor
    ) {
        let isAllowed =
            command == .ramDownload
            ? Int(address) + Int(length) <= MemoryMap.ramEnd : isInside(address, length)
        guard isAllowed else { return processor.reply(record.answer(command, .address)) }
        if command == .flashDownload {
            if isBeyondTheFlash(address, length, &processor) { return }
            if canProgram {
                for piece in ErasePattern.download(address: Int(address), length: Int(length)) {
                    processor.erase(piece)
                }
            }
        }
        processor.reply(record.answer(command))
        download.begin(command, address: address, length: length)
        mode = .downloading
    }

    /// 03: frames of up to 64 KB (§4.3).
    mutating func startUpload(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) {
        guard isInside(address, length) else { return processor.reply(record.answer(.flashUpload, .address)) }
        upload.begin(address: Int(address), length: Int(length))
        mode = .uploading
    }

    /// The next frame, when the one before has left. - Returns: whether it was the last.
    mutating func resumeUpload(_ processor: inout Processor) -> Bool {
        guard !processor.isBusy else { return false }
        let isLast = upload.sendFrame(&processor, &record)
        overwriteVariables(&processor)
        return isLast
    }

    /// 1.3.11 has room for 0x2404 bytes; what a frame holds beyond them lands in its own variables (§4.3: 0x2400 is
    /// harmless, 0x2800 breaks the range check, 0x4000 and more kill later writes). That the size stands first, as four
    /// bytes, is an assumption, and so is that every erase or program then does nothing and is answered with status
    /// 01: of 02 the data frames, as after any program error.
    private mutating func overwriteVariables(_ processor: inout Processor) {
        guard let room = description.uploadBufferByteCount, upload.chunk.count > room else { return }
        var size: [UInt8] = []
        size.append(littleEndian: UInt32(truncatingIfNeeded: flashByteCount))
        for (index, byte) in zip(size.indices, upload.chunk.dropFirst(room)) { size[index] = byte }
        flashByteCount = Int(size.span.littleEndian(UInt32.self, at: 0))
        if upload.chunk.count >= 0x4000 { canProgram = false }
        processor.report(
            .note(
                "an upload of \(upload.chunk.count) bytes has overwritten the stub's own variables: it now takes "
                    + "the flash "
                    + "for \(flashByteCount) bytes\(canProgram ? "" : ", and writes fail")"))
    }

    /// 04: sectors of 4 KB, the length rounded up; from an unaligned address it erases nothing and says ok (§4.4).
    mutating func erase(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) {
        guard isInside(address, length) else { return processor.reply(record.answer(.erase, .address)) }
        if isBeyondTheFlash(address, length, &processor) { return }
        guard canProgram else { return processor.reply(record.answer(.erase, .error)) }
        for piece in ErasePattern.sectors(address: Int(address), length: Int(length)) { processor.erase(piece) }
        processor.reply(record.answer(.erase))
    }

    /// 05: the whole chip (§4.2).
    mutating func eraseChip(_ processor: inout Processor) {
        guard canProgram else { return processor.reply(record.answer(.chipErase, .error)) }
        processor.eraseChip()
        processor.reply(record.answer(.chipErase))
    }

    /// 06: answers, waits, goes back to 115200 and boots what is in the flash (§4.2).
    mutating func run(_ processor: inout Processor) {
        processor.reply(record.answer(.run))
        processor.delay(processor.timing.runPause)
        processor.setBaud(BootProtocol.baud, divisor: .boot)
        processor.delay(processor.timing.romToUBoot)
        if processor.settings.flashBootReturns, !FlashBoot.hasUBoot(processor) {
            let complaint = Array("stub err!\n\0\0\(description.lastWords)".utf8)
            complain(complaint, every: .seconds(2), &processor)
        } else {
            FlashBoot.run(&processor)
        }
    }

    /// 07: switches at once, answers 50 ms later at the new rate (§4.2).
    mutating func switchBaud(_ baud: Int, _ processor: inout Processor) {
        guard let divisor = BaudDivisor(baud: baud) else {
            processor.undefined("a baud rate of \(baud)")
            return
        }
        processor.setBaud(baud, divisor: divisor)
        processor.delay(processor.timing.baudPause)
        processor.send(record.answer(.baud))
    }

    /// 09: SHA-256 over a range of flash (§4.3).
    mutating func hash(_ address: UInt32, _ length: UInt32, _ processor: inout Processor) {
        guard isInside(address, length) else { return processor.reply(record.answer(.sha256, .address)) }
        if isBeyondTheFlash(address, length, &processor) { return }
        let digest = processor.hash(Int(address)..<(Int(address) + Int(length)))
        processor.reply(record.data(.sha256, digest))
    }

    /// 0C: the MAC as text into `nv_amt` (§4.3).
    mutating func storeMAC(_ text: ArraySlice<UInt8>, _ processor: inout Processor) {
        processor.reply(record.answer(.macToNV, canProgram ? MACRecord.store(text, &processor) : .error))
    }
}
