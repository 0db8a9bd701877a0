import Wire

/// What tells one stub from another: a row for each version of ECR6600 facts §4 and §4.1.
struct StubDescription {
    let version: StubImage.Version
    /// The commands it carries out.
    let commands: Set<StubCommand>
    /// Unknown types above this are answered right after the four bytes of their head.
    let highestReadType: UInt8
    /// Its buffer for a command's body; a longer body overruns the stack.
    let bodyBufferByteCount: Int
    /// Size codes of a flash id that it knows; with any other its flash has 0 bytes.
    let knownSizeCodes: ClosedRange<UInt8>

    /// Community stub 1.0.0 (July 2026). Commands 96 and 97 are left out: they are not modelled yet.
    static let community = StubDescription(
        version: .community,
        commands: [
            .syn, .ramDownload, .flashDownload, .flashUpload, .erase, .chipErase, .run, .baud, .sha256, .flashID,
            .xmodemWrite, .xmodemRead, .xmodemReadMemory, .efuseDump,
        ],
        highestReadType: 0x9F, bodyBufferByteCount: 8, knownSizeCodes: FlashID.communityStubSizeCodes)

    /// The row for a version; nil for one that is not modelled yet.
    static func row(for version: StubImage.Version) -> StubDescription? {
        version == .community ? .community : nil
    }
}
