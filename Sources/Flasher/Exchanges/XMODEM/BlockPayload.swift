import Digests
import Wire

/// What one command carries in blocks of 1 KB, and how much of it was acknowledged.
struct BlockPayload {
    private let bytes: [UInt8]
    private var sent = 0

    /// - Parameters:
    ///   - contents: what is to stand in the flash; whole kilobytes.
    ///   - level: 1…9 to send it as a raw deflate stream, filled up with FF, which is ignored behind its end (ECR6600
    ///     facts §10); nil to send it as it is.
    init(_ contents: ArraySlice<UInt8>, level: Int?) {
        var bytes = Array(contents)
        if let level {
            bytes = RawDeflate.compress(bytes, level: level)
            let missing = -bytes.count & (XMODEM.dataByteCount - 1)
            bytes += repeatElement(XMODEM.padding, count: missing)
        }
        self.bytes = bytes
    }

    /// Bytes of it that were acknowledged.
    var acknowledged: Int { sent }
    var isThrough: Bool { sent == bytes.count }

    /// How much of `total` that is.
    func share(of total: Int) -> Int { total * sent / bytes.count }

    /// Sends the first block that was not acknowledged.
    func sendBlock(_ port: inout HostPort) {
        let number = UInt8(truncatingIfNeeded: sent / XMODEM.dataByteCount + 1)
        port.sendBlock(number: number, data: bytes.span.extracting(sent..<(sent + XMODEM.dataByteCount)))
    }

    mutating func acknowledge() {
        sent += XMODEM.dataByteCount
    }
}
