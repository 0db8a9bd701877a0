import Images

/// What one application says while it starts. Which one is in the flash is told by bytes that only it has, such as its header.
///
/// It stands for firmware that a bench may hold beside what the board came with: both are filling, and neither says anything by
/// itself.
package struct FirmwareLog: Hashable, Sendable {
    /// Where its bytes stand in the flash.
    package var address: Int
    package var bytes: [UInt8]
    package var log: ApplicationLog

    package init(at address: Int, _ bytes: [UInt8], says log: ApplicationLog) {
        self.address = address
        self.bytes = bytes
        self.log = log
    }

    fileprivate func isIn(_ flash: FlashView) -> Bool {
        let range = address..<(address + bytes.count)
        return range.upperBound <= flash.byteCount && flash.bytes(range) == bytes
    }
}

extension Processor {
    /// What the application that starts now says.
    var applicationLog: ApplicationLog? {
        settings.firmwareLogs.first { $0.isIn(flashView) }?.log ?? settings.applicationLog
    }
}
