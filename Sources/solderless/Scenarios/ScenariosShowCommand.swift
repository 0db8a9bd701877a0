import ArgumentParser
import ScenarioFiles
import Scenarios
import Words

struct ScenariosShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "What a scenario is on a bench, what one sees, how to cure it; and its file.")

    @Argument(help: ArgumentHelp("Its name, or a file of yours.", valueName: "scenario"))
    var name: String

    @Flag(help: "The file alone as it stands, to be copied and changed.") var file = false

    @OptionGroup var report: ReportFormat

    mutating func validate() throws {
        guard !file || !report.json else { throw ValidationError("--file contradicts --json") }
    }

    func run() throws {
        let scenario = try ScenarioOptions.scenario(name)
        if file { return Console.write(String(decoding: try ScenarioOptions.text(of: name), as: UTF8.self), to: 1) }
        report.print(.report([.init("scenario", scenario.json)]), text: Self.text(of: scenario))
    }

    private static func text(of scenario: Scenario) -> String {
        var lines = [Console.paint(scenario.name, .bold)]
        for paragraph in scenario.about.split(separator: "\n\n") {
            lines += [""] + Format.wrapped(String(paragraph), width: Console.width)
        }
        lines.append("")
        // What is said above need not be said again.
        var rest = scenario
        rest.about = ""
        lines += ScenarioFile.text(of: rest).split(separator: "\n").map { "  \($0)" }
        return lines.joined(separator: "\n")
    }
}
