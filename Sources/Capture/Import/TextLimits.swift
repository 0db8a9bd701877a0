/// What texts of others may have, so that a hostile one does no harm.
enum TextLimits {
    /// The longest line that is read: `socat -x` without -v writes a block in one, three characters to a byte.
    static let lineByteCount = 4_194_304
    /// The latest time that is taken: thirty years in nanoseconds.
    static let nanoseconds: Int64 = 946_080_000_000_000_000
}
