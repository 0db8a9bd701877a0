import TestForms
import Testing

@testable import Flasher

/// Many bad lines: whatever happens, the job ends, and success is never reported with the wrong bytes in the flash.
@Suite struct BadLines {
    private struct Dice {
        var state: UInt64

        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % sides
        }

        /// One run in `odds` loses its bytes, some of them, or has one changed.
        mutating func damage(_ run: [UInt8], odds: Int) -> [UInt8]? {
            guard roll(odds) == 0, !run.isEmpty else { return run }
            var run = run
            switch roll(4) {
            case 0: return nil
            case 1: run.removeFirst(1 + roll(run.count))
            case 2: run.removeLast(1 + roll(run.count))
            default: run[roll(run.count)] ^= 1 << UInt8(roll(8))
            }
            return run
        }
    }

    private func desk(_ job: Job, seed: Int, odds: Int) -> Desk {
        nonisolated(unsafe) var dice = Dice(state: UInt64(seed))
        for _ in 0..<4 { _ = dice.roll(2) }
        var chip = smallChip()
        chip.toChip = { run, _ in dice.damage(run, odds: odds) }
        chip.toHost = { answer, _ in dice.damage(answer, odds: odds) }
        return Desk(job, chip: chip)
    }

    @Test(arguments: [8, 30, 120], byForm(short: 0..<20, long: 0..<60))
    func writing(odds: Int, seed: Int) {
        let segment = Segment(address: 0x7123, bytes: pattern(0x6345, seed: seed))
        var desk = desk(.write([segment], backup: false), seed: seed, odds: odds)
        desk.run(limit: .seconds(100_000))
        #expect(desk.flasher.outcome != nil, "\(desk.now) \(desk.retries.suffix(5))")
        if desk.steps != nil {
            // Nor is anything changed beside them, back-up or not.
            var expected = smallChip().flash
            expected.replaceSubrange(segment.range, with: segment.bytes)
            #expect(desk.chip.flash == expected)
        }
    }

    @Test(arguments: [8, 30, 120], 0..<60)
    func reading(odds: Int, seed: Int) {
        let range = 0x1001..<0x9123
        var desk = desk(.read(range), seed: seed, odds: odds)
        desk.run(limit: .seconds(100_000))
        #expect(desk.flasher.outcome != nil, "\(desk.now) \(desk.retries.suffix(5))")
        if desk.steps != nil {
            #expect(desk.reports.contains(.readResult(Array(desk.chip.flash[range]), from: 0x1001)))
        }
    }

    @Test("Answers byte by byte at wire speed, slow and fast", arguments: [57_600, 115_200, 2_000_000])
    func paced(baud: Int) throws {
        let segment = Segment(address: 0x7123, bytes: pattern(0x1345))
        var settings = FlasherSettings()
        settings.workingBaud = baud
        var desk = Desk(.write([segment], backup: false), chip: smallChip(), settings: settings)
        desk.isPaced = true
        desk.run()
        _ = try #require(desk.steps, "\(desk.failure?.description ?? "no outcome") \(desk.retries)")
        #expect(Array(desk.chip.flash[segment.range]) == segment.bytes)
        #expect(desk.retries == [])
    }

    @Test("The same job twice gives the same runs at the same times")
    func isAFunctionOfItsInput() {
        let segment = Segment(address: 0x7123, bytes: pattern(0x1345))
        var first = desk(.write([segment]), seed: 5, odds: 30)
        var second = desk(.write([segment]), seed: 5, odds: 30)
        first.run()
        second.run()
        #expect(first.chip.heard == second.chip.heard)
        #expect(first.reports == second.reports)
        #expect(first.now == second.now)
    }

    @Test("On a line that is bad now and then, most jobs end well")
    func recovers() {
        let failures = (0..<40).compactMap { seed in
            let segment = Segment(address: 0x7000, bytes: pattern(0x4000, seed: seed))
            var desk = desk(.write([segment], backup: false), seed: seed + 1000, odds: 60)
            desk.run(limit: .seconds(100_000))
            return desk.failure
        }
        #expect(failures.count <= 8, "\(failures.map(\.what))")
    }
}
