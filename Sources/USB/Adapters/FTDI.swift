import Line

/// FTDI's adapters (trace formats §B.6). Each packet that it brings begins with two bytes of status, which are no data; a
/// transfer is as many packets as it has.
package struct FTDI: SerialAdapter {
    static let ids: Set<USBDeviceID> = [
        USBDeviceID(0x0403, 0x6001), USBDeviceID(0x0403, 0x6010), USBDeviceID(0x0403, 0x6011),
        USBDeviceID(0x0403, 0x6014), USBDeviceID(0x0403, 0x6015), sio,
    ]
    /// The first of them.
    static let sio = USBDeviceID(0x0403, 0x8372)
    /// The SIO's rates by their numbers, 0…9 (trace formats §B.6; Linux 6.1, `ftdi_sio.h`).
    private static let oldRates: [UInt32] = [300, 600, 1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200]
    /// Those with a channel number in every request, the only one of the 6014 being 0.
    static let channelled: Set<USBDeviceID> = [
        USBDeviceID(0x0403, 0x6010), USBDeviceID(0x0403, 0x6011), USBDeviceID(0x0403, 0x6014),
    ]
    /// Bytes of status before each packet's data.
    package static let statusByteCount = 2

    private let packetByteCount: Int
    package let requestIndex: UInt8?
    private let isChannelled: Bool
    private let isSIO: Bool
    private var modemStatus: UInt8?

    /// - Parameters:
    ///   - packetByteCount: 64 at full speed, 512 at high speed.
    ///   - channel: 1 for the first of a chip that has several; nil where requests do not say.
    ///   - isChannelled: whether requests have the channel in the index's low byte, and with it the divisor's high
    ///     bits one byte further up.
    ///   - isSIO: whether it is the first of them, which has a table of rates and no divisor.
    package init(
        packetByteCount: Int = 64, channel: UInt8? = nil, isChannelled: Bool = false, isSIO: Bool = false
    ) {
        self.isSIO = isSIO
        self.packetByteCount = max(packetByteCount, Self.statusByteCount + 1)
        requestIndex = channel
        self.isChannelled = isChannelled || channel != nil
    }

    package mutating func control(_ request: ControlRequest, into output: inout AdapterOutput) {
        let value = request.setup.value
        switch (request.setup.requestType, request.setup.request) {
        case (0x40, 0x00):
            switch value {
            case 0: output.append(outputs: 0)
            case 1: output.append(.purged(.input))
            case 2: output.append(.purged(.output))
            default: break
            }
        case (0x40, 0x01): if value >> 8 & 3 != 0 { output.append(outputs: value, mask: value >> 8 & 3) }
        case (0x40, 0x03) where isSIO:
            let rate = value < Self.oldRates.count ? Self.oldRates[Int(value)] : nil
            output.append(rate.map { .baud($0) } ?? .odd("rate \(value) of a table of ten"))
        case (0x40, 0x03): appendBaud(request.setup, into: &output)
        case (0x40, 0x02): appendFlow(request.setup.index >> 8, into: &output)
        case (0x40, 0x04): appendFormat(value, into: &output)
        case (0xC0, 0x05) where !request.data.isEmpty: append(modemStatus: request.data[0], into: &output)
        case (0x40, 0x09): output.append(.latencyTimer(Int(value & 0xFF)))
        default: break
        }
    }

    package mutating func bulkIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput) {
        var start = 0
        while start + Self.statusByteCount <= bytes.count {
            let end = min(bytes.count, start + packetByteCount)
            append(modemStatus: bytes[start], into: &output)
            // The errors of a packet without data are those of the last one.
            if end - start > Self.statusByteCount { appendErrors(bytes[start + 1], into: &output) }
            output.append(bytes.extracting((start + Self.statusByteCount)..<end))
            start = end
        }
    }

    /// Before each packet to the SIO stands how long it is.
    package var sentHead: SentHead? { isSIO ? SentHead(byteCount: 1, packetByteCount: 64) : nil }

    /// 1 RTS/CTS, 2 DTR/DSR, 4 XON/XOFF.
    private func appendFlow(_ bits: UInt16, into output: inout AdapterOutput) {
        let kinds = [(1, "RTS/CTS"), (2, "DTR/DSR"), (4, "XON/XOFF")].filter { bits & $0.0 != 0 }.map { $0.1 }
        output.append(.flowControl(kinds.isEmpty ? "none" : kinds.joined(separator: ", ")))
    }

    package func lineByteCount(ofTransfer count: Int) -> Int {
        let packets = (count + packetByteCount - 1) / packetByteCount
        return max(0, count - packets * Self.statusByteCount)
    }

    /// 17 bits of divisor, and bit 17 for chips with 12 MHz: bits 0 to 13 its whole part, 14 to 16 a code for its eighths.
    private func appendBaud(_ setup: USBSetup, into output: inout AdapterOutput) {
        let high = Int(isChannelled ? setup.index >> 8 : setup.index) & 3
        let divisor = Int(setup.value) | (high & 1) << 16
        let clock = high & 2 != 0 ? 12_000_000 : 3_000_000
        switch divisor {
        case 0: output.append(baud: clock, over: 1)
        case 1: output.append(baud: clock * 2, over: 3)
        default:
            let eighths = [0, 4, 2, 1, 3, 5, 6, 7][divisor >> 14]
            output.append(baud: clock * 8, over: (divisor & 0x3FFF) * 8 + eighths)
        }
    }

    /// Bits 0 to 7 data bits, 8 to 10 parity, 11 to 13 stop bits, 14 break.
    private func appendFormat(_ value: UInt16, into output: inout AdapterOutput) {
        let bits = UInt8(value & 0xFF)
        if let parity = FrameFormat.Parity(rawValue: UInt8(value >> 8 & 7)), (5...16).contains(bits) {
            let stopBits = FrameFormat.StopBits(code: UInt8(value >> 11 & 7))
            output.append(.format(FrameFormat(dataBits: bits, parity: parity, stopBits: stopBits)))
        } else {
            output.append(.odd("a frame format that cannot be: \(String(value, radix: 16))"))
        }
        if value & 0x4000 != 0 { output.append(.breakSent) }
    }

    /// The first byte of status: 10 CTS, 20 DSR, 40 RI, 80 DCD.
    private mutating func append(modemStatus status: UInt8, into output: inout AdapterOutput) {
        guard modemStatus != status & 0xF0 else { return }
        modemStatus = status & 0xF0
        output.append(modemStatus: status)
    }

    /// The second: 02 overrun, 04 parity, 08 framing, 10 break.
    private func appendErrors(_ status: UInt8, into output: inout AdapterOutput) {
        guard status & 0x1E != 0 else { return }
        if status & 0x02 != 0 { output.append(.error(.overrun)) }
        if status & 0x04 != 0 { output.append(.error(.parity)) }
        if status & 0x08 != 0 { output.append(.error(.framing)) }
        if status & 0x10 != 0 { output.append(.error(.break)) }
    }
}
