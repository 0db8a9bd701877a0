package import Emulator
package import Line

/// Every fault there is: of the line, of the protocol, of the flash.
package enum FaultRegistry {
    /// What there is, as a list shows it.
    package static let summaries =
        FaultCatalogue.summaries + ProtocolFaultCatalogue.summaries + FlashFaults.summaries

    /// What is wrong with the line: those of the choices that name no fault of the flash, in their order.
    /// - Throws: what is wrong with one.
    package static func lineFaults(_ choices: [FaultChoice]) throws(FaultError) -> [any LineFault] {
        let names = FlashFaults.summaries.map(\.name)
        var faults: [any LineFault] = []
        for choice in choices where !names.contains(choice.name) {
            if let fault = try ProtocolFaultCatalogue.fault(choice) {
                faults.append(fault)
            } else {
                faults.append(
                    try FaultCatalogue.fault(choice.name, direction: choice.direction, values: choice.values))
            }
        }
        return faults
    }

    /// The choices in the order in which a trial counts what they did: those of the line, then those of the flash.
    package static func inOrderOfFiring(_ choices: [FaultChoice]) -> [FaultChoice] {
        let names = FlashFaults.summaries.map(\.name)
        return choices.filter { !names.contains($0.name) } + choices.filter { names.contains($0.name) }
    }

    /// What is wrong with the flash: those of the choices that name a fault of the flash, in their order.
    /// - Throws: what is wrong with one.
    package static func flashFaults(_ choices: [FaultChoice]) throws(FaultError) -> FlashFaults {
        let names = FlashFaults.summaries.map(\.name)
        let ofFlash = choices.filter { names.contains($0.name) }
        if let directed = ofFlash.first(where: { $0.direction != nil }) { throw .noDirection(fault: directed.name) }
        return try FlashFaults(ofFlash.map { ($0.name, $0.values) })
    }
}
