import Check
import Flasher
import Line
import Reports
import Scenarios
import Simulation
import Words

extension CheckPlan {
    /// Adds every fault of the protocol at every step that the flasher's own session has where nothing is wrong.
    /// - Returns: such a session that did not go well, of which nothing can be made; the plan is empty then. Nil where all
    ///   is well, and where somebody has stopped it.
    /// - Throws: as `CheckBench.run` does.
    mutating func addTorture(_ bench: CheckBench) async throws -> CheckReport.Entry? {
        guard let good = runs.first(where: { $0.scenario.name == CheckSuite.goodBench }) else { return nil }
        for task in tasks {
            // Made up as well: it reads as much as those that are made of it. An odd seed's verify has to fail.
            let seed = task == .verify ? 2 : good.seed
            let scout = CheckCase(good.scenario, named: nil, task: task, seed: seed)
            Console.error("watching a \(task.commandName) where nothing is wrong …")
            let entries = try await CheckRunner(bench, [scout], jobs: 1, showsProgress: false).entries()
            guard let entry = entries.first else { return nil }
            guard entry.result.verdicts.isEmpty, let steps = entry.session?.steps else {
                end(
                    saying: "torture begins with a \(task.commandName) where nothing is wrong, and that did not go well"
                )
                return entry
            }
            let scenarios = Torture.scenarios(at: steps, on: good.scenario)
            add(try await Self.expecting(scenarios, task, seed: seed), for: task, seed: seed)
        }
        return nil
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
        for dialect in Dialect.allCases where SimulationStop.signal == nil {
            let result = try Trial(scenario, seed: seed, dialect: dialect).run()
            guard result.firings.contains(where: { $0.count > 0 }) else { continue }
            if result.ending == .success, !result.isLie { scenario.expectation.ending = .success }
            break
        }
        return scenario
    }
}
