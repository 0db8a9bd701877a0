import Check
import Emulator
import Flasher

/// What the host of a trial has reported so far.
struct TrialHearing {
    private(set) var outcome: Outcome?
    /// What it says the flash holds: a back-up, or what it was asked to read.
    private(set) var readings: [[UInt8]] = []
    /// It waits for its back-up to be saved.
    var isSaving = false
    private(set) var retryCount = 0
    private(set) var lastRetries: [String] = []
    private(set) var receivedLengths: [Int] = []

    var ending: Claims.Ending {
        switch outcome {
        case .success: .success
        case .failure: .failure
        case nil: .outOfTime
        }
    }

    var failure: FlasherFailure? {
        if case .failure(let failure) = outcome { failure } else { nil }
    }

    /// Takes the host's reports, and what line and chip noted meanwhile.
    mutating func listen(to line: inout VirtualLine<Flasher, Chip>) {
        while let report = line.host.nextReport() { hear(report) }
        // Taken whether or not they are kept: otherwise they would pile up.
        for event in line.device.takeEvents() { line.tap?.note(event) }
    }

    private mutating func hear(_ report: FlasherReport) {
        switch report {
        case .backup(let bytes):
            readings.append(bytes)
            isSaving = true
        case .readResult(let bytes, _): readings.append(bytes)
        case .retry(let phase, let reason):
            retryCount += 1
            if lastRetries.count == TrialResult.retriesKept { lastRetries.removeFirst() }
            lastRetries.append("\(phase.rawValue): \(reason)")
        case .log(let line): noteComplaint(line)
        case .finished(let end): outcome = end
        default: break
        }
    }

    /// RDTool's complaint ends with the number of bytes that came (ECR6600 facts §11.3).
    private mutating func noteComplaint(_ line: String) {
        guard line.hasPrefix("RECV_RSP: "), receivedLengths.count < TrialResult.complaintsKept,
            let number = line.split(separator: " ").last, let length = Int(number)
        else { return }
        receivedLengths.append(length)
    }
}
