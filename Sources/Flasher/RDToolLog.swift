/// Lines as RDTool writes them into its log, as far as users have shown them (ECR6600 facts §11.3). “Download” means
/// from PC to chip here, “upload” from chip to PC.
enum RDToolLog {
    /// A line of `UP_FLASH` is about so many bytes.
    static let uploadLineByteCount = 0x400

    /// Marks a line of this program: what follows must not be taken for the tool's own doing.
    static func opening(bootBaud: Int, downloadBaud: Int) -> String {
        "RDTool, imitated by solderless from what its users saw: boot baud \(bootBaud), download baud \(downloadBaud)"
    }

    static let stub = "Begin to download STUB"

    /// - Parameter done: of `total`, which is not 0. What RDTool calls a trunk is not known; ours is a piece of the stub
    ///   or a frame of a write.
    static func downloaded(_ done: Int, of total: Int) -> String {
        let hundredths = done * 10_000 / total
        let fraction = hundredths % 100
        return "DL_TRUNK: trunk downloaded \(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)%"
    }

    /// `pos` is the number of the piece of 0x400 bytes and its address, as in `(0x7fc, 0x1ff000)`.
    /// - Parameter block: what RDTool counts there is not known; ours counts the frames of an upload.
    static func uploaded(block: Int, address: Int) -> String {
        "UP_FLASH: block: \(lowerHex(block)), pos: (\(lowerHex(address / uploadLineByteCount)), \(lowerHex(address)))"
    }

    /// - Parameter count: at least 1; of plain silence RDTool says nothing.
    static func receivedOnly(_ count: Int) -> String { "RECV_RSP: recv timeout: recv length is: \(count)" }

    /// The first byte of an answer was not 5A.
    static let wrongMagic = "RECV_RSP: recv magic is error!"

    private static func lowerHex(_ number: Int) -> String { "0x" + String(number, radix: 16) }
}
