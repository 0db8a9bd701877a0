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
        case .overrun(let count): .lost(.hostToChip, count: count, reason: "receive FIFO overrun")
        case .fifoReset(let count, let reset):
            .lost(.hostToChip, count: count, reason: "receive FIFO reset \(reset.rawValue)")
        case .unpowered(let count): .lost(.hostToChip, count: count, reason: "no power")
        case .heldInReset(let count): .lost(.hostToChip, count: count, reason: "held in reset")
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
        case .overrun(let count): "receive FIFO overrun, \(plural(count, "character")) lost"
        case .fifoReset(let count, let reset):
            "receive FIFO reset \(reset.rawValue), \(plural(count, "character")) lost"
        case .unpowered(let count): "\(plural(count, "character")) lost, the chip has no power"
        case .reset(let isHeld): "RESET_B \(isHeld ? "low" : "high")"
        case .heldInReset(let count): "\(plural(count, "character")) lost, the chip is held in reset"
        case .fault(let name, let detail): "\(name): \(detail)"
        case .recognised(let text), .note(let text): text
        }
    }
}
