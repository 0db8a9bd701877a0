import ArgumentParser
import Faults
import Line
import ScenarioFiles
import Words

struct ScenariosFaultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "What can be wrong: every fault with its parameters, units and ranges.",
        discussion: """
            A fault is written as its name, or as its name with what belongs to it: \
            "loose-wire: {direction: chip-to-host, onset: 200 ppm}". One that is aimed says at which step, and at which of \
            them: "drop: {at: {block-ack: 3}}". The numbers that are not given are the standards.
            """)

    @Flag(help: "JSON instead of text.") var json = false

    func run() throws {
        if json {
            let list = JSONValue.array(FaultRegistry.summaries.map(\.json))
            let object = JSONValue.object([
                .init("schema", .integer(1)), .init("faults", list),
                .init("steps", .array(ScenarioFile.stepNames.map { .string($0) })),
            ])
            Console.print(object.description)
            return
        }
        for summary in FaultRegistry.summaries {
            Console.print(Console.paint(summary.name, .bold))
            for line in Format.wrapped(summary.about, width: Console.width - 4) { Console.print("    \(line)") }
            if summary.takesAim { Console.print("    at: a step, or {STEP: COUNT}") }
            if summary.takesDirection { Console.print("    direction: host-to-chip or chip-to-host, standard both") }
            for parameter in summary.parameters { tell(parameter) }
        }
        Console.print("")
        for line in Format.wrapped(
            "Steps: " + ScenarioFile.stepNames.joined(separator: ", ") + ".", width: Console.width)
        {
            Console.print(line)
        }
    }

    private func tell(_ parameter: FaultParameter) {
        let unit = parameter.unit
        let range = "\(unit.text(parameter.range.lowerBound)) to \(unit.text(parameter.range.upperBound))"
        let text = "\(parameter.name): \(range), standard \(unit.text(parameter.standard)); \(parameter.about)"
        for (index, line) in Format.wrapped(text, width: Console.width - 8).enumerated() {
            Console.print((index == 0 ? "    " : "        ") + line)
        }
    }
}

extension FaultSummary {
    fileprivate var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("about", .string(about)),
            .init("takesDirection", .bool(takesDirection)), .init("takesAim", .bool(takesAim)),
            .init(
                "parameters",
                .array(
                    parameters.map { parameter in
                        .object([
                            .init("name", .string(parameter.name)), .init("unit", .string(parameter.unit.rawValue)),
                            .init("least", .integer(Int64(parameter.range.lowerBound))),
                            .init("most", .integer(Int64(parameter.range.upperBound))),
                            .init("standard", .integer(Int64(parameter.standard))),
                            .init("about", .string(parameter.about)),
                        ])
                    })),
        ])
    }
}
