import Check
import Flasher
import Line
import Reports
import Scenarios
import Simulation
import Words

extension CheckPlan {
    /// Adds every fault of the protocol at every step that the flasher's own session on a good bench has.
    /// - Throws: `Failure` where that session does not go well; as `CheckBench.run` does.
    mutating func addTorture(_ bench: CheckBench) async throws {
        guard let good = runs.first(where: { $0.scenario.name == CheckSuite.goodBench }) else { return }
        for task in tasks {
            let scout = CheckCase(good.scenario, named: good.scenarioName, task: task, seed: good.seed)
            let entry = try await bench.run(scout, attempt: 1)
            guard entry.result.outcome == .passed, let steps = entry.session?.steps else {
                let reason = entry.result.verdicts.first.map { "\($0)" } ?? entry.result.ending
                throw Failure(
                    .failed,
                    "torture begins with a \(task.commandName) where nothing is wrong, and that did not go well: "
                        + "\(reason)\nagain: \(entry.result.repeating)")
            }
            let scenarios = Torture.scenarios(at: steps, on: good.scenario)
            add(try await Self.expecting(scenarios, task, seed: good.seed), for: task)
        }
    }

    /// The scenarios with what is to be expected of a careful host: that it gets through where our own flasher does, in
    /// virtual time. Where that one meets no such step, or fails, nothing is expected but that nobody lies.
    private static func expecting(
        _ scenarios: [Scenario], _ task: Scenario.Task, seed: UInt64
    ) async throws -> [Scenario] {
        try await withThrowingTaskGroup(of: (Int, Scenario).self) { group in
            for (index, scenario) in scenarios.enumerated() {
                group.addTask { (index, try Self.expecting(scenario, task, seed: seed)) }
            }
            var expectant = scenarios
            for try await (index, scenario) in group { expectant[index] = scenario }
            return expectant
        }
    }

    private static func expecting(_ made: Scenario, _ task: Scenario.Task, seed: UInt64) throws -> Scenario {
        var scenario = made
        scenario.host.task = task
        scenario.expectation.demand = .careful
        scenario.expectation.limit = max(scenario.expectation.limit, .seconds(120))
        scenario.expectation.ending = .either
        for dialect in Dialect.allCases {
            let result = try Trial(scenario, seed: seed, dialect: dialect).run()
            guard result.firings.contains(where: { $0.count > 0 }) else { continue }
            if result.ending == .success, !result.isLie { scenario.expectation.ending = .success }
            break
        }
        return scenario
    }
}
