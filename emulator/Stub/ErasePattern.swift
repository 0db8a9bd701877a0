/// A piece of flash that one erase command takes.
struct ErasePiece: Hashable {
    enum Size: Int {
        case sector = 0x1000
        case block32 = 0x8000
        case block64 = 0x10000
    }

    var size: Size
    var address: Int
}

/// Which erase commands a stub uses for a range (ECR6600 facts §4.4). From an address that is not a multiple of 4 KB
/// nothing is erased at all.
enum ErasePattern {
    private static let sector = ErasePiece.Size.sector.rawValue
    private static let block32 = ErasePiece.Size.block32.rawValue
    private static let block64 = ErasePiece.Size.block64.rawValue

    /// 04 and 91: sectors only, the length rounded up.
    static func sectors(address: Int, length: Int) -> [ErasePiece] {
        guard address % sector == 0 else { return [] }
        return stride(from: address, to: address + length, by: sector).map { ErasePiece(size: .sector, address: $0) }
    }

    /// 02: below 64 KB sectors only; otherwise a head up to a 64 KB boundary, 64 KB blocks, a tail; head and tail end
    /// and begin with one 32 KB block where they are long enough.
    static func download(address: Int, length: Int) -> [ErasePiece] {
        guard address % sector == 0, length >= block64 else { return sectors(address: address, length: length) }
        let end = address + length
        let headEnd = (address + block64 - 1) / block64 * block64
        let headSectorsEnd = headEnd - address >= block32 ? headEnd - block32 : headEnd
        var pieces = sectors(address: address, length: headSectorsEnd - address)
        if headSectorsEnd < headEnd { pieces.append(ErasePiece(size: .block32, address: headSectorsEnd)) }

        var position = headEnd
        while end - position >= block64 {
            pieces.append(ErasePiece(size: .block64, address: position))
            position += block64
        }
        if end - position >= block32 {
            pieces.append(ErasePiece(size: .block32, address: position))
            position += block32
        }
        return pieces + sectors(address: position, length: end - position)
    }
}
