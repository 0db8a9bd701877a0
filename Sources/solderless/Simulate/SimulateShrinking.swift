import Check
import Flasher
import ScenarioFiles
import Scenarios
import Simulation
import Wire

/// Looks for the smallest scenario in which a run still ends in the same way, and prints it as a file to keep.
struct SimulateShrinking {
    let trial: Trial

    init(_ trial: Trial) {
        self.trial = trial
    }

    /// - Throws: `Failure`: `.failed` when the run ends well, `.usage` when it cannot be made.
    func run() throws {
        var shrinker: Shrinker
        do {
            shrinker = try Shrinker(trial)
        } catch {
            throw Failure(.usage, "scenario \(trial.scenario.name): \(error)")
        }
        guard shrinker.isWorthIt else {
            throw Failure(.failed, "seed \(trial.seed) succeeds, as expected: there is nothing to shrink")
        }
        shrinker.shrink()
        Console.write(text(shrinker), to: 1)
    }

    /// The scenario's file; in a comment what became of it, and the command that does it again.
    private func text(_ shrinker: Shrinker) -> String {
        let result = shrinker.result
        var remarks = [
            "\(trial.scenario.name), \(trial.dialect.rawValue), seed \(trial.seed): \(result.ending.rawValue)"
        ]
        if let failure = result.failure { remarks.append("  \(failure.phase.rawValue): \(failure.what)") }
        if let causeClass = result.causeClass { remarks.append("  diagnosed: \(causeClass.rawValue)") }
        remarks += result.verdicts.map { "  \($0)" }
        remarks.append(
            "This is the smallest found, in \(plural(shrinker.trialCount, "run")). To repeat it, save it as small.yaml:"
        )
        remarks.append("  \(SimulateOptions.command(running: shrinker.trial, of: "small.yaml"))")
        return remarks.map { "# \($0)\n" }.joined() + ScenarioFile.text(of: shrinker.trial.scenario)
    }
}
