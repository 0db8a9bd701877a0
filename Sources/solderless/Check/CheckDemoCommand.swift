import ArgumentParser
import Check
import Files
import Foundation
import Ports
import Reports
import ScenarioFiles
import Scenarios
import Words

struct CheckDemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-demo",
        abstract: "See a planted bug being caught.",
        usage: "solderless check demo [<bug>]",
        discussion: """
            A small flasher in Python is run, careful as it is but for the bug that you name, in the scenario that shows \
            it. Without a name, the bugs are listed. Exit code 0 when it was caught.
            """,
        shouldDisplay: false)

    @Argument(help: "Which bug.") var bug: String?

    func run() async throws {
        guard let bug else { return Console.print(Self.list) }
        guard let demo = PlantedBug.all.first(where: { $0.name == bug }) else {
            throw Failure(
                .usage,
                "there is no bug \(quotedExcerpt(bug))\(Nearest.advice(for: bug, among: PlantedBug.all.map(\.name)))")
        }
        let folder = try WorkFolder(of: "check")
        let script = "\(folder.path)/careful.py"
        let program = Catalogue.carefulProgram
        try FileStore.replace(path: script, with: program.span)
        Console.print(
            Format.wrapped(
                "\(bug): it \(demo.meaning). Seen in \(demo.scenario), with a \(demo.task.commandName).", width: 100
            )
            .joined(separator: "\n") + "\n")
        let report = try await SingleCheck.report(
            of: try Self.flasher(demo, script: script), in: demo.scenario, demo.task, timeout: demo.timeout,
            again: "solderless check demo \(bug)")
        Console.print(report.text)
        guard let result = report.entries.first?.result, !result.isInconclusive else {
            throw Failure(.environment, "the machine was too busy to judge")
        }
        guard result.verdicts.first?.kind == demo.verdict else { throw Failure(.failed, "it was not caught") }
        Console.print("Caught. Next: solderless check init, which asks how your own flasher is called.")
    }

    private static var list: String {
        var table = TextColumns(indent: 0)
        table.add("bug", "scenario", "job", "what it does")
        for bug in PlantedBug.all { table.add(bug.name, bug.scenario, bug.task.commandName, bug.meaning) }
        return table.lines.joined(separator: "\n") + "\n\nsolderless check demo BUG shows one being caught."
    }

    /// The careful flasher with a bug. - Throws: `FileProblem`, never for what we ship.
    private static func flasher(_ bug: PlantedBug, script: String) throws -> FlasherProgram {
        var flasher = try FlasherFile.flasher(parsing: Catalogue.carefulFlasher, file: "careful.yaml")
        // By its exit code alone, as most programs are judged.
        (flasher.success, flasher.failure) = (.init(codes: [0]), .init())
        flasher.name = "careful with \(bug.name)"
        flasher.settings["script"] = script
        flasher.commands = flasher.commands.mapValues { words in
            // Before the job's own words; four seconds are enough for a chip that answers at all.
            let place = words.firstIndex(of: "{script}").map { $0 + 1 } ?? words.count
            return words[..<place] + ["--bug", bug.name, "--sync-seconds", "4"] + words[place...]
        }
        return flasher
    }
}

/// A bug of the careful flasher, and where it shows.
struct PlantedBug {
    let name: String
    let scenario: String
    let task: Scenario.Task
    /// What it deserves.
    let verdict: Verdict.Kind
    /// In seconds; nil for what the scenario needs.
    var timeout: Double?
    /// What the program does then, as its own list says it.
    var meaning: String { Self.meanings[name] ?? "" }

    static let all: [PlantedBug] = [
        .init(name: "believes-retries", scenario: "lost-ack", task: .write, verdict: .lie),
        .init(name: "asks-once", scenario: "late-power", task: .backup, verdict: .failed),
        .init(name: "waits-forever", scenario: "dead-after-stub", task: .backup, verdict: .hang, timeout: 12),
        .init(name: "keeps-nothing", scenario: "good-bench", task: .backup, verdict: .lie),
        .init(name: "short-file", scenario: "good-bench", task: .backup, verdict: .lie),
        .init(name: "erases-settings", scenario: "good-bench", task: .write, verdict: .harmed),
        .init(name: "erases-on-read", scenario: "good-bench", task: .backup, verdict: .harmed),
        .init(name: "crashes", scenario: "dead-after-stub", task: .write, verdict: .crashed),
        .init(name: "exits-zero", scenario: "missing-ground", task: .write, verdict: .lie),
        .init(name: "dawdles", scenario: "good-bench", task: .backup, verdict: .late, timeout: 8),
    ]

    /// From the program's text: `    "name": "what it does",`.
    private static let meanings: [String: String] = {
        let lines = String(decoding: Catalogue.carefulProgram, as: UTF8.self).split(separator: "\n")
        let pairs = lines.drop { $0 != "BUGS = {" }.dropFirst().prefix { $0 != "}" }.map { line in
            line.split(separator: "\"", omittingEmptySubsequences: false)
        }
        return Dictionary(
            pairs.filter { $0.count == 5 }.map { (String($0[1]), String($0[3])) }, uniquingKeysWith: { $1 })
    }()
}
