package import Wire

/// The SPI NOR flash beside the chip: erasing makes ones, programming makes zeros (ECR6600 facts §5). Of an address it takes
/// what its size has room for: beyond its end it begins again at 0 (§4.1).
package struct NORFlash: Sendable {
    /// 4 KB: the smallest piece that can be erased (command 20).
    package static let sectorByteCount = SectorMemory.sectorByteCount
    /// 256 bytes: the most that one program command takes (command 02).
    package static let pageByteCount = 256

    /// Its own id, which tells its size. What a chip reads may be another: `FlashFaults`.
    package let id: FlashID
    /// What is wrong with it.
    package var faults = FlashFaults()
    private var memory: SectorMemory
    /// Grows with every erase and program: whoever keeps the flash in a file compares it.
    package private(set) var changes = 0

    private static let erased = [UInt8](repeating: 0xFF, count: sectorByteCount)

    /// An erased flash. - Parameters:
    ///   - id: tells the size; an id without a known size code gets `byteCountIfUnknown`.
    ///   - byteCountIfUnknown: a multiple of 4096.
    package init(id: FlashID, byteCountIfUnknown: Int = 2 << 20) {
        self.id = id
        memory = SectorMemory(byteCount: id.byteCount ?? byteCountIfUnknown, filledWith: 0xFF)
    }

    /// Bytes in the chip.
    package var byteCount: Int { memory.byteCount }

    /// What is in it, whole.
    package var contents: [UInt8] { memory.bytes(0..<memory.byteCount) }

    /// Puts `image` into it, as a programmer in a socket would; what lies beyond the chip's end is dropped, and a flash that
    /// is not there stays FF.
    package mutating func load(_ image: [UInt8], at address: Int = 0) {
        guard id != .none else { return }
        memory.write(image.span, at: address)
    }

    /// The sector that holds an address.
    func sector(of address: Int) -> Int { address % byteCount / Self.sectorByteCount }

    /// Appends `count` bytes from `address` on.
    package func read(_ count: Int, at address: Int, into destination: inout [UInt8]) {
        memory.read(count, at: address, into: &destination)
    }

    /// The bytes of a range inside the chip.
    package func bytes(_ range: Range<Int>) -> [UInt8] {
        memory.bytes(range)
    }

    /// Numbers of the sectors that hold something else than in another flash of the same size.
    package func changedSectors(since other: NORFlash) -> [Int] {
        memory.changedSectors(since: other.memory)
    }

    /// Erases `count` sectors to FF, beginning with the one that holds `address`.
    package mutating func eraseSectors(_ count: Int, at address: Int) {
        let all = byteCount / Self.sectorByteCount
        for index in 0..<min(count, all) { erase((sector(of: address) + index) % all) }
        changes += 1
    }

    private mutating func erase(_ sector: Int) {
        guard !faults.isEmpty else { return memory.fill(sector: sector, with: Self.erased) }
        let address = sector * Self.sectorByteCount
        var left = Self.erased
        faults.erase(&left, at: address, before: memory.bytes(address..<(address + Self.sectorByteCount)))
        memory.fill(sector: sector, with: left)
    }

    /// What whole sectors hold; those beyond the end are left out.
    func sectors(_ range: Range<Int>) -> [[UInt8]] {
        memory.sectors(range)
    }

    /// Makes sectors hold again what they held.
    mutating func restore(_ contents: [[UInt8]], at first: Int) {
        for (sector, bytes) in zip(first..., contents) { memory.fill(sector: sector, with: bytes) }
        changes += 1
    }

    /// Clears the bits that are 0 in `bytes`; it cannot set any. Where no flash answers, nothing happens.
    package mutating func program(_ bytes: Span<UInt8>, at address: Int) {
        guard id != .none else { return }
        let start = address % byteCount
        let inside = min(bytes.count, byteCount - start)
        if faults.isEmpty {
            memory.clearBits(bytes.extracting(first: inside), at: start)
        } else {
            programThroughFaults(bytes.extracting(first: inside), at: start)
        }
        changes += 1
        if inside < bytes.count { program(bytes.extracting(droppingFirst: inside), at: 0) }
    }

    private mutating func programThroughFaults(_ bytes: Span<UInt8>, at address: Int) {
        let end = bytes.count
        var done = 0
        while done < end {
            let position = address + done
            let count = min(end - done, Self.sectorByteCount - position % Self.sectorByteCount)
            var piece = bytes.extracting(done..<(done + count)).withUnsafeBufferPointer { Array($0) }
            faults.program(&piece, at: position, before: memory.bytes(position..<(position + count)))
            memory.clearBits(piece.span, at: position)
            done += count
        }
    }
}
