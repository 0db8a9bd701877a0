import ArgumentParser
import Simulation
import Scenarios

struct ScenariosCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Whether scenario files say something that can be run.",
        discussion: "Exit code 0 when all are right, 1 when one is not, 3 when one cannot be read.")

    @Argument(help: ArgumentHelp("Files, or names of built-in ones.", valueName: "file"))
    var files: [String]

    func run() throws {
        var areRight = true
        for file in files {
            do {
                let scenario = try ScenarioOptions.scenario(file)
                Console.print("\(file): \(scenario.name), expects \(scenario.expectation.ending.rawValue)")
            } catch let problem as FileProblem {
                areRight = false
                Console.complain(problem.description)
            }
        }
        guard areRight else { throw ExitCode.failed }
    }
}
