import Images

/// What a host has to know of a stub that it talks to in frames (ECR6600 facts §4.1, §4.3).
struct StubTraits: Hashable, Sendable {
    /// Bytes that one upload (03) asks for.
    ///
    /// 1.3.11 overwrites its own flash size and SPI mode beyond 0x240A bytes, so it is asked for 8 KB. The others could be
    /// asked for 64 KB, but an answer of exactly 64 KB has a sum over its first five bytes only (§4.3, §10): 32 KB is
    /// the most whose sum says anything.
    var uploadByteCount: Int
    /// Whether it knows SHA256 (09); nil when it has to be asked.
    var hasSHA256: Bool?

    /// Whether an upload (03) may be longer than one frame: 1.3.11 has room for 0x240A bytes (§4.3).
    var takesLongUploads: Bool { uploadByteCount > 0x240A }

    /// What holds for each of them: for a stub that was there before.
    static let careful = StubTraits(uploadByteCount: 0x2000, hasSHA256: nil)

    init(uploadByteCount: Int, hasSHA256: Bool?) {
        self.uploadByteCount = uploadByteCount
        self.hasSHA256 = hasSHA256
    }

    /// - Parameter version: what was uploaded; nil when nothing in the image says so.
    init(_ version: StubImage.Version?) {
        self =
            switch version {
            case .vendor134, .community, .communityOfDecember2025: StubTraits(uploadByteCount: 0x8000, hasSHA256: true)
            case .vendor1311: StubTraits(uploadByteCount: 0x2000, hasSHA256: true)
            case .vendor131, .vendor140: StubTraits(uploadByteCount: 0x8000, hasSHA256: false)
            case nil: .careful
            }
    }
}
