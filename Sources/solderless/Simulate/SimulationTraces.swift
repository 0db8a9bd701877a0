import Capture
import Files
import Flasher
import Line
import Scenarios
import Simulation
import Trace

#if canImport(Glibc)
    import Glibc
#endif

/// A folder of traces of simulated runs. Each is run once more for it: the same trial is the same run.
struct SimulationTraces {
    let folder: String
    /// Why there are no more of them. What the runs came to does not hang on it: it is told after that.
    private(set) var failure: CaptureError?

    /// More than anybody looks at.
    private static let limit = 100

    /// - Throws: `FileError` when the folder cannot be had, or not be written to.
    init(folder: String) throws(FileError) {
        self.folder = folder
        try FileStore.makeFolder(path: folder)
        guard access(folder.systemName, W_OK | X_OK) == 0 else {
            throw FileError(
                .noPermission, path: folder, "cannot write into the folder", remedy: "choose one you can write to")
        }
    }

    /// What the traces of each scenario are called: by its name, and by a number as well where another has the same.
    static func names(of scenarios: [Scenario]) -> [String] {
        var taken = Set(scenarios.map(\.name))
        var seen: Set<String> = []
        return scenarios.map { scenario in
            guard !seen.insert(scenario.name).inserted else { return scenario.name }
            var number = 2
            while !taken.insert("\(scenario.name)-\(number)").inserted { number += 1 }
            return "\(scenario.name)-\(number)"
        }
    }

    /// Writes a trace of each unexpected trial, and of a single one whatever came of it; none once one could not be
    /// written.
    /// - Returns: the files, by seed.
    /// - Throws: `FaultError`.
    mutating func write(_ batch: SimulatedBatch, _ tally: TrialTally) throws(FaultError) -> [(
        seed: UInt64, path: String
    )] {
        let unexpected = Set(tally.unexpected.map(\.seed))
        let chosen = batch.trials.filter { batch.trials.count == 1 || unexpected.contains($0.seed) }
        if chosen.count > Self.limit {
            Console.error("\(chosen.count) unexpected runs; only the first \(Self.limit) get a trace")
        }
        var written: [(seed: UInt64, path: String)] = []
        for trial in chosen.prefix(Self.limit) where failure == nil {
            let path = "\(folder)/\(batch.traceName)-\(trial.dialect.rawValue)-\(trial.seed).pcap"
            let events = try trial.runTraced().events
            do throws(CaptureError) {
                try Self.write(events, of: trial, to: path)
                written.append((trial.seed, path))
            } catch {
                failure = error
            }
        }
        return written
    }

    /// Writes a trace of some name. What went wrong is `failure`.
    mutating func write(_ events: [TraceEvent], of trial: Trial, named name: String) {
        guard failure == nil else { return }
        do throws(CaptureError) {
            try Self.write(events, of: trial, to: "\(folder)/\(name).pcap")
        } catch {
            failure = error
        }
    }

    private static func write(_ events: [TraceEvent], of trial: Trial, to path: String) throws(CaptureError) {
        // A pipe would be written to as it is, and wait for somebody who reads it.
        var status = stat()
        guard stat(path.systemName, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw CaptureError(
                .inaccessible, path: path, "this is not a regular file", advice: "remove it, or name another folder")
        }
        let writer = try TraceWriter(creating: path, session: session(of: trial), replacing: true)
        for event in events { try writer.write(event) }
        try writer.close()
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
