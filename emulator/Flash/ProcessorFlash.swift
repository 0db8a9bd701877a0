import Digests
import Line
import Wire

/// What a loader does to the flash, and the time it takes: the processor waits, and its UART is not read.
extension Processor {
    /// Erases with the 4 KB command and waits.
    mutating func eraseSectors(_ count: Int, at address: Int) {
        for sector in 0..<count {
            erase(1, at: address + sector * NORFlash.sectorByteCount, within: timing.flash.sectorErase)
        }
    }

    /// Erases one 32 KB (52) or 64 KB (D8) block and waits.
    mutating func eraseBlock(of byteCount: Int, at address: Int) {
        erase(
            byteCount / NORFlash.sectorByteCount, at: address,
            within: byteCount == 32 << 10 ? timing.flash.block32Erase : timing.flash.block64Erase)
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
        let first = address / NORFlash.sectorByteCount
        for sector in 0..<count {
            let moment = now.advanced(by: time * sector / count)
            if time > .zero {
                let whole = (first + sector)..<(first + sector + 1)
                flashHistory.remember(whole, of: flash, with: faults, until: moment)
            }
            flash.eraseSectors(1, at: (first + sector) * NORFlash.sectorByteCount)
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
            let stored = standIn.applied(to: bytes, at: address)
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
            let sector = position / NORFlash.sectorByteCount
            flashHistory.remember(sector..<(sector + 1), of: flash, with: flash.faults, until: now)
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

    /// Carries one erase command out and waits for it.
    mutating func erase(_ piece: ErasePiece) {
        switch piece.size {
        case .sector: eraseSectors(1, at: piece.address)
        case .block32, .block64: eraseBlock(of: piece.size.rawValue, at: piece.address)
        }
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
