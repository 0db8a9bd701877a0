import Emulator
import Flasher
import Line
import Simulation
import Wire

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
        Console.print(text(shrinker))
    }

    private func text(_ shrinker: Shrinker) -> String {
        let result = shrinker.result
        let scenario = shrinker.trial.scenario
        var lines = ["\(scenario.name), \(trial.dialect.rawValue), seed \(trial.seed): \(result.ending.rawValue)"]
        if let failure = result.failure { lines.append("  \(failure.phase.rawValue): \(failure.what)") }
        if let causeClass = result.causeClass { lines.append("  diagnosed: \(causeClass.rawValue)") }
        lines += result.verdicts.map { "  \($0)" }
        lines.append("it takes no more than this, found in \(plural(shrinker.trialCount, "run")):")
        if let adapter = scenario.adapter {
            lines.append("  adapter: \(adapter.kind.rawValue) at \(adapter.level) mV")
        }
        if scenario.ground != .joined { lines.append("  ground: not joined") }
        if scenario.power != .on { lines += scenario.power.switches.map { "  power: \($0.text)" } }
        lines += scenario.faults.map { "  fault: \($0.text)" }
        if scenario.faults.isEmpty, scenario.power == .on, scenario.ground == .joined, scenario.adapter == nil {
            lines.append("  nothing: the board and the host alone do it")
        }
        return lines.joined(separator: "\n")
    }
}

extension FaultChoice {
    /// Name, wire and numbers, in the order in which a list of faults has them.
    fileprivate var text: String {
        var parts = [name]
        if let direction { parts.append(direction.rawValue) }
        if let aim { parts.append("at \(aim.step.rawValue) \(aim.count)") }
        for parameter in FaultRegistry.summaries.first(where: { $0.name == name })?.parameters ?? [] {
            parts.append("\(parameter.name) \(values[parameter.name] ?? parameter.standard)")
        }
        return parts.joined(separator: ", ")
    }
}

extension PowerSchedule.Switch {
    fileprivate var text: String {
        let moment =
            switch trigger {
            case .start: "the line's beginning"
            case .firstHostByte: "the host's first byte"
            case .step(let aim): "\(aim.step.rawValue) \(aim.count)"
            case .erase(let count): "the beginning of erase \(count)"
            }
        return "\(isOn ? "on" : "off") \(delay.wholeNanoseconds / 1_000_000) ms after \(moment)"
    }
}
