import ArgumentParser
import Bench
import Line
import Scenarios

/// What is put between a real port and its flasher.
struct RecordedFaultOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The faults of a scenario. Only its wires and its protocol count: board, adapter and power are your own. "
                + "`solderless scenarios` lists the built-in ones.", valueName: "name|file"))
    var scenario: String?

    @Option(
        name: .customLong("fault"),
        help: ArgumentHelp(
            "Add a fault, written as in a scenario: \"drop: {at: {block-ack: 3}}\". Repeatable; `solderless scenarios "
                + "faults` lists all faults; those of the flash and wrong-crystal are not possible here.",
            valueName: "fault"))
    var faults: [String] = []

    @Option(name: .customLong("seed"), help: "Seed of what faults leave to chance. (default: 1)")
    var seedAsked: UInt64?

    var seed: UInt64 { seedAsked ?? 1 }

    /// The first of these options that was given, by its name; nil for none.
    var firstGiven: String? {
        scenario != nil ? "--scenario" : !faults.isEmpty ? "--fault" : seedAsked != nil ? "--seed" : nil
    }

    var isAsked: Bool { scenario != nil || !faults.isEmpty }

    func validate() throws {
        if seedAsked != nil, !isAsked { throw ValidationError("--seed is of faults: it needs --fault or --scenario") }
    }

    /// Puts into a plan what is asked for. - Returns: what the flasher should do for the scenario to be about anything;
    /// nil where it does not matter.
    /// - Throws: `Failure`, `FaultError`, `FileError`, `FileProblem`.
    func set(_ plan: inout RecordingPlan) throws -> String? {
        guard isAsked else { return nil }
        var found = try scenario.map { try ScenarioOptions.scenario($0) } ?? Scenario(name: "faults")
        found.faults += try ScenarioOptions.choices(faults)
        do {
            _ = try found.faultsBetweenPorts()
        } catch {
            throw Failure(.usage, error.description)
        }
        let conditions = try Setup(found, seed: seed).conditions
        plan.faults = conditions.faults
        plan.lineSeed = conditions.seed
        plan.seed = seed
        plan.scenario = scenario.map { _ in found.name }
        return scenario == nil ? nil : found.advice
    }
}
