package import Scenarios

/// One scenario, one job, one seed: a run of a program that is to be judged.
package struct CheckCase: Hashable, Sendable {
    /// As the command line has it: a name, or a file. Nil for one that was made up and stands nowhere.
    package var scenarioName: String?
    package var scenario: Scenario
    package var task: Scenario.Task
    package var seed: UInt64
    /// Where it is cut; nil for nowhere.
    package var cut: CutCase?

    package init(_ scenario: Scenario, named name: String?, task: Scenario.Task, seed: UInt64) {
        scenarioName = name
        self.scenario = scenario
        self.task = task
        self.seed = seed
    }

    package var isMadeUp: Bool { scenarioName == nil }

    /// What it is called in reports, and in the names of its files.
    package var label: String {
        "\(scenario.name) \(task.commandName)" + (seed == 1 ? "" : " seed \(seed)")
            + (cut.map { " cut at \($0.path)" } ?? "")
    }
    package var fileName: String {
        "\(scenario.name)-\(task.commandName)-\(seed)" + (cut.map { "-cut-\($0.fileName)" } ?? "")
    }

    /// Whether the program is to compare with something that the flash does not hold: its success would be a lie.
    package var comparesWithOther: Bool { task == .verify && seed % 2 == 1 }
}

/// Scenarios and jobs that are usually run together. The raw values are what the command line takes.
package enum CheckSuite: String, Hashable, Sendable, CaseIterable {
    /// In a minute.
    case smoke
    /// Everything that comes with the program.
    case standard
    /// The same with twenty seeds, and every fault of the protocol at every step.
    case torture
    /// The good bench, cut at each place in turn.
    case cuts

    /// The scenario in which nothing is wrong.
    package static let goodBench = "good-bench"

    /// What is done with each scenario, as far as the flasher can do it.
    package static let tasks: [Scenario.Task] = [.backup, .write]

    /// - Parameter all: the names of those that come with the program.
    package func scenarioNames(of all: [String]) -> [String] {
        switch self {
        case .smoke: [Self.goodBench, "late-power", "missing-ground", "lost-ack"]
        case .standard, .torture: all
        case .cuts: [Self.goodBench]
        }
    }

    /// How much a read reads; nil for all of the flash, which the scenarios' own times are made for.
    package var readByteCount: Int? {
        switch self {
        case .smoke: 128 << 10
        case .standard, .torture: nil
        // Each kilobyte is a place.
        case .cuts: 32 << 10
        }
    }
}
