import Emulator
package import Faults
import Line

/// What of a scenario can be put between a real chip and its flasher: what goes wrong on the wires or with a step of the
/// protocol. Power, flash, clock and levels are the real bench's own, and no program reaches them.
extension Scenario {
    /// Why a scenario cannot be had there.
    package struct NotBetweenPorts: Error, Hashable, Sendable, CustomStringConvertible {
        /// What it is that cannot be had, and what to do.
        package let description: String
    }

    /// The faults that are put there, in their order. - Throws: `NotBetweenPorts`, which names what is refused.
    package func faultsBetweenPorts() throws(NotBetweenPorts) -> [FaultChoice] {
        for fault in faults { try Self.check(fault) }
        if let cut = power.switches.first(where: { !$0.isOn }) {
            throw refusal(
                "cuts the power (\(cut.label))", "switch the real chip's supply yourself, or try it on an emulated chip"
            )
        }
        guard !power.switches.isEmpty else {
            throw refusal("never switches the power on", "leave the real chip's supply off, or emulate a chip")
        }
        guard ground == .joined else {
            throw refusal(
                "has no common ground",
                "no program between two ports can take the real one away; try it on an emulated chip")
        }
        if let adapter, adapter.level != ECR6600Supply.typical {
            throw refusal(
                "is about an adapter at \(adapter.level) mV",
                "set the real adapter's level, or try it on an emulated chip")
        }
        guard !faults.isEmpty else {
            throw refusal(
                "has no fault of the wires or of the protocol",
                "its power, its adapter and its rates are those of your own bench; try it on an emulated chip")
        }
        return faults
    }

    private func refusal(_ what: String, _ remedy: String) -> NotBetweenPorts {
        NotBetweenPorts(
            description:
                "the scenario \(name) \(what), which cannot be put between a real port and its flasher: \(remedy): "
                + "solderless emulate --scenario \(name)")
    }

    private static func check(_ fault: FaultChoice) throws(NotBetweenPorts) {
        let whose: String? =
            if FlashFaults.summaries.contains(where: { $0.name == fault.name }) {
                "the flash"
            } else if fault.name == WrongCrystal.summary.name {
                "the chip's clock"
            } else {
                nil
            }
        guard let whose else { return }
        throw NotBetweenPorts(
            description:
                "\(fault.name) is a fault of \(whose), which cannot be put between a real port and its flasher: "
                + "leave it out, or try it on an emulated chip: solderless emulate --fault \"\(fault.text)\"")
    }
}
