import Flasher
import Line
import Replay
import Trace

@testable import Simulation

/// A trial's host on a line without faults, with a player of a trace in the chip's place.
enum ReplayedHost {
    /// A replay is so much behind at most: what it says last has not come when the recording's end has.
    static let lag = Duration.milliseconds(1)

    struct Session<Player> {
        var events: [TraceEvent]
        var ending: String
        var player: Player
    }

    static func ending(_ failure: FlasherFailure?) -> String {
        guard let failure else { return "success" }
        return failure.diagnosis.map { "failure: \($0.causeClass)" } ?? "refused"
    }

    static func session<Player: Replaying>(of trial: Trial, with player: Player) throws -> Session<Player> {
        let bench = try TrialBench(trial)
        var line = VirtualLine(host: bench.flasher, device: player)
        line.tap = LineTap(keepsEvents: true)
        var outcome: Outcome?
        var isSaving = false
        let unplugged = bench.conditions.unpluggedAt.map { $0.advanced(by: Self.lag) }
        let end = min(trial.end, unplugged ?? trial.end)
        repeat {
            isSaving = false
            line.run(until: end) { line in
                // The bench takes the port away; no byte shows that.
                if let unplugged, unplugged <= line.now {
                    line.host.portLost(at: line.now, "The adapter was pulled out.")
                }
                while let report = line.host.nextReport() {
                    switch report {
                    case .backup: isSaving = true
                    case .finished(let end): outcome = end
                    default: break
                    }
                }
                return outcome != nil || isSaving
            }
            if isSaving { line.host.backupSaved(at: line.now) }
        } while isSaving
        line.run(until: line.now.advanced(by: Self.lag))
        let ending =
            switch outcome {
            case .success: Self.ending(nil)
            case .failure(let failure): Self.ending(failure)
            case nil: "out of time"
            }
        return Session(events: line.tap?.events ?? [], ending: ending, player: line.device)
    }
}
