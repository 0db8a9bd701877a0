import Emulator
import Flasher
import Images
import Line
import Simulation
import Testing
import Trace
import Wire

/// Faults of the wires, with the reference host and the chip at their ends.
@Suite struct LineFaultTests {
    private let before = SampleFlash.image(byteCount: 1 << 20, seed: 41)
    private let new = SampleFlash.application("new", byteCount: 0x3000, seed: 42)
    private static let address = 0xE000

    private func run(_ faults: [any LineFault], seed: UInt64 = 1, job: Job? = nil) -> JobRun<Chip> {
        var conditions = LineConditions()
        conditions.faults = faults.map { LabelledFault($0) }
        conditions.seed = seed
        var settings = FlasherSettings()
        settings.syncWindow = .seconds(5)
        var flash = NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14))
        flash.load(before)
        let chip = Chip(settings: ChipSettings(), flash: flash)
        let flasher = Flasher(
            job: job ?? .write([Segment(address: Self.address, bytes: new)], backup: false),
            stub: StubImage.placeholder(for: .community), settings: settings)
        let run = JobRun(flasher, on: chip)
        run.line = VirtualLine(host: flasher, device: chip, conditions: conditions)
        run.line.tap = LineTap(keepsEvents: true)
        run.finish()
        return run
    }

    /// What the trace says of the first incident.
    private func firstIncident(_ run: JobRun<Chip>) -> String? {
        for event in run.line.tap?.events ?? [] {
            if case .fault(let text) = event.kind { return text }
        }
        return nil
    }

    private func isHonest(_ run: JobRun<Chip>) -> Bool {
        !run.isSuccess
            || run.line.device.flash.contents
                == before[..<Self.address] + new + before[(Self.address + new.count)...]
    }

    /// With these nobody can flash anything; each is told to have fired.
    @Test(arguments: ["open-wire", "swapped-wires", "stuck-wire", "unplugged"], Direction.allCases)
    func deadWires(name: String, direction: Direction) throws {
        let takesDirection = FaultCatalogue.summaries.first { $0.name == name }?.takesDirection == true
        let values = name == "unplugged" ? ["after": 500] : [:]
        let fault = try FaultCatalogue.fault(name, direction: takesDirection ? direction : nil, values: values)
        let run = run([fault])
        let isFailure = run.outcome != nil && !run.isSuccess
        #expect(isFailure, "\(name): \(run.story)")
        #expect(run.line.incidents.map(\.label) == [name])
        #expect(run.line.incidents.allSatisfy { $0.count > 0 })
        let isTold = firstIncident(run)?.hasPrefix("\(name), ") == true
        #expect(isTold)
    }

    @Test(arguments: UInt64(1)...10)
    func aLooseWireNeverMakesItLie(seed: UInt64) throws {
        let run = run([try FaultCatalogue.fault("loose-wire", values: ["onset": 100])], seed: seed)
        let isHonest = isHonest(run)
        #expect(isHonest && run.outcome != nil, "seed \(seed): \(run.story)")
    }

    @Test(arguments: UInt64(1)...5)
    func staleBytesAndChatterAreLivedWith(seed: UInt64) throws {
        let run = run(
            [try FaultCatalogue.fault("stale-bytes"), try FaultCatalogue.fault("boot-chatter", values: ["lines": 5])],
            seed: seed)
        try run.requireSuccess()
        let isHonest = isHonest(run)
        #expect(isHonest)
        #expect(run.line.incidents.map(\.count) == [1, 5])
    }

    /// 2 % are within what a UART takes, 20 % are not.
    @Test func aWrongCrystal() throws {
        try run([try FaultCatalogue.fault("wrong-crystal", values: ["error": 20_000])]).requireSuccess()
        let far = run([try FaultCatalogue.fault("wrong-crystal", values: ["error": 200_000])])
        let isFailure = far.outcome != nil && !far.isSuccess
        #expect(isFailure)
    }

    @Test func aFaultThatNeverFiredIsTold() throws {
        let run = run([try FaultCatalogue.fault("unplugged", values: ["after": 3_600_000])])
        try run.requireSuccess()
        #expect(run.line.incidents.map(\.count) == [0])
    }

    /// The same seed gives the same run; another gives another.
    @Test func aSeedDecides() throws {
        let fault = try FaultCatalogue.fault("loose-wire", values: ["onset": 300])
        let ends = [7, 7, 8].map { (seed: UInt64) in
            let run = run([fault], seed: seed)
            return "\(run.line.now) \(run.story) \(run.line.incidents.map(\.count)) \(firstIncident(run) as Any)"
        }
        #expect(ends[0] == ends[1])
        #expect(ends[0] != ends[2])
    }
}
