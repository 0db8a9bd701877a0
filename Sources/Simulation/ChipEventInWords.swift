package import Emulator
import Line
package import Trace
import Wire

extension ChipEvent {
    /// As a trace has it.
    package var traceKind: TraceEvent.Kind {
        switch kind {
        case .power(let isOn): .power(on: isOn)
        case .loader(let name): .loader(name)
        case .baud(let baud): .baud(.chip, bitsPerSecond: UInt32(clamping: baud))
        case .overrun(let count): .lost(.hostToChip, count: count, reason: ChipReason.overrun)
        case .fifoReset(let count, let reset):
            .lost(.hostToChip, count: count, reason: "\(ChipReason.fifoReset) \(reset.rawValue)")
        case .unpowered(let count): .lost(.hostToChip, count: count, reason: ChipReason.noPower)
        case .heldInReset(let count): .lost(.hostToChip, count: count, reason: ChipReason.heldInReset)
        case .fault: .fault(description)
        case .reset, .recognised, .note: .note(description)
        }
    }

    /// As a log says it.
    package var description: String {
        switch kind {
        case .power(let isOn): "power \(isOn ? "on" : "off")"
        case .loader(let name): "\(name) runs"
        case .baud(let baud): "chip at \(baud) baud"
        case .overrun(let count): "\(ChipReason.overrun), \(plural(count, "character")) lost"
        case .fifoReset(let count, let reset):
            "\(ChipReason.fifoReset) \(reset.rawValue), \(plural(count, "character")) lost"
        case .unpowered(let count): "\(plural(count, "character")) lost, the chip has no power"
        case .reset(let isHeld): isHeld ? ChipReason.resetLow : ChipReason.resetHigh
        case .heldInReset(let count): "\(plural(count, "character")) lost, the chip is held in reset"
        case .fault(let name, let detail): "\(name): \(detail)"
        case .recognised(let text), .note(let text): text
        }
    }
}
