import Emulator
import Faults
import Flasher
import Images
import Line
import Simulation
import TestForms
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
        let run = JobRun(flasher, on: Chip(settings: settings, flash: flash), conditions: conditions)
        run.finish(within: Trial.patience)
        let contents = run.line.device.flash.contents
        let isTrue =
            task == .write
            ? !run.isSuccess || contents == after
            : contents == before && (run.read ?? Array(before[range])) == Array(before[range])
                && (!run.isSuccess || run.read != nil)
        return Result(
            isSuccess: run.isSuccess, hasEnded: run.outcome != nil, isTrue: isTrue,
            firings: run.line.incidents[0].count, story: run.story)
    }

    /// What a step's damage leaves no way out of without the power switch, or none that this host knows.
    static func mayFail(_ fault: FaultChoice, at step: Step) -> Bool {
        if fault.name == "stop-answering" { return true }
        // Longer than the host hopes: it gives up first, and that is no lie.
        if let delay = fault.values["by"], delay > 2000 { return true }
        switch step {
        // §1.4, §3: the boot has neither sums nor a time-out; a header, or a payload that has begun, cannot be taken back.
        case .header, .headerAnswer, .piece: return true
        default: return false
        }
    }

    /// Just past the host's and the stub's own time-outs (§10, §11.2), and short of them.
    private static let delays = [50, 400, 1200, 4000, 11_000]
    /// Not a frame's length: a body that is longer than the stub's buffer is undefined (§4.1). 60000 is the last byte.
    private static let bytes = [1, 2, 5, 6, 60_000]

    /// §10: behind a second last block the stub's FIFO overruns, and the stub stands in the middle of a block; it takes EOT
    /// for data then, and gives the block up only after 2 s of quiet.
    @Test(arguments: UInt64(1)...3)
    func theLastBlockTwice(seed: UInt64) throws {
        let fault = FaultChoice("duplicate", direction: .hostToChip, aim: Aim(.block, count: 24))
        let result = try Self.flash(.community, .write, fault, seed: seed)
        #expect(result.isSuccess && result.isTrue, "\(result.story)")
        #expect(result.firings == 1)
    }

    /// Every step, the first or the third of its kind, with one of five seeds each. The short form takes each third step,
    /// another third for the next fault: three has no divisor in common with the numbers below that change with the step.
    @Test(arguments: ProtocolFaultCatalogue.summaries.map(\.name), [Dialect.community, .vendor])
    func whateverHappensToAStep(name: String, dialect: Dialect) throws {
        let names = ProtocolFaultCatalogue.summaries.map(\.name)
        let stride = byForm(short: 3, long: 1)
        let offset = try #require(names.firstIndex(of: name)) % stride
        var turn = 0
        for task in Task.allCases {
            for step in Self.steps(dialect, task) {
                turn += 1
                guard turn % stride == offset else { continue }
                let seed = UInt64(1 + turn % 5)
                var values: [String: Int] = [:]
                if name == "delay" { values["by"] = Self.delays[turn % 5] }
                if name == "corrupt" { values = ["byte": Self.bytes[turn / 2 % 5], "xor": 1 << (turn % 8)] }
                if name == "truncate" { values["count"] = 1 + turn % 3 }
                let fault = FaultChoice(name, aim: Aim(step, count: turn % 2 == 0 ? 3 : 1), values: values)
                let result = try Self.flash(dialect, task, fault, seed: seed)
                let told = "\(task) with \(fault), seed \(seed): \(result.story)"
                #expect(result.hasEnded, "\(told)")
                #expect(result.isTrue, "\(told)")
                if result.firings == 0 || !Self.mayFail(fault, at: step) {
                    #expect(result.isSuccess, "\(told)")
                }
            }
        }
    }
}
