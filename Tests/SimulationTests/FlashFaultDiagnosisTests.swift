import Emulator
import Faults
import Flasher
import Images
import Line
import Simulation
import Testing
import Wire

/// The reference host on a flash that is broken, or loses its power: never "done" with wrong flash.
@Suite struct FlashFaultDiagnosisTests {
    private static let id = FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)
    private static let new = [UInt8](repeating: 0x5A, count: 0x4000)
    private static let old = [UInt8](repeating: 0x11, count: 1 << 20)

    private func run(
        _ faults: [FaultChoice], power: PowerSchedule = .on, image: [UInt8] = old
    ) throws -> JobRun<Chip> {
        var flash = NORFlash(id: Self.id)
        flash.load(image)
        let chip = Chip(
            settings: ChipSettings(), flash: flash, flashFaults: try FaultRegistry.flashFaults(faults), power: power)
        let job = Job.write([Segment(address: 0x4000, bytes: Self.new)], backup: false)
        let run = JobRun(Flasher(job: job, stub: StubImage.placeholder(for: .community)), on: chip)
        run.finish()
        return run
    }

    private func isWritten(_ run: JobRun<Chip>) -> Bool {
        run.line.device.flash.bytes(0x4000..<0x8000) == Self.new
    }

    /// §4.2: the stub says success; §4.1 (09) tells.
    @Test(arguments: [
        FaultChoice("worn-sector", values: ["address": 0x5000]),
        FaultChoice("stuck-bit", values: ["address": 0x6123, "bit": 0]),
        FaultChoice("write-protection", values: ["start": 0x7FF0, "bytes": 0x10]),
    ])
    func neverSuccess(fault: FaultChoice) throws {
        let run = try run([fault])
        #expect(!run.isSuccess)
        #expect(run.failure?.diagnosis?.causeClass == .flashTrouble, "\(run.story)")
        #expect(!isWritten(run))
        #expect(run.line.device.faultFirings.allSatisfy { $0.count > 0 })
    }

    @Test func aSlowEraseIsWaitedFor() throws {
        let run = try run([FaultChoice("slow-erase", values: ["times": 3])])
        #expect(run.isSuccess, "\(run.story)")
        #expect(isWritten(run))
        #expect(run.line.device.faultFirings.allSatisfy { $0.count > 0 })
    }

    /// A sector that erases at the second attempt is mended by whoever tries again, or is told of.
    @Test func aSectorThatErasesLater() throws {
        let run = try run([FaultChoice("worn-sector", values: ["address": 0x5000, "times": 1])])
        #expect(!run.isSuccess || isWritten(run), "\(run.story)")
    }

    /// Brown-outs in the so manieth erase: everything restarts in the mask ROM (§1.1).
    @Test(arguments: [1, 2, 4])
    func aBrownOut(erase: Int) throws {
        let power = PowerSchedule([
            .init(.start, isOn: true), .init(.erase(erase), after: .milliseconds(20), isOn: false),
            .init(.erase(erase), after: .milliseconds(320), isOn: true),
        ])
        let run = try run([], power: power)
        #expect(!run.isSuccess || isWritten(run), "\(run.story)")
        #expect(run.line.device.isPowered)
    }

    @Test func aChoiceOfAnotherKindIsNotTheFlashs() throws {
        #expect(try FaultRegistry.flashFaults([FaultChoice("open-wire")]).firings.isEmpty)
        #expect(throws: FaultError.noDirection(fault: "stuck-bit")) {
            try FaultRegistry.flashFaults([FaultChoice("stuck-bit", direction: .hostToChip)])
        }
        let names = FaultRegistry.summaries.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
