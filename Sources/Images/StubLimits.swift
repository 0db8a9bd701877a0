package import Wire

/// What a stub carries out, and how much room it has: beyond that it does something else than it is asked (ECR6600 facts
/// §4.1, §4.3, §10).
package struct StubLimits: Hashable, Sendable {
    /// The commands that it carries out.
    package var commands: Set<StubCommand>
    /// Bytes on its stack for a command's body; a longer body overruns them.
    package var bodyBufferByteCount = 8
    /// Bytes that its transfer buffer has for a whole frame, from A5 to the sum; nil where any frame fits.
    package var frameBufferByteCount: Int?
    /// Bytes of one upload (03) that are known to do no harm; beyond, it overwrites its own variables. nil where any
    /// number is good.
    package var uploadByteCount: Int?
    /// Bytes that are known to be good where 02 writes from address 0: what begins there is copied into a buffer. nil
    /// without such a buffer.
    package var tableBufferByteCount: Int?

    private static let common: Set<StubCommand> = [
        .syn, .ramDownload, .flashDownload, .flashUpload, .erase, .chipErase, .run, .baud,
    ]
    private static let community = common.union([.sha256, .flashID, .xmodemWrite, .xmodemRead])

    package init(of version: StubImage.Version) {
        switch version {
        case .vendor131: commands = Self.common.union([.efuse])
        case .vendor134: commands = Self.common.union([.efuse, .sha256])
        case .vendor1311:
            commands = Self.common.union([.efuse, .sha256, .macToNV])
            bodyBufferByteCount = 64
            // Its buffer is that of 0x60014…0x6141B.
            frameBufferByteCount = 0x1408
            uploadByteCount = 0x240A
        case .vendor140:
            commands = Self.common.union([.efuse])
            tableBufferByteCount = 4100
        case .community:
            commands = Self.community.union([
                .xmodemReadCompressed, .xmodemWriteCompressed, .xmodemReadMemory, .efuseDump,
            ])
            tableBufferByteCount = 4096
        case .communityOfDecember2025:
            commands = Self.community
            tableBufferByteCount = 4096
        }
    }
}
