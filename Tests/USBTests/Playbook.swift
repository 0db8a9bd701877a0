import Line
import USB

/// What an adapter makes of a request. - Parameter accepted: whether the device accepted it.
func events(
    _ adapter: inout some SerialAdapter, _ requestType: UInt8, _ request: UInt8, _ value: UInt16 = 0,
    _ index: UInt16 = 0, _ data: [UInt8] = []
) -> [AdapterOutput.Event] {
    var output = AdapterOutput()
    adapter.control(
        ControlRequest(USBSetup(requestType, request, value: value, index: index, length: UInt16(data.count)), data),
        into: &output)
    return output.events
}

/// The same of an adapter that has seen nothing before.
func events<Adapter: SerialAdapter>(
    of adapter: Adapter, _ requestType: UInt8, _ request: UInt8, _ value: UInt16 = 0, _ index: UInt16 = 0,
    _ data: [UInt8] = []
) -> [AdapterOutput.Event] {
    var adapter = adapter
    return events(&adapter, requestType, request, value, index, data)
}

/// What an adapter makes of what comes.
func brought(_ adapter: inout some SerialAdapter, _ bytes: [UInt8]) -> AdapterOutput {
    var output = AdapterOutput()
    adapter.bulkIn(bytes.span, into: &output)
    return output
}

func told(_ adapter: inout some SerialAdapter, _ bytes: [UInt8]) -> [AdapterOutput.Event] {
    var output = AdapterOutput()
    adapter.interruptIn(bytes.span, into: &output)
    return output.events
}

let outputs: ControlLines = [.dataTerminalReady, .requestToSend]
let inputs: ControlLines = [.clearToSend, .dataSetReady, .ring, .carrierDetect]
