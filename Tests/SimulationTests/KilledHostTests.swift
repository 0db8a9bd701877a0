import Emulator
import Flasher
import Images
import Line
import Simulation
import TestForms
import Testing
import Wire

/// A host that is killed leaves a stub at working baud, in the middle of whatever it did: it waits there for ever (ECR6600
/// facts §10), and the next host has to find it.
@Suite struct KilledHostTests {
    private static let moments = stride(from: 40, through: 1500, by: 20).map { $0 }

    /// - Parameter milliseconds: how long the job runs after the stub is known.
    @Test(arguments: byForm(short: [60, 300, 620, 1100], long: moments), Dialect.allCases)
    func theNextFindsTheStub(milliseconds: Int, dialect: Dialect) throws {
        for job in [Job.read(0..<0x40000), .write([Segment(address: 0x8000, bytes: bytes(0x20000))], backup: false)] {
            let run = JobRun(flasher(job, dialect), on: chip(dialect))
            var end: Instant?
            run.finish { line in
                if end == nil, run.info != nil { end = line.now.advanced(by: .milliseconds(milliseconds)) }
                return end.map { $0 <= line.now } ?? false
            }
            guard run.outcome == nil else { continue }
            run.goOn(with: flasher(.info, dialect))
            let start = run.line.now
            run.finish(within: .seconds(60))
            try run.requireSuccess()
            // A stub that is silent at another rate is only looked for when the sync word's time is over.
            #expect(start.duration(to: run.line.now) < .seconds(40), "\(run.retries)")
            #expect(run.retries.count < 20)
        }
    }

    private func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    }

    private func flasher(_ job: Job, _ dialect: Dialect) -> Flasher {
        Flasher(
            job: job, dialect: dialect,
            stub: StubImage.placeholder(for: dialect == .community ? .community : .vendor1311),
            settings: .usual(for: dialect))
    }

    private func chip(_ dialect: Dialect) -> Chip {
        var settings = ChipSettings()
        settings.timing = .wire
        return Chip(settings: settings, flash: NORFlash(id: .gd25q16e), power: .on)
    }
}
