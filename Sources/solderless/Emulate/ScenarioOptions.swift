import ArgumentParser
import Faults
import Files
import ScenarioFiles
import Scenarios
import Words

/// What is wrong with a bench, by name or one by one.
struct ScenarioOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A bench and what is wrong with it: board, adapter, wiring, power, faults. `solderless scenarios` lists "
                + "the built-in ones; other options override it.", valueName: "name|file"))
    var scenario: String?

    @Option(
        name: .customLong("fault"),
        help: ArgumentHelp(
            "Add a fault, written as in a scenario: open-wire, or \"drop: {at: {block-ack: 3}}\". Repeatable; "
                + "`solderless scenarios faults` lists all faults.", valueName: "fault"))
    var faults: [String] = []

    /// Whether a scenario or a fault is named.
    var isAsked: Bool { scenario != nil || !faults.isEmpty }

    /// The scenario with the faults on top; one that has only those when none is named, nil when there is neither.
    /// - Throws: `FileError`, `FileProblem`.
    func read(parts: FlashParts? = nil) throws -> Scenario? {
        guard isAsked else { return nil }
        var found = try scenario.map { try Self.scenario($0, parts: parts) } ?? Scenario(name: "faults")
        found.faults += try Self.choices(faults)
        return found
    }

    /// A scenario by its name or from its file. - Throws: `Failure` for a name that there is not, `FileError`,
    /// `FileProblem`.
    static func scenario(_ name: String, parts: FlashParts? = nil) throws -> Scenario {
        try ScenarioFile.scenario(
            parsing: text(of: name), file: isBuiltIn(name) ? "\(name).yaml" : name, parts: parts)
    }

    /// The file of a scenario, as it stands. - Throws: `Failure` for a name that there is not, `FileError`.
    static func text(of name: String) throws -> [UInt8] {
        guard isBuiltIn(name) else { return try file(name) }
        guard Catalogue.scenarioNames.contains(name) else {
            let advice = Nearest.advice(for: name, among: Catalogue.scenarioNames)
            throw Failure(.usage, "there is no scenario \(excerpt(name))\(advice)")
        }
        return try Catalogue.scenarioFile(name)
    }

    /// - Throws: `FileError`, in whose path is nothing that a terminal obeys, and no more than a path may be long.
    private static func file(_ path: String) throws(FileError) -> [UInt8] {
        do throws(FileError) {
            return try FileStore.read(path: path, limit: YAMLReader.mostBytes)
        } catch {
            var problem = error
            problem.path = path.utf8.count > longestPath ? excerpt(path) : printable(path)
            throw problem
        }
    }

    /// In bytes: no system of ours takes a longer one.
    private static let longestPath = 4096

    private static func isBuiltIn(_ name: String) -> Bool { !name.contains("/") && !name.contains(".") }

    /// Faults as the command line has them. - Throws: `Failure`, when one is none.
    static func choices(_ faults: [String]) throws(Failure) -> [FaultChoice] {
        guard faults.count <= FaultChoice.mostInList else {
            throw Failure(
                .usage,
                "--fault is given \(faults.count) times; at most \(FaultChoice.mostInList) are allowed")
        }
        return try faults.map { text throws(Failure) in
            do throws(FileProblem) {
                return try FaultChoice(parsing: text)
            } catch {
                throw Failure(.usage, "--fault \(excerpt(text)): \(error.complaint)")
            }
        }
    }
}

extension Scenario {
    /// What a host that is not ours should do for the scenario to be about anything; nil where it does not matter.
    var advice: String? {
        var wishes: [String] = []
        if let baud = host.workingBaud { wishes.append("goes to \(baud) baud once the stub runs") }
        if host.task != .backup { wishes.append("does a job of this kind: \(host.task.rawValue)") }
        if host.delay != .zero { wishes.append("begins \(host.delay) after the start") }
        return wishes.isEmpty ? nil : "scenario \(name) is about a host that \(wishes.joined(separator: ", and "))"
    }
}
