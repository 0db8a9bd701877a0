import Images
import Wire

/// What tells one stub from another: a row for each version of ECR6600 facts §4 to §4.3. What a row does not name is the
/// same in all of them: they are one family.
struct StubDescription {
    let version: StubImage.Version

    // MARK: §4.1

    /// The commands it carries out.
    let commands: Set<StubCommand>
    /// Unknown types above this are answered right after the four bytes of their head.
    let highestReadType: UInt8
    /// Its buffer for a command's body; a longer body overruns the stack.
    let bodyBufferByteCount: Int

    // MARK: §4, "Only flash trouble prints"

    /// Size codes of a flash id that it knows.
    let knownSizeCodes: ClosedRange<UInt8>
    /// Bytes of flash that it believes in when it does not know the size code.
    let byteCountIfUnknown: Int
    /// What it prints when there is no flash (id FFFFFF).
    let noFlash: String
    /// What it prints of a size code that it does not know; `%` stands for the id as C's `%x` writes it.
    let unknownSize: String
    /// The manufacturer whose flash it checks for factory data before it takes commands.
    var checkedManufacturer: UInt8?

    // MARK: §4.2

    /// Whether SYN's success carries a sum of its own; else that of some answer before.
    var computesSynSum = false
    /// Whether a bad sum is answered with the command's type and status 05; else with FF and 03.
    var namesBadSums = false
    /// What follows "stub err!\n\0\0" when `flash_boot` returns.
    let lastWords: String

    // MARK: §4.3

    /// Whether a frame that loses what crosses a page from an unaligned address is answered with status 01; else with 00.
    let reportsCutPages: Bool
    /// Its buffer for a data frame.
    var frameBufferByteCount = 64 << 10
    /// Bytes of an upload's frame that have room before the stub's own variables; nil where 64 KB have.
    var uploadBufferByteCount: Int?
}

extension StubDescription {
    private static let commonCommands: Set<StubCommand> = [
        .syn, .ramDownload, .flashDownload, .flashUpload, .erase, .chipErase, .run, .baud,
    ]

    static let vendor134 = StubDescription(
        version: .vendor134, commands: commonCommands.union([.efuse, .sha256]), highestReadType: 0x09,
        bodyBufferByteCount: 8, knownSizeCodes: 0x14...0x18, byteCountIfUnknown: 0, noFlash: "no flash!id:%",
        unknownSize: "id:%", lastWords: "no fla", reportsCutPages: true)

    static let vendor1311 = StubDescription(
        version: .vendor1311, commands: commonCommands.union([.efuse, .sha256, .macToNV]), highestReadType: 0x0C,
        bodyBufferByteCount: 64, knownSizeCodes: 0x14...0x18, byteCountIfUnknown: 2 << 20, noFlash: "no flash!",
        unknownSize: "", checkedManufacturer: 0xEB, computesSynSum: true, namesBadSums: true, lastWords: "ft err",
        reportsCutPages: true, frameBufferByteCount: 0x6141C - 0x60014, uploadBufferByteCount: 0x2404)

    static let vendor140 = StubDescription(
        version: .vendor140, commands: commonCommands.union([.efuse]), highestReadType: 0x08, bodyBufferByteCount: 8,
        knownSizeCodes: 0x14...0x16, byteCountIfUnknown: 0, noFlash: "no flash!flash!", unknownSize: "flash!",
        lastWords: "no fla", reportsCutPages: false)

    /// Community stub 1.0.0 (July 2026); §10.
    static let community = StubDescription(
        version: .community,
        commands: commonCommands.union([
            .sha256, .flashID, .xmodemWrite, .xmodemRead, .xmodemReadCompressed, .xmodemWriteCompressed,
            .xmodemReadMemory, .efuseDump,
        ]),
        highestReadType: 0x9F, bodyBufferByteCount: 8, knownSizeCodes: FlashID.communityStubSizeCodes,
        byteCountIfUnknown: 0, noFlash: "no flash!flash!", unknownSize: "flash!", lastWords: "no fla",
        reportsCutPages: false)

    /// The row for a version. 1.3.1 was not examined; it is of 1.3.4's family (§4) and runs as that.
    static func row(for version: StubImage.Version) -> StubDescription {
        switch version {
        case .vendor131, .vendor134: vendor134
        case .vendor1311: vendor1311
        case .vendor140: vendor140
        case .community: community
        }
    }
}
