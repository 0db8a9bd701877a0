import Emulator
import Line
import Scenarios
import Testing
import Wire

@testable import Check

/// A program that was cut, and its command given again: what is asked of any host, and what of a careful one.
@Suite struct CutTrialTests {
    private static let place = CutPoint(.step(.block, byteCount: nil), count: 3)

    private struct Bench {
        var run: CheckCase
        var job: CheckJob
        let flasher = FlasherProgram(name: "f")

        init(_ task: Scenario.Task) throws {
            var scenario = Scenario(name: "s")
            scenario.expectation.demand = .any
            run = CheckCase(scenario, named: "s", task: task, seed: 2)
            run.cut = CutCase(at: [CutTrialTests.place], stretch: "XMODEM write")
            job = CheckJob(run, on: try Setup(scenario, seed: 2), firmware: nil, readByteCount: 4096)
        }

        /// What it held, with the first so many bytes of the job done.
        func flash(done count: Int) -> [UInt8] {
            var flash = job.before
            let range = job.range.lowerBound..<(job.range.lowerBound + count)
            flash.replaceSubrange(range, with: job.wanted[range])
            return flash
        }

        func one(
            _ way: ProgramEnding.Way, _ found: [UInt8], before: [UInt8]? = nil, reading: [UInt8]? = nil,
            cut: Bool = false
        ) -> CutTrial.Run {
            var job = job
            if let before { job.before = before }
            return .init(
                CheckTrial(
                    run, job, flasher, ending: ProgramEnding(way), duration: .seconds(1), limit: .seconds(60),
                    found: found, reading: reading, reportedSizes: [], firings: [], output: "out",
                    powerNeverCame: false,
                    session: nil), cutAt: cut ? .zero : nil)
        }

        func result(_ runs: [CutTrial.Run]) -> CheckResult { CutTrial(run, job, runs).result(command: []) }
    }

    @Test func rightInTheEnd() throws {
        let bench = try Bench(.write)
        let half = bench.flash(done: 8192)
        let result = bench.result([
            bench.one(.exited(1), half, cut: true), bench.one(.exited(0), bench.job.wanted, before: half),
        ])
        #expect(result.verdicts.isEmpty && result.outcome == .passed && result.word == "good")
        #expect(result.cut?.cut.first?.holding.words == "new 0x8000 to 0x9FFF, old 0xA000 to 0xDFFF")
        #expect(result.cut?.cut.first?.holding.contents == .neither && result.cut?.again?.holding.contents == .new)
        #expect(result.run.label == "s write seed 2 cut at block:3" && result.run.fileName == "s-write-2-cut-block-3")
        #expect(result.duration == .seconds(2))
    }

    /// Success over a flash that is neither old nor new, in either run.
    @Test func aLie() throws {
        let bench = try Bench(.write)
        let half = bench.flash(done: 8192)
        let first = bench.result([
            bench.one(.exited(0), half, cut: true), bench.one(.exited(0), bench.job.wanted, before: half),
        ])
        #expect(first.verdicts.map(\.kind) == [.lie] && first.outcome == .failed)
        #expect(first.verdicts.first?.reason.hasPrefix("cut: success was reported") == true)
        let second = bench.result([
            bench.one(.exited(1), half, cut: true), bench.one(.exited(0), half, before: half),
        ])
        #expect(second.verdicts.map(\.kind) == [.lie] && second.outcome == .failed)
        #expect(second.verdicts.first?.reason.hasPrefix("given again: success was reported") == true)
    }

    /// It failed and said so: no host may be asked for more, and a careful one is.
    @Test func failedAgainAndSaidSo() throws {
        let bench = try Bench(.write)
        let half = bench.flash(done: 8192)
        let result = bench.result([
            bench.one(.exited(1), half, cut: true), bench.one(.exited(1), half, before: half),
        ])
        #expect(result.verdicts.map(\.kind) == [.failed] && result.outcome == .missed)
    }

    /// A success that was there before the cut is one.
    @Test func cutAfterTheJob() throws {
        let bench = try Bench(.write)
        let result = bench.result([
            bench.one(.exited(0), bench.job.wanted, cut: true),
            bench.one(.exited(0), bench.job.wanted, before: bench.job.wanted),
        ])
        #expect(result.verdicts.isEmpty && result.outcome == .passed)
    }

    /// Settings lost in the first run are its fault, and not the second's as well.
    @Test func settingsAreLost() throws {
        let bench = try Bench(.write)
        var lost = bench.flash(done: 8192)
        lost.replaceSubrange(0x1FB000..<0x1FC000, with: repeatElement(0xFF, count: 4096))
        var end = bench.job.wanted
        end.replaceSubrange(0x1FB000..<0x1FC000, with: repeatElement(0xFF, count: 4096))
        let result = bench.result([bench.one(.exited(1), lost, cut: true), bench.one(.exited(0), end, before: lost)])
        #expect(result.verdicts.map(\.kind) == [.harmed] && result.outcome == .failed)
        #expect(result.verdicts.first?.reason.hasPrefix("cut: ") == true)
    }

    /// A back-up that is claimed has to be right; one that was begun is nothing yet.
    @Test func aRead() throws {
        let bench = try Bench(.backup)
        let (flash, whole) = (bench.job.before, Array(bench.job.before[0..<4096]))
        let half = bench.one(.exited(1), flash, reading: Array(whole[0..<1024]), cut: true)
        #expect(bench.result([half, bench.one(.exited(0), flash, reading: whole)]).verdicts.isEmpty)
        let claimed = bench.one(.exited(0), flash, reading: Array(whole[0..<1024]), cut: true)
        let result = bench.result([claimed, bench.one(.exited(0), flash, reading: whole)])
        #expect(result.verdicts.map(\.kind) == [.lie] && result.cut?.again?.holding.contents == nil)
    }

    /// What never came to its place shows nothing, however well it ended.
    @Test func notReached() throws {
        let bench = try Bench(.write)
        let result = bench.result([bench.one(.exited(0), bench.job.wanted)])
        #expect(result.outcome == .inconclusive && result.word == "not reached" && result.cut?.isReached == false)
        #expect(ScoreCard([result]).of == 0)
        // What no host may do it may not do either.
        let lied = bench.result([bench.one(.exited(0), bench.job.before)])
        #expect(lied.outcome == .failed && lied.word == "lied")
    }

    @Test func eachWayHasItsOwnChance() {
        func seed(_ names: [String], _ seed: UInt64, at index: Int = 0) -> PlannedCut? {
            CutCase(at: names.compactMap { CutPoint($0) }, tears: true).plan(of: index, seed: seed)
        }
        #expect(seed(["erase:1"], 1) == seed(["erase:1"], 1))
        #expect(seed(["erase:1"], 1)?.way != seed(["erase:1"], 2)?.way)
        #expect(seed(["erase:1"], 1)?.way != seed(["erase:2"], 1)?.way)
        #expect(seed(["erase:1", "erase:2"], 1, at: 1)?.way != seed(["erase:3", "erase:2"], 1, at: 1)?.way)
        #expect(seed(["erase:1"], 1, at: 1) == nil)
    }
}
