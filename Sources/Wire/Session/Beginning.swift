/// What the bytes at the head of a stream are, as far as they show it.
enum Beginning {
    /// It is not taken before there are this many bytes, which is more than there are; only its head may be refused
    /// before. If it is anything, it is this step; before the length of a frame is there, `count` is that of the
    /// shortest.
    case more(Int, Step? = nil, isLengthKnown: Bool = true)
    /// The first bytes are this.
    case whole(Int, SessionEvent.Kind)
    /// The first bytes belong to the payload of a RAM download.
    case payload(Int)
    /// The first byte, this one, belongs to nothing.
    case loose(UInt8)

    /// How many bytes decide, at the most, that a longer message is none: those of a download header.
    static let headByteCount = DownloadHeader.byteCount
}
