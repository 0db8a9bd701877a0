import Digests
import Line

/// What a loader does to the flash, and the time it takes: the processor waits, and its UART is not read.
extension Processor {
    /// Erases with the 4 KB command and waits.
    mutating func eraseSectors(_ count: Int, at address: Int) {
        flash.eraseSectors(count, at: address)
        delay(timing.flash.sectorErase * count)
    }

    /// Erases one 32 KB (52) or 64 KB (D8) block and waits.
    mutating func eraseBlock(of byteCount: Int, at address: Int) {
        flash.eraseSectors(byteCount / NORFlash.sectorByteCount, at: address)
        delay(byteCount == 32 << 10 ? timing.flash.block32Erase : timing.flash.block64Erase)
    }

    /// Erases the whole chip and waits.
    mutating func eraseChip() {
        flash.eraseSectors(flash.byteCount / NORFlash.sectorByteCount, at: 0)
        delay(timing.flash.chipErase(byteCount: flash.byteCount))
    }

    /// Programs page by page and waits.
    mutating func program(_ bytes: Span<UInt8>, at address: Int) {
        guard !bytes.isEmpty else { return }
        if let standIn = encryptionStandIn {
            let stored = standIn.applied(to: bytes, at: address)
            flash.program(stored.span, at: address)
        } else {
            flash.program(bytes, at: address)
        }
        let pages =
            (address + bytes.count - 1) / NORFlash.pageByteCount - address / NORFlash.pageByteCount + 1
        delay(timing.flash.pageProgram * pages)
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
