/// Erase commands of one size, one behind the other.
struct ErasePiece: Hashable {
    enum Size: Int {
        case sector = 0x1000
        case block32 = 0x8000
        case block64 = 0x10000
    }

    var size: Size
    /// Of the first command; it may lie beyond the part's end, which takes it modulo its size.
    var address: Int
    /// Commands, each further on by the size; at least 1.
    var count = 1
}

/// Which erase commands a stub uses for a range (ECR6600 facts §4.4). From an address that is not a multiple of 4 KB
/// nothing is erased at all.
enum ErasePattern {
    private static let block32 = ErasePiece.Size.block32.rawValue
    private static let block64 = ErasePiece.Size.block64.rawValue

    /// 04 and 91: sectors only, the length rounded up.
    static func sectors(_ range: StubRange) -> [ErasePiece] {
        sectors(address: Int(range.address), length: Int(range.length))
    }

    private static func sectors(address: Int, length: Int) -> [ErasePiece] {
        guard address % ErasePiece.Size.sector.rawValue == 0 else { return [] }
        return pieces(of: .sector, at: address, covering: length)
    }

    /// 02: below 64 KB sectors only; otherwise a head up to a 64 KB boundary, 64 KB blocks, a tail; head and tail end
    /// and begin with one 32 KB block where they are long enough.
    static func download(_ range: StubRange) -> [ErasePiece] {
        let (address, length) = (Int(range.address), Int(range.length))
        guard address % ErasePiece.Size.sector.rawValue == 0, length >= block64 else { return sectors(range) }
        let end = address + length
        let headEnd = (address + block64 - 1) / block64 * block64
        let headBlock = headEnd - address >= block32 ? block32 : 0
        let blocksEnd = headEnd + (end - headEnd) / block64 * block64
        let tailBlock = end - blocksEnd >= block32 ? block32 : 0
        return sectors(address: address, length: headEnd - headBlock - address)
            + pieces(of: .block32, at: headEnd - headBlock, covering: headBlock)
            + pieces(of: .block64, at: headEnd, covering: blocksEnd - headEnd)
            + pieces(of: .block32, at: blocksEnd, covering: tailBlock)
            + sectors(address: blocksEnd + tailBlock, length: end - blocksEnd - tailBlock)
    }

    private static func pieces(of size: ErasePiece.Size, at address: Int, covering length: Int) -> [ErasePiece] {
        guard length > 0 else { return [] }
        return [ErasePiece(size: size, address: address, count: (length + size.rawValue - 1) / size.rawValue)]
    }
}
