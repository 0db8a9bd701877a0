import Bench
import Lessons
import Line
import Scenarios
import Words

extension LearnSession {
    /// What can be typed.
    static var help: String {
        let wires = "Wires: " + Hookup.Wire.allCases.map(\.rawValue).joined(separator: ", ")
        let pads = "Pads: " + Hookup.Pad.allCases.map(\.rawValue).joined(separator: ", ")
        let forms = LessonCommand.forms.map { "  " + $0 }.joined(separator: "\n")
        return """
            At the bench:
            \(forms)
            pull is the same as unplug.
            In a lesson, flash write and flash erase make no back-up; flash backup does.
            \(Format.wrapped(wires, width: max(20, Console.width - 1)).joined(separator: "\n"))
            \(pads)
            In the lesson:
              hint, solution, status, text (this step's again), intro (the lesson's again),
              stop (the flasher, or listening), again (this lesson from its beginning),
              next (lesson), quit
            Of what crosses the line, each kind of message is shown at most once until
            you do something.
            """
    }

    /// What is plugged where, and what the chip does.
    static func status(_ emulation: Emulation) -> String {
        let status = emulation.status
        let wires = Hookup.Wire.allCases.map { wire in
            "  \(wire.rawValue.padded(13))\(status.hookup[wire]?.rawValue ?? "loose")"
        }
        let level = status.hookup.adapterLevel
        return
            (wires + [
                "  adapter at \(level / 1000).\(level % 1000 / 100) V, supply \(status.hookup.isSupplyOn ? "on" : "off")",
                "  \(status.line)",
            ]).joined(separator: "\n")
    }
}

extension LessonCommand {
    /// What a bench is asked for; nil for what is none of its business.
    var request: ControlRequest? {
        switch self {
        case .plug(let wire, let pad): .plug(wire, pad)
        case .unplug(let wire): .plug(wire, nil)
        case .adapter(let level): .adapter(level)
        case .power(.on): .power(on: true)
        case .power(.off): .power(on: false)
        case .power(.cycle): .cyclePower(off: ControlRequest.usualCycle)
        case .reset: .reset
        case .fault(let name, let isOn): .fault(name, isOn: isOn)
        case .wait, .listen, .flash, .done, .answer: nil
        }
    }
}
