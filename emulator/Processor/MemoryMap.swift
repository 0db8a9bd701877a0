/// What the processor sees at its addresses, as far as command 98 shows it (ECR6600 facts §10): ROM below 0x10000, RAM
/// from there, the flash through XIP at 0x00800000. What lies elsewhere is unknown and reads as 0 here.
package struct MemoryMap: Sendable {
    /// The mask ROM's 64 KB.
    package static let romByteCount = 0x10000
    /// First address behind the RAM that a download may fill (facts §4.2, command 01).
    package static let ramEnd = 0xB0000
    /// Where the flash is mapped (facts §5).
    package static let flashWindow = 0x0080_0000

    private var storage: SectorMemory

    /// - Parameter rom: at most 64 KB; what is not given reads as 0. The project holds no ROM.
    package init(rom: [UInt8] = []) {
        storage = SectorMemory(byteCount: Self.ramEnd, filledWith: 0)
        let contents = Array(rom.prefix(Self.romByteCount))
        storage.write(contents.span, at: 0)
    }

    /// Stores bytes in RAM; what would lie elsewhere is dropped.
    package mutating func writeRAM(_ bytes: Span<UInt8>, at address: Int) {
        let below = min(bytes.count, max(0, Self.romByteCount - address))
        storage.write(bytes.extracting(droppingFirst: below), at: address + below)
    }

    /// The RAM's bytes of a range inside it.
    package func ram(_ range: Range<Int>) -> [UInt8] {
        storage.bytes(range)
    }

    /// Appends `count` bytes as the processor reads them.
    package func read(_ count: Int, at address: Int, flash: NORFlash, into destination: inout [UInt8]) {
        var position = address
        let end = address + count
        while position < end {
            let flashEnd = Self.flashWindow + flash.byteCount
            switch position {
            case ..<Self.ramEnd:
                let piece = min(end, Self.ramEnd) - position
                storage.read(piece, at: position, into: &destination)
                position += piece
            case Self.flashWindow..<flashEnd:
                let piece = min(end, flashEnd) - position
                flash.read(piece, at: position - Self.flashWindow, into: &destination)
                position += piece
            default:
                let stop = position < Self.flashWindow ? min(end, Self.flashWindow) : end
                destination.append(contentsOf: repeatElement(0, count: stop - position))
                position = stop
            }
        }
    }
}
