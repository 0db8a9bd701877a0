import Emulator
import Flasher
import Images
import Line
import Simulation
import Testing
import Wire

/// The reference host against the chip over an adapter at 1.8 V: ECR6600 facts §11.3, the user whose writes worked, whose
/// XMODEM back-ups failed, and whose RDTool back-ups were right. The rail is a model of ours (docs/line.md).
@Suite struct LineLevelsTests {
    private static let seeds = Array(UInt64(1)...20)
    private static let byteCount = 1 << 20
    private static let address = 0xE000
    private let before = SampleFlash.image(byteCount: byteCount, seed: 31)
    private let new = SampleFlash.application("new", byteCount: 0x6000, seed: 32)

    private static func conditions(_ seed: UInt64) -> LineConditions {
        var conditions = LineConditions()
        conditions.adapter = Adapter(.ft232r, level: 1800)
        conditions.seed = seed
        return conditions
    }

    private func run(
        _ job: Job, _ dialect: Dialect, _ version: StubImage.Version, _ conditions: LineConditions
    ) -> JobRun<Chip> {
        var flash = NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14))
        flash.load(before)
        let chip = Chip(settings: ChipSettings(), flash: flash)
        let flasher = Flasher(job: job, dialect: dialect, stub: StubImage.placeholder(for: version))
        let run = JobRun(flasher, on: chip)
        run.line = VirtualLine(host: flasher, device: chip, conditions: conditions)
        run.finish()
        return run
    }

    /// A write that is said to have worked did.
    private func isHonest(_ run: JobRun<Chip>) -> Bool {
        !run.isSuccess
            || run.line.device.flash.contents
                == before[..<Self.address] + new + before[(Self.address + new.count)...]
    }

    @Test(arguments: seeds)
    func writingByXmodemWorks(seed: UInt64) throws {
        let run = run(
            .write([Segment(address: Self.address, bytes: new)], backup: false), .community, .community,
            Self.conditions(seed))
        let isHonest = isHonest(run)
        #expect(isHonest, "seed \(seed): \(run.story)")
        try run.requireSuccess()
    }

    /// The single-byte ACK after a block falls into the sag that the block left behind.
    @Test(arguments: seeds)
    func readingByXmodemFails(seed: UInt64) {
        let run = run(.read(0..<0x8000), .community, .community, Self.conditions(seed))
        let isFailure = run.outcome != nil && !run.isSuccess
        #expect(isFailure, "seed \(seed): \(run.story)")
        #expect(run.read == nil)
    }

    /// 03 needs nothing from the host while it runs.
    @Test(arguments: seeds)
    func uploadWorks(seed: UInt64) throws {
        let run = run(.read(0..<0x20000), .vendor, .vendor134, Self.conditions(seed))
        try run.requireSuccess()
        let isRight = run.read.map { $0 == Array(before[..<0x20000]) } == true
        #expect(isRight, "seed \(seed): \(run.story)")
    }

    @Test(arguments: seeds.prefix(5))
    func verifyingTellsTheTruth(seed: UInt64) {
        let part = Array(before[0x1000..<0x3000])
        for (bytes, isRight) in [(part, true), (Array(part.reversed()), false)] {
            let run = run(
                .verify([Segment(address: 0x1000, bytes: bytes)]), .community, .community, Self.conditions(seed))
            #expect(run.outcome != nil && (!run.isSuccess || isRight), "seed \(seed): \(run.story)")
            if isRight { #expect(run.isSuccess, "seed \(seed): \(run.story)") }
        }
    }

    /// Without the lift the chip never hears a one: the line is one long break.
    @Test func withoutTheLiftNothingArrives() {
        var conditions = Self.conditions(1)
        conditions.rail = nil
        let run = run(.info, .community, .community, conditions)
        let isFailure = run.outcome != nil && !run.isSuccess
        #expect(isFailure, "\(run.story)")
    }

    /// The cure: set the adapter to 3.3 V. 5 V works as well, which does not make it good for the chip.
    @Test(arguments: [3300, 5000], Adapter.Kind.allCases)
    func higherLevelsWork(level: Millivolts, kind: Adapter.Kind) throws {
        var conditions = LineConditions()
        conditions.adapter = Adapter(kind, level: level)
        let run = run(.read(0..<0x4000), .community, .community, conditions)
        try run.requireSuccess()
        #expect(run.retries.isEmpty, "\(run.retries)")
    }
}
