import Faults
package import Line
package import Scenarios
package import Words

extension Hookup {
    /// As clients of a control socket get it.
    package var json: JSONValue {
        .object([
            .init(
                "wires",
                .object(Wire.allCases.map { wire in .init(wire.rawValue, .optional(self[wire]?.rawValue)) })),
            .init("adapterMillivolts", .integer(Int64(adapterLevel))),
            .init("supply", .string(isSupplyOn ? "on" : "off")), .init("chipHasPower", .bool(suppliesChip)),
            .init("faults", .array(switchedOn.map { .string($0.name) })),
        ])
    }

    /// Reads what `json` wrote. - Returns: nil where something is missing or unknown.
    package init?(_ json: JSONValue) {
        guard let wires = json["wires"], let level = json["adapterMillivolts"]?.integer,
            let supply = json["supply"]?.string, let faults = json["faults"]?.array
        else { return nil }
        self = .loose
        for wire in Wire.allCases { self[wire] = wires[wire.rawValue]?.string.flatMap(Pad.init) }
        adapterLevel = Int(clamping: level)
        isSupplyOn = supply == "on"
        switchedOn = faults.compactMap(\.string).map { FaultChoice($0) }
    }

    /// What somebody has changed, as a sentence without a full stop; nil for nothing.
    package func change(from before: Hookup) -> String? {
        for wire in Wire.allCases where self[wire] != before[wire] {
            guard let pad = self[wire] else { return "\(wire.rawValue) is pulled" }
            return "\(wire.rawValue) is plugged onto \(pad.rawValue)"
        }
        if adapterLevel != before.adapterLevel { return "the adapter is set to \(volts(adapterLevel))" }
        if isSupplyOn != before.isSupplyOn { return "the supply is switched \(isSupplyOn ? "on" : "off")" }
        if let fault = switchedOn.first(where: { !before.switchedOn.contains($0) }) { return "\(fault.name) begins" }
        if let fault = before.switchedOn.first(where: { !switchedOn.contains($0) }) { return "\(fault.name) ends" }
        return nil
    }

    private func volts(_ level: Millivolts) -> String { "\(level / 1000).\(level % 1000 / 100) V" }
}

extension ControlEvent {
    /// - Parameter isWarning: whether it is about what nobody should do at a real bench.
    package static func hookup(
        _ hookup: Hookup, at time: Instant, _ text: String, isWarning: Bool = false
    ) -> ControlEvent {
        ControlEvent(
            .hookup, at: time, text,
            [.init("hookup", hookup.json)] + (isWarning ? [.init("isWarning", .bool(true))] : []))
    }
}
