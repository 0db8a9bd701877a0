import Emulator
import Faults
import Line
import Scenarios
import Words

/// Wires, switches and faults of a running emulation.
extension Emulation {
    /// Plugs a wire onto a pad, or pulls it. - Throws: `ControlRefusal`.
    func plug(_ wire: Hookup.Wire, _ pad: Hookup.Pad?) throws(ControlRefusal) -> ControlAnswer {
        guard pad != .reset || hasResetPad else {
            throw ControlRefusal(.badArgument, "this board has no pad for RESET; switch its power instead")
        }
        return try change { $0[wire] = pad }
    }

    /// Whether the board has a pad for RESET_B.
    package var hasResetPad: Bool { !place.resetLines.isEmpty }

    /// Switches the supply's output; the chip has power where both its wires are plugged.
    func switchSupply(on isOn: Bool) throws(ControlRefusal) -> ControlAnswer {
        let wasOn = hookup.isSupplyOn
        hookup.isSupplyOn = isOn
        if wasOn != isOn { noteHookup("the supply is switched \(isOn ? "on" : "off")") }
        if isOn, hookup.isShort {
            noteHookup(
                "3.3 V and ground of the supply meet on the board: its current limit holds, and nothing has power",
                isWarning: true)
        }
        if isOn, hookup.isReversed {
            noteHookup(
                "3.3 V and ground of the supply are swapped: here nothing has power, a real chip may die of it",
                isWarning: true)
        }
        guard hookup.reachesSupply else { return powerAnswer(before: false, at: port.moment) }
        return try command(.power(on: isOn))
    }

    /// Changes what is plugged and switched, now. - Throws: `ControlRefusal` when the port fails.
    func change(_ change: (inout Hookup) -> Void) throws(ControlRefusal) -> ControlAnswer {
        let before = hookup
        if hookup.reachesSupply { hookup.isSupplyOn = port.device.isPowered }
        let wasSupplied = hookup.suppliesChip
        change(&hookup)
        let lines: ControlLines = hookup.isRight(.adapterRTS) ? place.resetLines : []
        do {
            try port.rewire(try hookup.conditions(place.conditions))
            if hookup.isRight(.adapterRTS) != before.isRight(.adapterRTS) {
                try port.intervene { chip, now in chip.wireReset(to: lines, at: now) }
            }
            if hookup.suppliesChip != wasSupplied {
                let isOn = hookup.suppliesChip
                try port.intervene { chip, now in chip.command(.power(on: isOn), at: now) }
            }
        } catch {
            throw ControlRefusal(.failed, "\(error)")
        }
        if let text = hookup.change(from: before) { noteHookup(text) }
        if before.isSupplyOn, hookup.isSupplyOn, !hookup.movedWires(since: before).isEmpty {
            noteHookup(
                "that was with the supply switched on: on a real bench, switch it off before you touch a wire",
                isWarning: true)
        }
        return ControlAnswer(at: port.moment, [.init("hookup", hookup.json)])
    }
}

/// What does not change when something is plugged.
struct BenchPlace {
    /// What lies between host and chip with everything plugged.
    var conditions: LineConditions
    /// Which of the host's lines the board wires to RESET_B.
    var resetLines: ControlLines

    init(_ setup: Setup, _ conditions: LineConditions? = nil) {
        self.conditions = conditions ?? setup.conditions
        resetLines = setup.chip.resetLines
    }
}

/// Somebody in this process who follows an emulation, on the emulation's thread.
package struct EmulationAudience {
    package var streams: ControlStreams
    /// It must not wait.
    package var take: ([ControlEvent]) -> Void

    package init(_ streams: ControlStreams, take: @escaping ([ControlEvent]) -> Void) {
        self.streams = streams
        self.take = take
    }
}
