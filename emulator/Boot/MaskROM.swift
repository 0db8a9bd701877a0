/// The mask ROM in UART boot mode: waits for the sync word, loads a RAM image, jumps to it (ECR6600 facts §3).
///
/// It was never disassembled. That it speaks uboot's protocol without "amt_" is likely; whether it acknowledges pieces
/// and how long it waits is unknown: pieces are an option, and it waits for ever.
struct MaskROM: Loader {
    let name = "mask ROM, UART boot"
    private var matcher = SyncMatcher(acceptsAmt: false)
    private var download: DownloadExchange
    private var isSynchronised = false

    init(acknowledgesPieces: Bool) {
        download = DownloadExchange(acknowledgesPieces: acknowledgesPieces)
    }

    mutating func resume(_ processor: inout Processor, _ cause: Wake) {
        if cause == .entered { processor.setRate(.rom) }
        while !isSynchronised {
            guard let byte = processor.receive() else { return }
            if matcher.feed(byte) == .sync {
                isSynchronised = true
                download.begin(&processor)
            }
        }
        download.resume(&processor)
    }
}
