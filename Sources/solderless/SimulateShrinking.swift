import Scenarios
import Simulation

/// Looks for the smallest scenario in which a run still ends in the same way, and prints it.
struct SimulateShrinking {
    let trial: Trial

    init(_ trial: Trial) {
        self.trial = trial
    }

    /// - Throws: `Failure` when the run ends well, or cannot be made.
    func run() throws {
        var shrinker: Shrinker
        do {
            shrinker = try Shrinker(trial)
        } catch {
            throw Failure(.usage, "scenario \(trial.scenario.name): \(error)")
        }
        guard shrinker.isWorthIt else {
            throw Failure(.usage, "seed \(trial.seed) ends well, and as expected: there is nothing to shrink")
        }
        shrinker.shrink()
        Console.write(ScenarioFile.text(of: shrinker.trial.scenario), to: 1)
    }
}
