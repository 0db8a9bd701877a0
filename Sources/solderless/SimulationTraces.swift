import Capture
import Flasher
import Ports
import Simulation
import Trace

/// A folder of traces of simulated runs. Each is run once more for it: the same trial is the same run.
struct SimulationTraces {
    let folder: String

    /// More than anybody looks at.
    private static let limit = 100

    /// - Throws: `PortError` when the folder cannot be had.
    init(folder: String) throws {
        self.folder = folder
        try FileStore.makeFolder(path: folder)
    }

    /// Writes a trace of each unexpected trial, and of a single one whatever came of it.
    /// - Returns: the files, by seed.
    /// - Throws: `CaptureError`, `FaultError`.
    func write(_ batch: SimulatedBatch, _ tally: TrialTally) throws -> [(seed: UInt64, path: String)] {
        let unexpected = Set(tally.unexpected.map(\.seed))
        let chosen = batch.trials.filter { batch.trials.count == 1 || unexpected.contains($0.seed) }
        if chosen.count > Self.limit {
            Console.error("\(chosen.count) unexpected runs; traces are written of the first \(Self.limit)")
        }
        return try chosen.prefix(Self.limit).map { trial in
            let path = "\(folder)/\(trial.scenario.name)-\(trial.dialect.rawValue)-\(trial.seed).pcap"
            let writer = try TraceWriter(creating: path, session: Self.session(of: trial), replacing: true)
            for event in try trial.runTraced().events { try writer.write(event) }
            try writer.close()
            return (trial.seed, path)
        }
    }

    private static func session(of trial: Trial) -> SessionDescription {
        SessionDescription(
            program: "solderless", programVersion: Solderless.version, clock: .virtual, seed: trial.seed,
            properties: [
                .init("chip", "ECR6600"), .init("scenario", trial.scenario.name),
                .init("dialect", trial.dialect.rawValue), .init("task", trial.task.rawValue),
            ])
    }
}
