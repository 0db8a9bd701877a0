import Images
import Wire

/// What tells one stub from another: a row for each version of ECR6600 facts §4 to §4.3. What a row does not name is the
/// same in all of them: they are one family.
struct StubDescription {
    let version: StubImage.Version

    // MARK: §4.1, §4.3, §10

    /// What it carries out, and how much room it has.
    let limits: StubLimits
    /// Unknown types above this are answered right after the four bytes of their head.
    let highestReadType: UInt8
    /// What stands behind its transfer buffer and in reach of 03; nil where that buffer has room for any answer.
    var variables: StubVariables.Places?

    // MARK: §4, "Only flash trouble prints"

    /// Size codes of a flash id that it knows.
    let knownSizeCodes: ClosedRange<UInt8>
    /// Bytes of flash that it believes in when it does not know the size code.
    var byteCountIfUnknown: UInt32 = 0
    /// What it prints when there is no flash (id FFFFFF).
    let noFlash: String
    /// What it prints of a size code that it does not know; `%` stands for the id as C's `%x` writes it.
    let unknownSize: String
    /// The manufacturer whose flash it checks for factory data before it takes commands.
    var checkedManufacturer: UInt8?

    // MARK: §4.1, §4.2

    /// Whether SYN's success carries a sum of its own; else that of some answer before.
    var computesSynSum = false
    /// Whether what it refuses is answered with the command's own type: a bad sum with status 05, a type that it reads and
    /// does not know with 03; else both with FF and 03.
    var namesRefused = false
    /// Whether 09's range wraps at 32 bits, as those of the other commands do. Seen in 1.3.4; that the community stub's does
    /// not is an assumption.
    var hashRangeWraps = false
    /// What follows "stub err!\n\0\0" when `flash_boot` returns.
    var lastWords = "no fla"

    // MARK: §4.3, §10

    /// Whether a frame that loses what crosses a page from an unaligned address is answered with status 01, whatever its
    /// sum; else that goes unnoticed.
    let reportsCutPages: Bool
}

extension StubDescription {
    /// The commands it carries out.
    var commands: Set<StubCommand> { limits.commands }
    /// Bytes on its stack for a command's body.
    var bodyBufferByteCount: Int { limits.bodyBufferByteCount }
    /// Bytes that its transfer buffer has for a whole frame; nil where any frame fits.
    var frameBufferByteCount: Int? { limits.frameBufferByteCount }
    /// Bytes that 02 may write from address 0 on; nil for any number.
    var tableBufferByteCount: Int? { limits.tableBufferByteCount }

    private static let vendor131 = StubDescription(
        version: .vendor131, limits: StubLimits(of: .vendor131), highestReadType: 0x08,
        knownSizeCodes: 0x14...0x16, noFlash: "no flash!id:%", unknownSize: "id:%", reportsCutPages: true)

    private static let vendor134 = StubDescription(
        version: .vendor134, limits: StubLimits(of: .vendor134), highestReadType: 0x09,
        knownSizeCodes: 0x14...0x18, noFlash: "no flash!id:%", unknownSize: "id:%", hashRangeWraps: true,
        reportsCutPages: true)

    /// Its variables stand at 0x62424 and 0x63830, after the transfer buffer.
    private static let vendor1311 = StubDescription(
        version: .vendor1311, limits: StubLimits(of: .vendor1311), highestReadType: 0x0C,
        variables: StubVariables.Places(flashByteCount: 0x2410, spiMode: 0x381C),
        knownSizeCodes: 0x14...0x18, byteCountIfUnknown: 2 << 20, noFlash: "no flash!", unknownSize: "",
        checkedManufacturer: 0xEB, computesSynSum: true, namesRefused: true, lastWords: "ft err",
        reportsCutPages: true)

    private static let vendor140 = StubDescription(
        version: .vendor140, limits: StubLimits(of: .vendor140), highestReadType: 0x08,
        knownSizeCodes: 0x14...0x16, noFlash: "no flash!flash!", unknownSize: "flash!", reportsCutPages: false)

    /// Community stub 1.0.0 of 11 July 2026; §10.
    private static let community = communityStub(.community)

    /// The first build that is known. That it reads bodies up to the same type is an assumption.
    private static let communityOfDecember2025 = communityStub(.communityOfDecember2025)

    private static func communityStub(_ version: StubImage.Version) -> StubDescription {
        StubDescription(
            version: version, limits: StubLimits(of: version), highestReadType: 0x9F,
            knownSizeCodes: FlashID.communityStubSizeCodes, noFlash: "no flash!flash!", unknownSize: "flash!",
            reportsCutPages: false)
    }

    /// The row for a version.
    static func row(for version: StubImage.Version) -> StubDescription {
        switch version {
        case .vendor131: vendor131
        case .vendor134: vendor134
        case .vendor1311: vendor1311
        case .vendor140: vendor140
        case .community: community
        case .communityOfDecember2025: communityOfDecember2025
        }
    }
}
