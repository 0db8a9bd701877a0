import ArgumentParser
import Faults
import Line
import ScenarioFiles
import Words

struct ScenariosFaultsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "List all faults with their parameters, units and ranges.",
        discussion: """
            A fault is written as its name, or as its name with parameters: "loose-wire: {direction: chip-to-host, \
            onset: 200 ppm}". A fault of the protocol names a step, and the n-th of its kind: "drop: {at: {block-ack: \
            3}}". Parameters that are left out take their default.
            """)

    @OptionGroup var report: ReportFormat

    func run() throws {
        report.print(
            .report([
                .init("faults", .array(FaultRegistry.summaries.map(\.json))),
                .init("steps", .array(ScenarioFile.stepNames.map { .string($0) })),
            ]), text: Self.text)
    }

    private static var text: String {
        var lines: [String] = []
        for summary in FaultRegistry.summaries {
            lines.append(Console.paint(summary.name, .bold))
            lines += Format.wrapped(summary.about, width: Console.width - 4).map { "    \($0)" }
            if summary.takesAim { lines.append("    at: a step, or {STEP: COUNT}") }
            if summary.takesDirection { lines.append("    direction: host-to-chip or chip-to-host, default both") }
            lines += summary.parameters.flatMap(Self.lines)
        }
        let steps = "Steps: " + ScenarioFile.stepNames.joined(separator: ", ") + "."
        lines += [""] + Format.wrapped(steps, width: Console.width)
        return lines.joined(separator: "\n")
    }

    private static func lines(about parameter: FaultParameter) -> [String] {
        let unit = parameter.unit
        let range = "\(unit.text(parameter.range.lowerBound)) to \(unit.text(parameter.range.upperBound))"
        let text = "\(parameter.name): \(range), default \(unit.text(parameter.standard)); \(parameter.about)"
        return Format.wrapped(text, width: Console.width - 8).enumerated().map {
            ($0 == 0 ? "    " : "        ") + $1
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
