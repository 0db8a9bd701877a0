import Line
import TestForms
import Testing

@testable import Flasher

/// Flasher and fake chip joined in virtual time.
struct Desk {
    var flasher: Flasher
    var chip: FakeChip
    var now = Instant.zero
    var reports: [FlasherReport] = []
    /// Answers a back-up at once, as a driver with a disk would.
    var savesBackup = true
    /// Answers come byte by byte at wire speed instead of whole and at once.
    var isPaced = false
    /// Called before each turn; true ends the run.
    var until: ((Desk) -> Bool)?

    init(_ job: Job, chip: FakeChip, settings: FlasherSettings = FlasherSettings()) {
        self.chip = chip
        flasher = Flasher(job: job, stub: Desk.stub, settings: settings)
    }

    static let stub = [UInt8]((0..<2600).map { UInt8(truncatingIfNeeded: $0 &* 7) })

    /// Runs until the flasher has an outcome or has nothing to wait for; at most `limit` of virtual time.
    mutating func run(limit: Duration = .seconds(600)) {
        let end = now.advanced(by: limit)
        var characters: [UInt8] = []
        while now <= end, until?(self) != true {
            flasher.advance(to: now)
            while true {
                characters.removeAll(keepingCapacity: true)
                guard let timing = flasher.transmit(into: &characters) else { break }
                chip.hear(characters, at: now, baud: timing.rate.baud)
            }
            while let report = flasher.nextReport() {
                reports.append(report)
                if case .backup = report, savesBackup { flasher.backupSaved(at: now) }
            }
            if flasher.outcome != nil { return }
            chip.ring(at: now)
            while let index = chip.answers.firstIndex(where: { $0.at <= now }) {
                let answer = chip.answers.remove(at: index)
                guard answer.baud == flasher.portBaud else { continue }
                let rate = BitRate(baud: answer.baud)
                if isPaced {
                    let timing = RunTiming(start: now, backToBackAt: rate)
                    for index in answer.bytes.indices {
                        flasher.receive(
                            answer.bytes.span.extracting(index..<(index + 1)), timing: timing.dropping(index))
                    }
                } else {
                    flasher.receive(answer.bytes.span, timing: RunTiming(start: now, unpacedAt: rate))
                }
            }
            let next = [flasher.deadline, chip.timer, chip.answers.map(\.at).min()].compactMap(\.self).min()
            guard let next else { return }
            now = max(now, next)
        }
    }

    var failure: FlasherFailure? {
        if case .failure(let failure)? = flasher.outcome { failure } else { nil }
    }

    var steps: [StepRecord]? {
        if case .success(let steps)? = flasher.outcome { steps } else { nil }
    }

    var retries: [String] {
        reports.compactMap { if case .retry(_, let reason) = $0 { reason } else { nil } }
    }
}

/// A chip with 1 MB (size code 14), enough for every test and quick to hash.
func smallChip() -> FakeChip {
    var chip = FakeChip(flash: megabyte)
    chip.id = [0xC8, 0x40, 0x14]
    return chip
}

private let megabyte = pattern(1 << 20)
