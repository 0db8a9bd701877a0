import Digests
import Line
import Wire

/// What a loader does to the flash, and the time it takes: the processor waits, and its UART is not read.
extension Processor {
    /// Carries erase commands out and waits for them. Beyond its end a part begins again at its start; once round, and what
    /// is left to do takes time and changes nothing.
    mutating func erase(_ piece: ErasePiece) {
        let size = piece.size.rawValue
        let time = timing.flash.erase(piece.size)
        let once = min(piece.count, flash.byteCount / size)
        for index in 0..<once {
            erase(size / NORFlash.sectorByteCount, at: piece.address + index * size, within: time)
        }
        delay(time * (piece.count - once))
    }

    /// Erases the whole chip and waits.
    mutating func eraseChip() {
        erase(
            flash.byteCount / NORFlash.sectorByteCount, at: 0,
            within: timing.flash.chipErase(byteCount: flash.byteCount))
    }

    /// Erases sectors and waits. Where the power goes meanwhile, those are gone whose turn had come; that a block and the
    /// whole chip are erased sector by sector, in order, is ours.
    private mutating func erase(_ count: Int, at address: Int, within usual: Duration) {
        beginErase(at: now)
        var faults = flash.faults
        let time = usual * flash.faults.slowness()
        tellOfFaults(at: now)
        if time == .zero, flash.faults.isEmpty { return flash.eraseSectors(count, at: address) }
        for index in 0..<count {
            let moment = now.advanced(by: time * index / count)
            let position = address + index * NORFlash.sectorByteCount
            if time > .zero {
                let start = flash.sector(of: position) * NORFlash.sectorByteCount
                let operation = FlashOperation(
                    kind: .erase, range: start..<(start + NORFlash.sectorByteCount), start: moment,
                    end: now.advanced(by: time * (index + 1) / count))
                flashHistory.remember(operation, of: flash, with: faults)
                watchFlash(operation)
            }
            flash.eraseSectors(1, at: position)
            tellOfFaults(at: moment)
            faults = flash.faults
        }
        delay(time)
    }

    /// What the flash answers to 9F.
    mutating func readFlashID() -> FlashID {
        let id = flash.faults.readID(flash.id)
        tellOfFaults(at: now)
        return id
    }

    private mutating func tellOfFaults(at moment: Instant) {
        for firing in flash.faults.takeUntold() {
            report(.fault(firing.name, detail: firing.detail), at: moment)
        }
    }

    /// Programs page by page and waits.
    mutating func program(_ bytes: Span<UInt8>, at address: Int) {
        guard !bytes.isEmpty else { return }
        if let standIn = encryptionStandIn {
            let stored = standIn.applied(to: bytes, at: address % flash.byteCount)
            programPages(stored.span, at: address)
        } else {
            programPages(bytes, at: address)
        }
    }

    private mutating func programPages(_ bytes: Span<UInt8>, at address: Int) {
        let time = timing.flash.pageProgram
        guard time > .zero else {
            flash.program(bytes, at: address)
            return tellOfFaults(at: now)
        }
        var done = 0
        while done < bytes.count {
            let position = address + done
            let room = NORFlash.pageByteCount - position % NORFlash.pageByteCount
            let end = min(bytes.count, done + room)
            let start = position % flash.byteCount
            let operation = FlashOperation(
                kind: .program, range: start..<(start + end - done), start: now, end: now.advanced(by: time))
            flashHistory.remember(operation, of: flash, with: flash.faults)
            watchFlash(operation)
            flash.program(bytes.extracting(done..<end), at: position)
            tellOfFaults(at: now)
            delay(time)
            done = end
        }
    }

    /// SHA-256 over a range of flash, and the time it takes.
    mutating func hash(_ range: Range<Int>) -> [UInt8] {
        delay(timing.hashPerKilobyte * ((range.count + 1023) / 1024))
        return SHA256.of(flash.bytes(range))
    }

    /// Programs as the stubs' SPI driver does: page by page, and only those parts whose offset in the buffer is a
    /// multiple of 4. What crosses a page from an unaligned address loses everything behind the boundary (§4.3).
    /// - Returns: whether everything was programmed.
    @discardableResult
    mutating func programFromBuffer(_ bytes: Span<UInt8>, at address: Int) -> Bool {
        let toBoundary = NORFlash.pageByteCount - address % NORFlash.pageByteCount
        let isCut = toBoundary < bytes.count && toBoundary % 4 != 0
        program(isCut ? bytes.extracting(first: toBoundary) : bytes, at: address)
        return !isCut
    }
}
