/// Memory in sectors of 4 KB that are shared between copies until one of them writes: a thousand chips that hold the
/// same image cost one image and a thousand short tables.
package struct SectorMemory: Sendable {
    /// Bytes in a sector.
    package static let sectorByteCount = 4096

    /// Bytes in all; a multiple of a sector.
    package let byteCount: Int
    private var sectors: [[UInt8]]

    /// Memory whose every byte is `value`. - Parameter byteCount: a multiple of 4096.
    package init(byteCount: Int, filledWith value: UInt8) {
        precondition(byteCount % Self.sectorByteCount == 0, "memory comes in sectors of 4 KB")
        self.byteCount = byteCount
        let blank = [UInt8](repeating: value, count: Self.sectorByteCount)
        sectors = Array(repeating: blank, count: byteCount / Self.sectorByteCount)
    }

    /// Appends `count` bytes from `address` on to `destination`; beyond the end it begins again at 0.
    package func read(_ count: Int, at address: Int, into destination: inout [UInt8]) {
        var position = address % byteCount
        var rest = count
        while rest > 0 {
            let offset = position % Self.sectorByteCount
            let piece = min(rest, Self.sectorByteCount - offset)
            destination.append(contentsOf: sectors[position / Self.sectorByteCount][offset..<(offset + piece)])
            rest -= piece
            position = (position + piece) % byteCount
        }
    }

    /// The bytes of a range that lies inside.
    package func bytes(_ range: Range<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count)
        read(range.count, at: range.lowerBound, into: &bytes)
        return bytes
    }

    /// Whole sectors, shared; those beyond the end are left out.
    func sectors(_ range: Range<Int>) -> [[UInt8]] {
        Array(sectors[range.clamped(to: sectors.indices)])
    }

    /// Sectors that hold something else than in another memory of the same size; those that are shared cost nothing.
    func changedSectors(since other: SectorMemory) -> [Int] {
        zip(sectors, other.sectors).enumerated().filter { $0.element.0 != $0.element.1 }.map(\.offset)
    }

    /// Stores bytes; those that would lie beyond the end are dropped.
    package mutating func write(_ bytes: Span<UInt8>, at address: Int) {
        modify(bytes, at: address) { old, new in old = new }
    }

    /// Clears those bits that are 0 in `bytes`, as programming NOR flash does; beyond the end nothing happens.
    package mutating func clearBits(_ bytes: Span<UInt8>, at address: Int) {
        modify(bytes, at: address) { old, new in old &= new }
    }

    /// Makes one whole sector a single value, sharing it with its like.
    package mutating func fill(sector: Int, with blank: [UInt8]) {
        precondition(blank.count == Self.sectorByteCount, "a sector has 4096 bytes")
        sectors[sector] = blank
    }

    @inline(__always)
    private mutating func modify(_ bytes: Span<UInt8>, at address: Int, _ change: (inout UInt8, UInt8) -> Void) {
        var position = address
        var index = 0
        let end = min(bytes.count, max(0, byteCount - address))
        while index < end {
            let offset = position % Self.sectorByteCount
            let piece = min(end - index, Self.sectorByteCount - offset)
            sectors[position / Self.sectorByteCount].withUnsafeMutableBufferPointer { sector in
                bytes.withUnsafeBufferPointer { bytes in
                    for step in 0..<piece { change(&sector[offset &+ step], bytes[index &+ step]) }
                }
            }
            index += piece
            position += piece
        }
    }
}
