import ArgumentParser
import Flasher
import Line
import Scenarios
import Simulation
import Words

/// What decides a simulated run besides scenario and seed.
struct SimulateOptions: ParsableArguments {
    @Option(
        name: .customLong("dialect"),
        help: ArgumentHelp(
            "How the host talks to the stub: community, vendor, rdtool, or all. Repeatable. (default: community)",
            valueName: "dialect"))
    var dialectChoices: [DialectChoice] = []

    @Option(
        help: ArgumentHelp(
            "What the host does: info, backup, write, erase, verify. The scenario's expectation applies to its own "
                + "task only. Every second verify compares with one wrong bit, and must fail. (default: the "
                + "scenario's)"))
    var task: Scenario.Task?

    @Flag(help: "Back up before a write or erase.") var backup = false

    @Option(
        name: .customLong("fault"),
        help: ArgumentHelp(
            "Add a fault, written as in a scenario: open-wire, or \"drop: {at: {block-ack: 3}}\". Repeatable; "
                + "`solderless scenarios faults` lists all faults.", valueName: "fault"))
    var faults: [String] = []

    @Option(
        help: ArgumentHelp("Time from one sync word to the next. (default: the dialect's)", valueName: "milliseconds"))
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
        // In whole nanoseconds, as a scenario's file has them.
        trial.syncInterval = syncEvery.map { .nanoseconds(Int64(($0 * 1_000_000).rounded())) }
        trial.syncWindow = syncFor.map { .nanoseconds(Int64(($0 * 1_000_000_000).rounded())) }
        return trial
    }

    /// A scenario by its name or from its file, with the faults on top.
    /// - Throws: `PortError`, `FileProblem`, `Failure` when its job has nothing that a back-up would come before.
    func scenario(_ name: String) throws -> Scenario {
        var scenario = try ScenarioOptions.scenario(name)
        let task = task ?? scenario.host.task
        guard !backup || task == .write || task == .erase else {
            throw Failure(
                .usage,
                "--backup needs a write or an erase, but in \(scenario.name) the host's task is \(task.rawValue): "
                    + "add --task write, or leave --backup out")
        }
        scenario.faults += try ScenarioOptions.choices(faults)
        return scenario
    }

    /// The command that repeats a run.
    func command(repeating trial: Trial, of name: String) -> String {
        "\(command(of: trial, named: name)) --trace traces"
    }

    /// The command that makes a run, with what was put on top of its scenario.
    func command(of trial: Trial, named name: String) -> String {
        ([Self.command(running: trial, of: name)] + faults.map { "--fault \(shellWord($0))" }).joined(separator: " ")
    }

    /// The command that runs a trial whose scenario is in a file, or built in, as it is.
    static func command(running trial: Trial, of name: String) -> String {
        var words = [
            "solderless simulate", shellWord(name), "--seeds \(trial.seed)", "--dialect \(trial.dialect.rawValue)",
        ]
        if trial.task != trial.scenario.host.task { words.append("--task \(trial.task.rawValue)") }
        if trial.backsUp { words.append("--backup") }
        if let interval = trial.syncInterval {
            words.append("--sync-every \(Double(interval.wholeNanoseconds) / 1_000_000)")
        }
        if let window = trial.syncWindow {
            words.append("--sync-for \(Double(window.wholeNanoseconds) / 1_000_000_000)")
        }
        return words.joined(separator: " ")
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
