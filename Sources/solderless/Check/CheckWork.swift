import Check
import Files
import Foundation
import ScenarioFiles
import Scenarios

/// What a run of a flasher is given, in a folder of its own.
struct CheckWork {
    let setup: Setup
    let job: CheckJob
    let place: String
    /// Where a read puts what it reads.
    let out: String
    /// The command.
    let words: [String]
    /// Its name or its file, as the bench takes it.
    let scenario: String

    /// - Throws: `Failure`, `FaultError`, `FileError`.
    init(_ run: CheckCase, on bench: CheckBench) throws {
        place = "\(bench.folder)/\(run.fileName)"
        try FileStore.makeFolder(path: place)
        setup = try Setup(run.scenario, seed: run.seed)
        let plan = bench.plan
        job = CheckJob(run, on: setup, firmware: plan.firmware, readByteCount: plan.readByteCount(run))
        let image = "\(place)/image.bin"
        out = plan.options.out ?? "\(place)/read.bin"
        if let bytes = job.image { try FileStore.replace(path: image, with: bytes.span) }
        words = plan.words(run, job, image: image, out: out)
        scenario = run.scenarioName ?? "\(place)/scenario.yaml"
        if run.scenarioName == nil {
            let text = Array(ScenarioFile.text(of: run.scenario).utf8)
            try FileStore.replace(path: scenario, with: text.span)
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: place) }
}
