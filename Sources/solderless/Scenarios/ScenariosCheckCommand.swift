import ArgumentParser
import Files
import ScenarioFiles
import Scenarios
import Words

struct ScenariosCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check scenario files.",
        discussion: "Exit code 0 if all are valid, 1 if one is not, 3 if one cannot be read.")

    @Argument(help: ArgumentHelp("Files, or built-in names.", valueName: "file"))
    var files: [String]

    @OptionGroup var report: ReportFormat

    func run() throws {
        let findings = try files.map { try Finding($0) }
        report.print(.report([.init("files", .array(findings.map(\.json)))])) { findings.forEach { $0.say() } }
        if findings.contains(where: \.isUnreadable) { throw ExitCode.environment }
        if findings.contains(where: { $0.scenario == nil }) { throw ExitCode.failed }
    }
}

/// What became of one file: all are looked at, whatever is wrong with the first.
private struct Finding {
    let file: String
    var scenario: Scenario?
    var problem: FileProblem?
    var obstacle: FileError?

    /// - Throws: `Failure` for a name that there is not.
    init(_ file: String) throws {
        self.file = file
        do {
            scenario = try ScenarioOptions.scenario(file)
        } catch let error as FileProblem {
            problem = error
        } catch let error as FileError {
            obstacle = error
        }
    }

    var isUnreadable: Bool { obstacle != nil }

    func say() {
        if let scenario {
            Console.print("\(file): \(scenario.name), expects \(scenario.expectation.ending.rawValue)")
        }
        if let problem { Console.complain("\(problem)") }
        if let obstacle { Console.complain("\(obstacle)") }
    }

    var json: JSONValue {
        .object([
            .init("file", .string(file)), .init("name", scenario.map { .string($0.name) } ?? .null),
            .init("isRight", .bool(scenario != nil)),
            .init("line", problem.map { .integer(Int64($0.line)) } ?? .null),
            .init("key", problem.map { .string($0.key) } ?? .null),
            .init("problem", (problem?.message ?? obstacle.map { "\($0)" }).map { .string($0) } ?? .null),
        ])
    }
}
