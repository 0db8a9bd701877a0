import Flasher
import Line
import Simulation

/// A job that the reference host does on a chip in virtual time, and what came of it.
final class JobRun<Device: Machine> {
    var line: VirtualLine<Flasher, Device>
    private(set) var outcome: Outcome?
    private(set) var info: ChipInfo?
    private(set) var backup: [UInt8]?
    private(set) var read: [UInt8]?
    private(set) var efuse: [UInt8]?
    private(set) var retries: [String] = []
    /// What the imitated tool would have logged.
    private(set) var log: [String] = []

    init(
        _ flasher: Flasher, on device: Device, pacing: HostWire.Pacing = .paced, conditions: LineConditions = .perfect
    ) {
        line = VirtualLine(host: flasher, device: device, pacing: pacing, conditions: conditions)
    }

    /// Another job on the same line, at the time at which the one before ended.
    func goOn(with flasher: Flasher) {
        line.host = flasher
        outcome = nil
    }

    /// Runs to the job's end, or until `isDone`; back-ups count as saved.
    func finish(
        within limit: Duration = .seconds(900),
        until isDone: (borrowing VirtualLine<Flasher, Device>) -> Bool = { _ in false }
    ) {
        let end = line.now.advanced(by: limit)

        var isSaving = false
        repeat {
            isSaving = false
            line.run(until: end) { line in
                while let report = line.host.nextReport() {
                    hear(report)
                    if case .backup = report { isSaving = true }
                }
                return outcome != nil || isSaving || isDone(line)
            }
            // Between two turns, so that what the host says then leaves at that moment.
            if isSaving { line.host.backupSaved(at: line.now) }
        } while isSaving

    }

    private func hear(_ report: FlasherReport) {
        switch report {
        case .identified(let found): info = found
        case .backup(let bytes): backup = bytes
        case .readResult(let bytes, _): read = bytes
        case .efuse(let bytes): efuse = bytes
        case .retry(let phase, let reason): retries.append("\(phase.rawValue): \(reason)")
        case .log(let line): log.append(line)
        case .finished(let end): outcome = end
        default: break
        }
    }

    var isSuccess: Bool {
        if case .success = outcome { true } else { false }
    }

    /// - Throws: the story, when the job did not end well. (An expectation would print the whole flash.)
    func requireSuccess() throws {
        guard isSuccess else { throw Failed(description: story) }
    }

    struct Failed: Error, CustomStringConvertible {
        var description: String
    }

    /// What to print when a test fails.
    var story: String { "\(String(describing: outcome)); \(retries.suffix(8))" }
}
