import ArgumentParser
import ScenarioFiles
import Scenarios
import Words

struct ScenariosShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Explain a scenario: what is wrong, what you see, how to cure it; and print its file.")

    @Argument(help: ArgumentHelp("A built-in name, or a file.", valueName: "scenario"))
    var name: String

    @Flag(help: "Print only the file, to copy and change.") var file = false

    @OptionGroup var report: ReportFormat

    mutating func validate() throws {
        guard !file || !report.json else {
            throw ValidationError(
                "--file and --json exclude each other: leave one out")
        }
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
