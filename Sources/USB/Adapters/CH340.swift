import Line

/// WCH's CH340 and CH341 (trace formats §B.6). Rates are a prescaler and a divisor of 48 MHz, written to registers by
/// Linux's drivers (`40/9A`), all in one request by WCH's own (`40/A1`).
package struct CH340: SerialAdapter {
    static let ids: Set<USBDeviceID> = [
        USBDeviceID(0x1A86, 0x7523), USBDeviceID(0x1A86, 0x5523), USBDeviceID(0x1A86, 0x7522),
        USBDeviceID(0x4348, 0x5523),
    ]

    /// What was last written to the registers 12 and 13, for the finer divisor that may follow.
    private var prescaler: UInt8?
    private var divisor: UInt8 = 0
    /// Whether a rate was written that a finer divisor may follow: older drivers leave bit 7 of the prescaler out.
    private var mayBeFiner = false

    package init() {}

    package mutating func control(_ request: ControlRequest, into output: inout AdapterOutput) {
        let (value, index) = (request.setup.value, request.setup.index)
        let finer = request.setup.request == 0x9A && value == 0x0F2C
        if !finer { settle(into: &output) }
        switch (request.setup.requestType, request.setup.request) {
        case (0x40, 0x9A):
            write(UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: index), of: request, into: &output)
            write(UInt8(value >> 8), UInt8(index >> 8), of: request, into: &output)
            if value == 0x1312 {
                mayBeFiner = true
                if index & 0x80 != 0 { settle(into: &output) }
            }
        case (0x40, 0xA1) where value & 0xFF == 0x9C:
            appendFormat(UInt8(value >> 8), into: &output)
            (prescaler, divisor) = (UInt8(truncatingIfNeeded: index), UInt8(index >> 8))
            appendBaud(into: &output)
        case (0x40, 0xA4):
            // Bit 5 is DTR and bit 6 RTS, and a line is asserted where its bit is 0.
            output.append(outputs: ~value >> 5)
        case (0xC0, 0x95) where value == 0x0706 && !request.data.isEmpty:
            appendModemStatus(request.data[0], into: &output)
        default: break
        }
    }

    package mutating func settle(into output: inout AdapterOutput) {
        guard mayBeFiner else { return }
        mayBeFiner = false
        appendBaud(into: &output)
    }

    package mutating func interruptIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput) {
        if bytes.count >= 4 { appendModemStatus(bytes[2], into: &output) }
    }

    /// One of the two registers that a request writes.
    private mutating func write(
        _ register: UInt8, _ value: UInt8, of request: ControlRequest, into output: inout AdapterOutput
    ) {
        switch register {
        case 0x12: prescaler = value
        case 0x13: divisor = value
        case 0x0F where request.setup.value == 0x0F2C:
            mayBeFiner = false
            appendFineBaud(request.setup.index, into: &output)
        case 0x18 where request.setup.value == 0x2518 || request.setup.value == 0x1818:
            appendFormat(value, into: &output)
        case 0x18 where request.setup.value == 0x1805:
            // A break takes the transmitter away (LCR bit 6) and pulls the wire down (register 05, bit 0 at 0).
            if value & 0x40 == 0, request.setup.index & 1 == 0 { output.append(.breakSent) }
        default: break
        }
    }

    /// `lo = ps | fact << 2`; baud = 48,000,000 / (2^(12 − 3·ps − fact) · (256 − hi)).
    private func appendBaud(into output: inout AdapterOutput) {
        guard let prescaler else { return }
        let shift = 12 - 3 * Int(prescaler & 3) - Int(prescaler >> 2 & 1)
        output.append(baud: 48_000_000, over: (256 - Int(divisor)) << shift)
    }

    /// Older drivers write eight more bits of the divisor: baud = 1,532,620,800 / ((0x10000 − hi:lo8) · 8^(3 − ps)).
    private func appendFineBaud(_ low: UInt16, into output: inout AdapterOutput) {
        guard let prescaler else { return }
        let factor = 0x10000 - (Int(divisor) << 8 | Int(low & 0xFF))
        output.append(baud: 1_532_620_800, over: factor << (3 * (3 - Int(prescaler & 3))))
    }

    /// LCR: 03 data bits, 04 two stop bits, 08 parity, 10 even, 20 mark or space.
    private func appendFormat(_ lcr: UInt8, into output: inout AdapterOutput) {
        let parity: FrameFormat.Parity =
            switch lcr & 0x38 {
            case 0x08: .odd
            case 0x18: .even
            case 0x28: .mark
            case 0x38: .space
            default: .none
            }
        output.append(
            .format(FrameFormat(dataBits: 5 + lcr & 3, parity: parity, stopBits: lcr & 4 != 0 ? .two : .one)))
    }

    /// Inverted: 1 CTS, 2 DSR, 4 RI, 8 DCD, asserted where 0.
    private func appendModemStatus(_ status: UInt8, into output: inout AdapterOutput) {
        output.append(modemStatus: (~status & 0x0F) << 4)
    }
}
