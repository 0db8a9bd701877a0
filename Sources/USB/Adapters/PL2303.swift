import Line

/// Prolific's PL2303 (trace formats §B.6): CDC's requests, with divisors in the place of some rates.
package struct PL2303: SerialAdapter {
    static let ids: Set<USBDeviceID> = Set(
        [0x2303, 0x2304, 0x23A3, 0x23B3, 0x23C3, 0x23D3, 0x23E3, 0x23F3].map { USBDeviceID(0x067B, $0) })

    /// Whether it is a PL2303TA, whose divisors are laid out otherwise; nil where nobody knows.
    private let isTA: Bool?

    package init(isTA: Bool? = nil) {
        self.isTA = isTA
    }

    package mutating func control(_ request: ControlRequest, into output: inout AdapterOutput) {
        let value = request.setup.value
        switch (request.setup.requestType, request.setup.request) {
        case (0x21, 0x20) where request.data.count >= 7:
            appendBaud(request.data, into: &output)
            output.append(formatOfLineCoding: request.data)
        // In its divisors it answers as it was set, and then that is known.
        case (0xA1, 0x21) where request.data.count >= 7 && request.data[3] != 0x80:
            output.append(reportedBaudIn: request.data)
            output.append(reportedFormatOfLineCoding: request.data)
        case (0x21, 0x22): output.append(outputs: value)
        case (0x21, 0x23): if value != 0 { output.append(.breakSent) }
        default: break
        }
    }

    package mutating func interruptIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput) {
        // Of ten bytes the ninth; some have only one.
        if bytes.count > 8 {
            output.append(serialState: bytes[8], hasClearToSend: true)
        } else if !bytes.isEmpty {
            output.append(serialState: bytes[0], hasClearToSend: true)
        }
    }

    /// A rate, or with a fourth byte of 80 what 12 MHz · 32 is divided by.
    private func appendBaud(_ data: [UInt8], into output: inout AdapterOutput) {
        guard data[3] == 0x80 else {
            return output.append(baudIn: data)
        }
        let (low, high) = (Int(data[0]), Int(data[1]))
        let common = (low | (high & 1) << 8) << (2 * (high >> 1 & 7))
        let ta = (low | (high & 7) << 8) << ((high >> 5) << 1 | Int(data[2] & 1))
        // The two overlap; the one that gives a rate people use is meant.
        let looksTA = high >> 4 != 0 || data[2] & 1 != 0 || (Self.isLikely(ta) && !Self.isLikely(common))
        output.append(baud: Self.clock, over: isTA ?? looksTA ? ta : common)
    }

    private static let clock = 12_000_000 * 32

    private static func isLikely(_ divisor: Int) -> Bool {
        divisor > 0 && NominalBaud.isNear(UInt32(clamping: clock / divisor))
    }
}
