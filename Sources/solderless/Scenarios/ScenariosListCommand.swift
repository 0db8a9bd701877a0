import ArgumentParser
import Faults
import Flasher
import Line
import ScenarioFiles
import Scenarios
import Words

struct ScenariosListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the built-in scenarios.",
        discussion:
            "For emulate, run and simulate, for example: solderless run --scenario late-power -- my-flasher --port "
            + "{port}")

    @OptionGroup var report: ReportFormat

    func run() throws {
        let scenarios = try Catalogue.scenarioNames.map { try Catalogue.scenario($0) }
        report.print(.report([.init("scenarios", .array(scenarios.map(\.json)))]), text: Self.text(of: scenarios))
    }

    private static func text(of scenarios: [Scenario]) -> String {
        var text: [String] = []
        let names = scenarios.map(\.name.count).max() ?? 0
        let endings = Scenario.Expectation.Ending.allCases.map(\.rawValue.count).max() ?? 0
        let indent = String(repeating: " ", count: names + endings + 4)
        for scenario in scenarios {
            let head =
                Format.left(scenario.name, names + 2)
                + Format.left(scenario.expectation.ending.rawValue, endings + 2)
            let lines = Format.wrapped(scenario.firstSentence, width: Console.width - indent.count)
            text += lines.enumerated().map { ($0 == 0 ? head : indent) + $1 }
        }
        text += ["", "solderless scenarios show NAME says what you see, and how to cure it."]
        return text.joined(separator: "\n")
    }
}

extension Scenario {
    /// What it is on a bench.
    fileprivate var firstSentence: String {
        let paragraph = about.prefix { !$0.isNewline }
        guard let end = paragraph.firstRange(of: ". ") else { return String(paragraph) }
        return String(paragraph[..<end.lowerBound]) + "."
    }

    var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("about", .string(about)),
            .init("board", board.map { .string($0) } ?? .null), .init("task", .string(host.task.rawValue)),
            .init("outcome", .string(expectation.ending.rawValue)),
            .init("withinNanoseconds", .integer(expectation.limit.wholeNanoseconds)),
            .init("cause", expectation.cause.map { .string($0.rawValue) } ?? .null),
            .init("faults", .array(faults.map { .string($0.text) })),
        ])
    }
}
