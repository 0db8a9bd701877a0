import Emulator
import Flasher
import Images
import Line
import Simulation
import Testing
import Wire

/// No common ground: ECR6600 facts §11.3, the user with `recv length is: 1`. The ground is a model of ours (docs/line.md).
@Suite struct LineGroundTests {
    private static let seeds = Array(UInt64(1)...20)

    private func run(_ ground: Ground, seed: UInt64, syncing: Duration = .seconds(5)) -> JobRun<Chip> {
        var conditions = LineConditions()
        conditions.adapter = Adapter(.ft232r)
        conditions.ground = ground
        conditions.seed = seed
        var settings = FlasherSettings()
        settings.syncWindow = syncing
        let chip = Chip(
            settings: ChipSettings(), flash: NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)))
        let flasher = Flasher(
            job: .info, stub: StubImage.placeholder(for: .community), settings: settings)
        let run = JobRun(flasher, on: chip)
        run.line = VirtualLine(host: flasher, device: chip, conditions: conditions)
        run.finish()
        return run
    }

    @Test(arguments: seeds)
    func nothingUsableArrives(seed: UInt64) {
        let run = run(.floating(FloatingGround()), seed: seed)
        let isFailure = run.outcome != nil && !run.isSuccess
        #expect(isFailure, "seed \(seed): \(run.story)")
        let isWhereItWas = run.line.device.loaderName == "mask ROM, UART boot"
        #expect(isWhereItWas, "seed \(seed): \(run.line.device.loaderName ?? "off")")
    }

    @Test(arguments: seeds)
    func joiningTheGroundsCuresIt(seed: UInt64) throws {
        let joining = Instant.zero.advanced(by: .seconds(2))
        let run = run(.joinedAfter(joining, FloatingGround()), seed: seed, syncing: .seconds(10))
        try run.requireSuccess()
        #expect(run.line.now > joining)
    }
}
