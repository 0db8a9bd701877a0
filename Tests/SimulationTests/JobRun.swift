import Emulator
import Flasher
import Line
import Simulation
import Testing
import Wire

/// A job that the reference host does on a chip in virtual time, and what came of it.
struct JobRun<Device: Machine> {
    var line: VirtualLine<Flasher, Device>
    private(set) var outcome: Outcome?
    private(set) var info: ChipInfo?
    private(set) var backup: [UInt8]?
    private(set) var read: [UInt8]?
    private(set) var efuse: [UInt8]?
    private(set) var retries: [String] = []

    init(_ flasher: Flasher, on device: Device) {
        line = VirtualLine(host: flasher, device: device)
    }

    /// Runs to the job's end, or until `isDone`; back-ups count as saved.
    mutating func finish(
        within limit: Duration = .seconds(900), until isDone: (VirtualLine<Flasher, Device>) -> Bool = { _ in false }
    ) {
        var run = self
        line.run(until: line.now.advanced(by: limit)) { line in
            let now = line.now
            while let report = line.host.nextReport() {
                run.hear(report)
                if case .backup = report { line.host.backupSaved(at: now) }
            }
            return run.outcome != nil || isDone(line)
        }
        let line = line
        self = run
        self.line = line
    }

    private mutating func hear(_ report: FlasherReport) {
        switch report {
        case .identified(let found): info = found
        case .backup(let bytes): backup = bytes
        case .readResult(let bytes, _): read = bytes
        case .efuse(let bytes): efuse = bytes
        case .retry(let phase, let reason): retries.append("\(phase.rawValue): \(reason)")
        case .finished(let end): outcome = end
        default: break
        }
    }

    var isSuccess: Bool {
        if case .success = outcome { true } else { false }
    }

    /// What to print when a test fails.
    var story: String { "\(String(describing: outcome)); \(retries.suffix(8))" }
}
