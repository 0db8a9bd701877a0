/// Adapters of the USB class for modems, and microcontrollers that act as one (trace formats §B.6).
package struct CDCACM: SerialAdapter {
    /// Vendors' adapters that are of the class; most are told by their descriptors.
    static let ids: Set<USBDeviceID> = [USBDeviceID(0x1A86, 0x55D3), USBDeviceID(0x1A86, 0x55D4)]

    package let requestIndex: UInt8?

    package init(interface: UInt8? = nil) {
        requestIndex = interface
    }

    package mutating func control(_ request: ControlRequest, into output: inout AdapterOutput) {
        let value = request.setup.value
        switch (request.setup.requestType, request.setup.request) {
        case (0x21, 0x20) where request.data.count >= 7:
            output.append(baudIn: request.data)
            output.append(formatOfLineCoding: request.data)
        case (0xA1, 0x21) where request.data.count >= 7:
            output.append(reportedBaudIn: request.data)
            output.append(reportedFormatOfLineCoding: request.data)
        case (0x21, 0x22): output.append(outputs: value)
        case (0x21, 0x23): if value != 0 { output.append(.breakSent) }
        default: break
        }
    }

    package mutating func interruptIn(_ bytes: Span<UInt8>, into output: inout AdapterOutput) {
        // SERIAL_STATE: a request's eight bytes, and sixteen bits of state.
        guard bytes.count >= 10, bytes[0] == 0xA1, bytes[1] == 0x20 else { return }
        if let requestIndex, bytes[4] != requestIndex { return }
        output.append(serialState: bytes[8], hasClearToSend: false)
    }
}
