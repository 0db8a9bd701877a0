/// How long the flash takes. Nothing was measured on a real part: these are typical datasheet values (ECR6600 facts §5),
/// and options of ours.
package struct FlashTimings: Hashable, Sendable {
    /// One page of 256 bytes.
    package var pageProgram: Duration
    /// 4 KB (command 20).
    package var sectorErase: Duration
    /// 32 KB (command 52).
    package var block32Erase: Duration
    /// 64 KB (command D8).
    package var block64Erase: Duration
    /// The whole chip (command C7), for each megabyte.
    package var chipErasePerMegabyte: Duration
    /// A chip erase never takes longer; nil for no limit. Hosts give up at 10 s (facts §11.2, §13.5).
    package var chipEraseLimit: Duration?

    /// Typical values, and a chip erase that stays under 9 s.
    package static let typical = FlashTimings(
        pageProgram: .microseconds(500), sectorErase: .milliseconds(45), block32Erase: .milliseconds(130),
        block64Erase: .milliseconds(180), chipErasePerMegabyte: .milliseconds(3500),
        chipEraseLimit: .milliseconds(8500))

    /// A flash that needs no time at all.
    package static let instant = FlashTimings(
        pageProgram: .zero, sectorErase: .zero, block32Erase: .zero, block64Erase: .zero,
        chipErasePerMegabyte: .zero, chipEraseLimit: nil)

    /// How long one erase command takes.
    func erase(_ size: ErasePiece.Size) -> Duration {
        switch size {
        case .sector: sectorErase
        case .block32: block32Erase
        case .block64: block64Erase
        }
    }

    /// How long a chip of so many bytes takes to erase whole.
    package func chipErase(byteCount: Int) -> Duration {
        let whole = chipErasePerMegabyte * max(1, byteCount >> 20)
        return chipEraseLimit.map { min($0, whole) } ?? whole
    }
}
