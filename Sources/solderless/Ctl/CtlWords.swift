import Line
import Words

/// What answers say to a person.
enum CtlWords {
    /// To `power`: what it did, and when.
    static func power(_ answer: JSONValue, _ position: CtlPowerCommand.Position) -> String {
        let wasOn = answer["before"] == .string("on")
        switch position {
        case .on where answer["power"] == .string("off"):
            return "the supply is on, but the chip has no power: supply-gnd or supply-3v3 is not on its pad"
                + moment(answer)
        case .on: return (wasOn ? "power was on already" : "power on") + moment(answer)
        case .off: return (wasOn ? "power off" : "power was off already") + moment(answer)
        case .cycle:
            let on = answer["onAtNanoseconds"]?.integer.map { ", on again at \(Instant(nanoseconds: $0))" } ?? ""
            return (wasOn ? "power off" : "power was off") + moment(answer) + on
        }
    }

    /// To `reset`.
    static func reset(_ answer: JSONValue) -> String {
        "reset\(moment(answer))" + (answer["power"] == .string("on") ? "" : "; the chip has no power")
    }

    private static func moment(_ answer: JSONValue) -> String {
        answer["atNanoseconds"]?.integer.map { " at \(Instant(nanoseconds: $0)) of the line's clock" } ?? ""
    }
}
