import Wire
import Words

/// What the commands 00 to 0C do (ECR6600 facts §4.1 to §4.4).
extension Stub {
    /// Whether a range lies in the flash as the stub believes it to be, computed as the stub does it.
    func isInFlash(_ range: StubRange) -> Bool { range.isInside(variables.flashByteCount) }

    /// 00: the word "cnys"; any other is an error (§4.2).
    mutating func syn(_ processor: inout Processor) {
        let isRight = buffer.body(BootProtocol.syncWord.count).elementsEqual(BootProtocol.syncWord)
        if isRight, !description.computesSynSum {
            processor.reply(record.synchronisedWithoutSum())
        } else {
            processor.reply(record.answer(.syn, isRight ? .success : .error))
        }
    }

    /// 01, 02: an address and a length; frames of data follow (§4.3). That 02 has erased before SPI mode 3 stops it is an
    /// assumption.
    mutating func startDownload(_ command: StubCommand, _ range: StubRange, _ processor: inout Processor) {
        let isAllowed = command == .ramDownload ? range.isInside(UInt32(MemoryMap.ramEnd)) : isInFlash(range)
        guard isAllowed else { return processor.reply(record.answer(command, .address)) }
        if command == .flashDownload {
            for piece in ErasePattern.download(range) { processor.erase(piece) }
            guard variables.startsDownloads else {
                return processor.hang("cannot set up SPI mode \(variables.spiMode) for command 02")
            }
        }
        processor.reply(record.answer(command))
        download.begin(command, range)
        mode = .downloading
    }

    /// 03: frames of up to 64 KB (§4.3).
    mutating func startUpload(_ range: StubRange, _ processor: inout Processor) {
        guard isInFlash(range) else { return processor.reply(record.answer(.flashUpload, .address)) }
        if range.wraps { return processor.undefined("a read of a range that wraps at 32 bits") }
        upload.begin(address: range.address, length: range.length)
        mode = .uploading
    }

    /// The next frame, when the one before has left. - Returns: whether it was the last.
    mutating func resumeUpload(_ processor: inout Processor) -> Bool {
        guard !processor.isBusy else { return false }
        let (frame, isLast) = upload.sendFrame(&processor, &record)
        buffer.place(frame.span)
        if let places = description.variables { overwriteVariables(with: frame, places, &processor) }
        return isLast
    }

    private mutating func overwriteVariables(
        with frame: [UInt8], _ places: StubVariables.Places, _ processor: inout Processor
    ) {
        let before = variables
        variables.overwrite(with: frame, places)
        guard variables != before else { return }
        processor.report(
            .note(
                "an upload of \(frame.count - StubAnswer.frameByteCount) bytes has overwritten the stub's own variables: "
                    + "it now takes the flash for \(variables.flashByteCount) bytes, and uses SPI mode "
                    + "\(variables.spiMode)\(variables.programs ? "" : ", so that writes will hang")"))
    }

    /// 04: sectors of 4 KB, the length rounded up; from an unaligned address it erases nothing and says ok (§4.4).
    mutating func erase(_ range: StubRange, _ processor: inout Processor) {
        guard isInFlash(range) else { return processor.reply(record.answer(.erase, .address)) }
        for piece in ErasePattern.sectors(range) { processor.erase(piece) }
        processor.reply(record.answer(.erase))
    }

    /// 05: the whole chip (§4.2).
    mutating func eraseChip(_ processor: inout Processor) {
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

    /// 09: SHA-256 over a range of flash (§4.3). It is read where the flash is mapped into memory: what lies there beyond
    /// its end is not known.
    mutating func hash(_ range: StubRange, _ processor: inout Processor) {
        guard isInFlash(range), description.hashRangeWraps || !range.wraps else {
            return processor.reply(record.answer(.sha256, .address))
        }
        let (start, end) = (Int(range.address), Int(range.address) + Int(range.length))
        guard end <= processor.flash.byteCount else {
            return processor.undefined("a SHA-256 over \(hex(range.address)) + \(hex(range.length)), beyond the flash")
        }
        processor.reply(record.data(.sha256, processor.hash(start..<end)))
    }

    /// 0C: the MAC as text into `nv_amt` (§4.3). That programming it hangs where 02's does is an assumption.
    mutating func storeMAC(announced count: Int, _ processor: inout Processor) {
        guard variables.programs else {
            return processor.hang("programs with SPI mode \(variables.spiMode), which does not exist")
        }
        if count != MACRecord.textByteCount {
            processor.report(
                .note(
                    "a MAC text of \(plural(count, "byte")): the stub reads \(MACRecord.textByteCount) from its transfer "
                        + "buffer (assumption)"))
        }
        processor.reply(record.answer(.macToNV, MACRecord.store(buffer.body(MACRecord.textByteCount), &processor)))
    }
}
