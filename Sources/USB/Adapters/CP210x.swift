import Line

/// Silicon Labs' CP210x (trace formats §B.6). With embedded events on, what it says of errors and lines stands among the
/// data that it brings, behind an escape character.
package struct CP210x: SerialAdapter {
    static let ids: Set<USBDeviceID> = [
        USBDeviceID(0x10C4, 0xEA60), USBDeviceID(0x10C4, 0xEA61), USBDeviceID(0x10C4, 0xEA63),
        USBDeviceID(0x10C4, 0xEA70), USBDeviceID(0x10C4, 0xEA71),
    ]

    package let requestIndex: UInt8?
    /// What stands before an embedded event; nil where they are off.
    private var escape: UInt8?
    /// An embedded event that is not whole yet, without its escape; an event may go on in the next transfer.
    private var event: [UInt8]?

    package init(interface: UInt8? = nil) {
        requestIndex = interface
    }

    package mutating func control(_ request: ControlRequest, into output: inout AdapterOutput) {
        let value = request.setup.value
        switch (request.setup.requestType, request.setup.request) {
        case (0x41, 0x00): output.append(value == 0 ? .closed : .opened)
        case (0x41, 0x01): output.append(baud: 3_686_400, over: Int(value))
        case (0x41, 0x1E) where request.data.count >= 4:
            output.append(baudIn: request.data)
        case (0x41, 0x03): appendFormat(value, into: &output)
        case (0xC1, 0x1D) where request.data.count >= 4: output.append(reportedBaudIn: request.data)
        case (0xC1, 0x04) where request.data.count >= 2:
            if let format = Self.format(request.data.span.littleEndian(at: 0)) {
                output.append(.reportedFormat(format))
            }
        case (0x41, 0x06): output.append(.sentAtOnce(UInt8(truncatingIfNeeded: value)))
        case (0x41, 0x13) where request.data.count >= 16: appendFlow(request.data.span, into: &output)
        case (0x41, 0x05): if value != 0 { output.append(.breakSent) }
        // The high byte says which of the two are written.
        case (0x41, 0x07): if value >> 8 & 3 != 0 { output.append(outputs: value, mask: value >> 8 & 3) }
        case (0x41, 0x12): appendPurge(value, into: &output)
        case (0x41, 0x15): (escape, event) = (value & 0xFF == 0 ? nil : UInt8(value & 0xFF), nil)
        case (0xC1, 0x08) where !request.data.isEmpty: output.append(modemStatus: request.data[0])
        default: break
        }
    }

    package mutating func bulkIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput) {
        guard let escape else { return output.append(bytes) }
        var plain = 0
        for index in 0..<bytes.count {
            if event != nil {
                event?.append(bytes[index])
                finishEvent(into: &output, escape)
                plain = index + 1
            } else if bytes[index] == escape {
                output.append(bytes.extracting(plain..<index))
                event = []
                plain = index + 1
            }
        }
        output.append(bytes.extracting(plain..<bytes.count))
    }

    /// `00` the escape itself, `01 LSR character`, `02 LSR`, `03 MSR`.
    private mutating func finishEvent(into output: inout AdapterOutput, _ escape: UInt8) {
        guard let code = event?.first, let count = event?.count else { return }
        switch (code, count) {
        case (1, 1...2), (2...3, 1): return
        case (0, _): output.append(byte: escape)
        case (1, _):
            appendErrors(event![1], into: &output)
            output.append(byte: event![2])
        case (2, _): appendErrors(event![1], into: &output)
        case (3, _): output.append(modemStatus: event![1])
        default: output.append(.odd("an embedded event with the code \(code)"))
        }
        event = nil
    }

    /// LSR: 02 overrun, 04 parity, 08 framing, 10 break.
    private func appendErrors(_ status: UInt8, into output: inout AdapterOutput) {
        if status & 0x02 != 0 { output.append(.error(.overrun)) }
        if status & 0x04 != 0 { output.append(.error(.parity)) }
        if status & 0x08 != 0 { output.append(.error(.framing)) }
        if status & 0x10 != 0 { output.append(.error(.break)) }
    }

    private func appendFormat(_ value: UInt16, into output: inout AdapterOutput) {
        guard let format = Self.format(value) else {
            return output.append(.odd("a frame format that cannot be: \(String(value, radix: 16))"))
        }
        output.append(.format(format))
    }

    /// Bits 8 to 11 data bits, 4 to 7 parity, 0 to 3 stop bits.
    private static func format(_ value: UInt16) -> FrameFormat? {
        let bits = UInt8(value >> 8 & 0xF)
        guard let parity = FrameFormat.Parity(rawValue: UInt8(value >> 4 & 0xF)), value & 0xF <= 2, bits >= 5 else {
            return nil
        }
        return FrameFormat(dataBits: bits, parity: parity, stopBits: FrameFormat.StopBits(code: UInt8(value & 0xF)))
    }

    /// Sixteen bytes (Silicon Labs AN571, SET_FLOW): a word for DTR and its kin, of which bits 0 and 1 are 0 low, 1 asserted, 2
    /// held by the flow, bit 3 CTS and bit 4 DSR held; a word for RTS, of which bits 6 and 7 are the same, bits 0 and 1
    /// XON/XOFF; two limits.
    private func appendFlow(_ data: Span<UInt8>, into output: inout AdapterOutput) {
        let handshake = data.littleEndian(UInt32.self, at: 0)
        let replacement = data.littleEndian(UInt32.self, at: 4)
        let modes = (dataTerminalReady: handshake & 3, requestToSend: replacement >> 6 & 3)
        var (asserted, mask): (UInt16, UInt16) = (0, 0)
        if modes.dataTerminalReady < 2 { (asserted, mask) = (UInt16(modes.dataTerminalReady), 1) }
        if modes.requestToSend < 2 {
            asserted |= UInt16(modes.requestToSend) << 1
            mask |= 2
        }
        if mask != 0 { output.append(outputs: asserted, mask: mask) }
        var kinds: [String] = []
        if modes.requestToSend == 2 || handshake & 0x08 != 0 { kinds.append("RTS/CTS") }
        if modes.dataTerminalReady == 2 || handshake & 0x10 != 0 { kinds.append("DTR/DSR") }
        if replacement & 3 != 0 { kinds.append("XON/XOFF") }
        output.append(.flowControl(kinds.isEmpty ? "none" : kinds.joined(separator: ", ")))
    }

    /// Bits 0 and 2 the transmit queues, 1 and 3 the receive queues (Silicon Labs AN571, PURGE).
    private func appendPurge(_ value: UInt16, into output: inout AdapterOutput) {
        switch (value & 0x0A != 0, value & 0x05 != 0) {
        case (true, true): output.append(.purged(.both))
        case (true, false): output.append(.purged(.input))
        case (false, true): output.append(.purged(.output))
        case (false, false): break
        }
    }
}
