package import Line

/// One thing that the flash does and that takes time: the power may go meanwhile.
package struct FlashOperation: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case erase
        case program
    }

    package var kind: Kind
    /// The bytes that it changes, all of one sector.
    package var range: Range<Int>
    /// When it begins, on the chip's clock, which may be ahead of the driver's.
    package var start: Instant
    package var end: Instant
}
