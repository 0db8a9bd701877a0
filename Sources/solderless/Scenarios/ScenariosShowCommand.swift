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

    @Flag(help: "JSON instead of text.") var json = false

    mutating func validate() throws {
        guard !file || !json else { throw ValidationError("--file contradicts --json") }
    }

    func run() throws {
        let scenario = try ScenarioOptions.scenario(name)
        if file { return Console.write(String(decoding: try ScenarioOptions.text(of: name), as: UTF8.self), to: 1) }
        if json {
            Console.print(
                JSONValue.object([.init("schema", .integer(1)), .init("scenario", scenario.json)]).description)
            return
        }
        Console.print(Console.paint(scenario.name, .bold))
        for paragraph in scenario.about.split(separator: "\n\n") {
            Console.print("")
            Format.wrapped(String(paragraph), width: Console.width).forEach(Console.print)
        }
        Console.print("")
        // What is said above need not be said again.
        var rest = scenario
        rest.about = ""
        for line in ScenarioFile.text(of: rest).split(separator: "\n") { Console.print("  \(line)") }
    }
}
