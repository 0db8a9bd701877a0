package import Emulator
package import Line

/// Every fault there is: of the line, of the protocol, of the flash.
package enum FaultRegistry {
    /// What there is, as a list shows it.
    package static let summaries =
        FaultCatalogue.summaries + ProtocolFaultCatalogue.summaries + FlashFaults.summaries

    /// What is wrong with the line: those of the choices that name no fault of the flash, in their order.
    /// - Throws: what is wrong with one.
    package static func lineFaults(_ choices: [FaultChoice]) throws(FaultError) -> [LabelledFault] {
        let names = FlashFaults.summaries.map(\.name)
        var faults: [LabelledFault] = []
        for (choice, label) in zip(choices, FaultChoice.labels(choices)) where !names.contains(choice.name) {
            let fault: any LineFault
            if let ofProtocol = try ProtocolFaultCatalogue.fault(choice) {
                fault = ofProtocol
            } else {
                fault = try FaultCatalogue.fault(choice.name, direction: choice.direction, values: choice.values)
            }
            faults.append(LabelledFault(fault, label: label))
        }
        return faults
    }

    /// What is wrong with the flash: those of the choices that name a fault of the flash, in their order.
    /// - Throws: what is wrong with one.
    package static func flashFaults(_ choices: [FaultChoice]) throws(FaultError) -> FlashFaults {
        let names = FlashFaults.summaries.map(\.name)
        let ofFlash = zip(choices, FaultChoice.labels(choices)).filter { names.contains($0.0.name) }
        if let directed = ofFlash.first(where: { $0.0.direction != nil }) { throw .noDirection(fault: directed.0.name) }
        return try FlashFaults(ofFlash.map { ($0.0.name, $0.0.values) }, labels: ofFlash.map(\.1))
    }
}
