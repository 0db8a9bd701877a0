import Emulator
import Faults
import Flasher
import Images
import Line
import Simulation
import Testing
import Wire

/// A supply that goes at a step of the protocol, under the reference host.
@Suite struct PowerAtStepTests {
    /// Writes down when blocks of XMODEM have crossed, and what the power did.
    private struct Watched: Machine {
        var chip: Chip
        var blockEnds: [Instant] = []

        mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
            if characters.count == XMODEM.blockByteCount { blockEnds.append(timing.end(of: characters.count)) }
            chip.receive(characters, timing: timing)
        }
        mutating func advance(to now: Instant) { chip.advance(to: now) }
        mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { chip.transmit(into: &characters) }
        var deadline: Instant? { chip.deadline }
        func receiverClock(at moment: Instant) -> ReceiverClock { chip.receiverClock(at: moment) }
    }

    private let new = SampleFlash.application("new", byteCount: 0x6000, seed: 4)
    private let before = SampleFlash.image(byteCount: 2 << 20, seed: 3)

    private func write(_ aim: Aim) -> JobRun<Watched> {
        var flash = NORFlash(id: .gd25q16e)
        flash.load(before)
        let power = PowerSchedule([
            .init(.start, isOn: true), .init(.step(aim), isOn: false),
            .init(.step(aim), after: .milliseconds(300), isOn: true),
        ])
        let chip = Chip(settings: ChipSettings(), flash: flash, power: power)
        let flasher = Flasher(
            job: .write([Segment(address: 0x8000, bytes: new)], backup: false),
            stub: StubImage.placeholder(for: .community))
        let run = JobRun(flasher, on: Watched(chip: chip))
        run.finish()
        return run
    }

    /// §10: the power goes as the third block has crossed. Two blocks are programmed, of the third the page that begins at
    /// that moment, and the host does not say that all is well.
    @Test func theThirdBlock() throws {
        let run = write(Aim(.block, count: 3))
        #expect(!run.isSuccess)
        #expect(run.outcome != nil)
        let third = try #require(run.line.device.blockEnds.dropFirst(2).first)
        let told = run.line.device.chip.takeEvents().filter { if case .power = $0.kind { true } else { false } }
        #expect(
            told == [
                ChipEvent(time: .zero, kind: .power(on: true)), ChipEvent(time: third, kind: .power(on: false)),
                ChipEvent(time: third.advanced(by: .milliseconds(300)), kind: .power(on: true)),
            ])
        let flash = run.line.device.chip.flash.contents
        #expect(Array(flash[0x8000..<0x8800]) == Array(new[..<0x800]))
        #expect(Array(flash[0x8800..<0x8900]) == Array(new[0x800..<0x900]))
        #expect(flash[0x8900..<0x8C00].allSatisfy { $0 == 0xFF })
    }

    /// Wherever in a write it is: an end, and never "done" with a flash that is not what was written.
    @Test(arguments: [
        Aim(.sync), Aim(.headerAnswer), Aim(.piece, count: 2), Aim(.baud), Aim(.baudAnswer), Aim(.ready), Aim(.block),
        Aim(.blockAck, count: 24), Aim(.eot), Aim(.eotAck), Aim(.command, count: 4), Aim(.answer, count: 4),
    ])
    func anywhere(aim: Aim) {
        let run = write(aim)
        #expect(run.outcome != nil)
        var wanted = before
        wanted.replaceSubrange(0x8000..<(0x8000 + new.count), with: new)
        let isRight = run.line.device.chip.flash.contents == wanted
        #expect(!run.isSuccess || isRight)
    }

    /// Whoever switches the power on looks at the host, not at what the chip hears.
    @Test func theHostsFirstByteCountsOnAnOpenWire() throws {
        var conditions = LineConditions()
        conditions.faults = try FaultRegistry.lineFaults([FaultChoice("open-wire")])
        let chip = Chip(
            settings: ChipSettings(), flash: NORFlash(id: .gd25q16e), power: .afterFirstCharacter(.milliseconds(500)))
        let flasher = Flasher(job: .info, stub: StubImage.placeholder(for: .community))
        let run = JobRun(flasher, on: chip, conditions: conditions)
        run.finish()
        #expect(!run.isSuccess)
        #expect(run.line.device.isPowered)
        #expect(run.line.device.missedSwitches.isEmpty)
    }
}
