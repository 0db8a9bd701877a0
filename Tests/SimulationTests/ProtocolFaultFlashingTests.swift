import Emulator
import Flasher
import Foundation
import Line
import Simulation
import Testing
import Wire

/// The reference host while one step of the protocol goes wrong: never "done" with a wrong flash or wrong data, always an
/// end, and success where the facts leave it a way.
@Suite struct ProtocolFaultFlashingTests {
    enum Task: String, CaseIterable { case write, read }

    private static let range = 0x8000..<0xE000
    private static let before = SampleFlash.image(byteCount: 1 << 20, seed: 3)
    private static let new = SampleFlash.application("new", byteCount: range.count, seed: 4)
    private static let after = {
        var after = before
        after.replaceSubrange(range, with: new)
        return after
    }()

    /// What a host meets in such a job: the boot, then frames or XMODEM.
    static func steps(_ dialect: Dialect, _ task: Task) -> [Step] {
        let boot: [Step] = [.sync, .syncAnswer, .header, .headerAnswer, .piece, .command, .answer, .baud, .baudAnswer]
        switch (dialect, task) {
        case (.community, _): return boot + [.ready, .block, .blockAck, .eot, .eotAck]
        case (_, .write): return boot + [.dataFrame, .dataAnswer]
        case (_, .read): return boot + [.uploadFrame]
        }
    }

    struct Result {
        var isSuccess: Bool
        var hasEnded: Bool
        var isTrue: Bool
        var firings: Int
        var story: String
    }

    static func flash(_ dialect: Dialect, _ task: Task, _ fault: FaultChoice, seed: UInt64) throws -> Result {
        var conditions = LineConditions()
        conditions.faults = try FaultRegistry.lineFaults([fault])
        conditions.seed = seed
        var flash = NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14))
        flash.load(before)
        var settings = ChipSettings()
        settings.seed = seed
        let job =
            task == .write ? Job.write([Segment(address: range.lowerBound, bytes: new)], backup: false) : .read(range)
        let flasher = Flasher(
            job: job, dialect: dialect,
            stub: StubImage.placeholder(for: dialect.speaksFrames ? .vendor134 : .community))
        var run = JobRun(flasher, on: Chip(settings: settings, flash: flash), conditions: conditions)
        run.finish(within: Trial.patience)
        let contents = run.line.device.flash.contents
        let isTrue =
            task == .write
            ? !run.isSuccess || contents == after
            : contents == before && (run.read ?? Array(before[range])) == Array(before[range])
                && (!run.isSuccess || run.read != nil)
        return Result(
            isSuccess: run.isSuccess, hasEnded: run.outcome != nil, isTrue: isTrue,
            firings: run.line.firings[0].count, story: run.story)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["SWEEP"] != nil)) func sweep() throws {
        for dialect in [Dialect.community, .vendor] {
            for task in Task.allCases {
                for step in Self.steps(dialect, task) {
                    for count in [1, 3] {
                        for summary in ProtocolFaultCatalogue.summaries where summary.name != "stop-answering" {
                            for seed in UInt64(1)...(UInt64(ProcessInfo.processInfo.environment["SWEEP"] ?? "") ?? 1) {
                                var values: [String: Int] = [:]
                                if summary.name == "delay" {
                                    values["by"] = [50, 400, 1200, 4000, 11_000][Int(seed % 5)]
                                }
                                if summary.name == "truncate" { values["count"] = 1 + Int(seed % 3) }
                                let fault = FaultChoice(summary.name, aim: Aim(step, count: count), values: values)
                                let result = try Self.flash(dialect, task, fault, seed: seed)
                                guard !result.isSuccess || !result.isTrue else { continue }
                                print(
                                    "SWEEP \(result.hasEnded ? "" : "HANG ")\(result.isTrue ? "" : "LIE ")",
                                    dialect, task, step, count, summary.name, values, "seed", seed, "fired",
                                    result.firings, result.story.prefix(700).replacing("\n", with: " "))
                            }
                        }
                    }
                }
            }
        }
    }
}
