import ArgumentParser
import Flasher
import Scenarios
import Simulation

/// What decides a simulated run besides scenario and seed.
struct SimulateOptions: ParsableArguments {
    @Option(
        name: .customLong("dialect"),
        help: ArgumentHelp(
            "How the host talks to the stub: community, vendor, rdtool, or all. May be given several times. (default: "
                + "community)", valueName: "dialect"))
    var dialectChoices: [DialectChoice] = []

    @Option(
        help: ArgumentHelp(
            "What the host does: info, backup, write, erase, verify. The scenario's expectation holds for its own task "
                + "only. Each second verify is of other contents, and must fail. (default: the scenario's)"))
    var task: Scenario.Task?

    @Flag(help: "Back up before a write or erase.") var backup = false

    @Option(
        name: .customLong("fault"),
        help: ArgumentHelp(
            "Something wrong on top of the scenario, as its list has it: open-wire, or \"drop: {at: {block-ack: 3}}\". May "
                + "be given several times; `solderless scenarios faults` lists them.", valueName: "fault"))
    var faults: [String] = []

    @Option(
        help: ArgumentHelp("From one sync word to the next. (default: the dialect's)", valueName: "milliseconds"))
    var syncEvery: Double?

    @Option(
        help: ArgumentHelp(
            "How long to repeat the sync word. (default: the scenario's, or the dialect's)", valueName: "seconds"))
    var syncFor: Double?

    mutating func validate() throws {
        if let syncEvery, !(1...10_000).contains(syncEvery) {
            throw ValidationError("--sync-every takes 1 to 10000 milliseconds, not \(syncEvery)")
        }
        if let syncFor, !(0.1...600).contains(syncFor) {
            throw ValidationError("--sync-for takes 0.1 to 600 seconds, not \(syncFor)")
        }
    }

    /// In the order of the list, each once.
    var dialects: [Dialect] {
        let named = dialectChoices.flatMap(\.dialects)
        return named.isEmpty ? [.community] : Dialect.allCases.filter(named.contains)
    }

    func trial(of scenario: Scenario, seed: UInt64, _ dialect: Dialect) -> Trial {
        var trial = Trial(scenario, seed: seed, dialect: dialect)
        trial.task = task ?? trial.task
        trial.backsUp = backup
        trial.syncInterval = syncEvery.map { .milliseconds($0) }
        trial.syncWindow = syncFor.map { .seconds($0) }
        return trial
    }

    /// A scenario by its name or from its file, with the faults on top. - Throws: `PortError`, `FileProblem`.
    func scenario(_ name: String) throws -> Scenario {
        var scenario = try ScenarioOptions.scenario(name)
        scenario.faults += try ScenarioOptions.choices(faults)
        return scenario
    }

    /// The command that repeats a run.
    func command(repeating trial: Trial, of name: String) -> String {
        var words = [
            "solderless simulate", Self.quoted(name), "--seeds \(trial.seed)", "--dialect \(trial.dialect.rawValue)",
        ]
        if let task { words.append("--task \(task.rawValue)") }
        if backup { words.append("--backup") }
        words += faults.map { "--fault '\($0)'" }
        if let syncEvery { words.append("--sync-every \(syncEvery)") }
        if let syncFor { words.append("--sync-for \(syncFor)") }
        words.append("--trace traces")
        return words.joined(separator: " ")
    }
}

extension SimulateOptions {
    /// As a shell takes it.
    fileprivate static func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "-_./".contains($0) }
        return isPlain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

/// A dialect, or all of them.
enum DialectChoice: ExpressibleByArgument, Hashable {
    case one(Dialect)
    case all

    init?(argument: String) {
        if argument == "all" {
            self = .all
        } else if let dialect = Dialect(rawValue: argument) {
            self = .one(dialect)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { Dialect.allCases.map(\.rawValue) + ["all"] }

    var dialects: [Dialect] {
        switch self {
        case .one(let dialect): [dialect]
        case .all: Dialect.allCases
        }
    }
}

extension Scenario.Task: ExpressibleByArgument {}
