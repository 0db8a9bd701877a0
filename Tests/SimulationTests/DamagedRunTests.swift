import Emulator
import Flasher
import Images
import Line
import Simulation
import TestForms
import Testing
import Wire

/// One run of the host, any of them, is lost, cut, or has a bit flipped where it hurts: the rest of the line is good, so
/// the job has to find its way back.
@Suite struct DamagedRunTests {
    enum Damage: String, CaseIterable, Sendable {
        case lost
        case cutInHalf
        case firstBit
        /// Bit 5 of the length's upper byte: a data frame of 4 KB grows by 8 KB, a command by as much.
        case longer
        /// Bit 4 of the length's upper byte: a data frame of 4 KB becomes one of no data, a command grows.
        case shorter
        case lastByte

        func apply(to run: [UInt8]) -> [UInt8] {
            guard run.count > 4 else { return [] }
            var run = run
            switch self {
            case .lost: run = []
            case .cutInHalf: run.removeLast(run.count / 2)
            case .firstBit: run[0] ^= 1
            case .longer: run[3] ^= 0x20
            case .shorter: run[3] ^= 0x10
            case .lastByte: run[run.count - 1] ^= 0x10
            }
            return run
        }
    }

    private let before = SampleFlash.image(byteCount: 1 << 20, seed: 21)
    private let new = SampleFlash.application("new", byteCount: 0x3000, seed: 22)
    private static let address = 0xE000

    private func write(_ damage: Damage, to index: Int?, _ version: StubImage.Version) -> JobRun<Meddled> {
        var settings = ChipSettings()
        settings.timing = .brisk
        settings.start = .stub
        settings.stub = version
        var flash = NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14))
        flash.load(before)
        var host = FlasherSettings()
        host.stubCheckPause = .milliseconds(100)
        let run = JobRun(
            Flasher(
                job: .write([Segment(address: Self.address, bytes: new)], backup: false), dialect: .vendor, stub: [],
                settings: host),
            on: Meddled(Chip(settings: settings, flash: flash)) { run, at in
                at == index ? damage.apply(to: run) : run
            }, pacing: .unpaced)
        run.finish()
        return run
    }

    private func isRight(_ run: JobRun<Meddled>) -> Bool {
        run.line.device.chip.flash.contents
            == before[..<Self.address] + new + before[(Self.address + new.count)...]
    }

    /// The short form damages each second run, for the next damage the others.
    @Test(arguments: Damage.allCases)
    func oneRun(damage: Damage) throws {
        let clean = write(damage, to: nil, .vendor134)
        try clean.requireSuccess()
        let count = clean.line.device.runCount
        #expect(count > 15)
        var failures: [String] = []
        let first = try #require(Damage.allCases.firstIndex(of: damage)) % 2
        for index in byForm(short: stride(from: first, to: count, by: 2), long: stride(from: 0, to: count, by: 1)) {
            let run = write(damage, to: index, .vendor134)
            #expect(run.outcome != nil, "run \(index): \(run.story)")
            if run.isSuccess {
                let isRight = isRight(run)
                #expect(isRight, "run \(index): \(run.story)")
            } else {
                failures.append("run \(index): \(run.story)")
            }
        }
        // A command that grows overruns its buffer, a frame that grows wraps the length that is left: there no host can
        // help (§4.1, §4.3).
        if damage != .longer, damage != .shorter {
            #expect(failures.isEmpty, "\(failures.count) of \(count):\n\(failures.joined(separator: "\n"))")
        }
    }

    /// A line on which no data frame comes through whole: the job fails, and the stub takes commands afterwards. Each
    /// resend has flag 1, and none goes out for the last frame of a command (§4.3).
    @Test func noFrameComesThrough() throws {
        nonisolated(unsafe) var flags: [UInt8] = []
        var host = FlasherSettings()
        host.stubCheckPause = .milliseconds(100)
        var settings = ChipSettings()
        settings.start = .stub
        let run = JobRun(
            Flasher(
                job: .write([Segment(address: Self.address, bytes: new)], backup: false), dialect: .vendor, stub: [],
                settings: host),
            on: Meddled(
                Chip(settings: settings, flash: NORFlash(id: FlashID(manufacturer: 0xC8, type: 0x40, sizeCode: 0x14)))
            ) { run, _ in
                guard run.count == 4102, run[1] == 2 else { return run }
                flags.append(run[4])
                return run.dropLast() + [run[4101] ^ 1]
            })
        run.finish()
        let chip = run.line.host.chip
        #expect(chip == ChipState(flash: .partlyWritten, program: .stub), "\(run.story)")
        #expect(flags == [0] + [UInt8](repeating: 1, count: FlasherSettings().blockAttempts - 1))
    }
}

/// A chip behind a line that changes the host's runs as it is told.
struct Meddled: Machine {
    var chip: Chip
    private(set) var runCount = 0
    private let change: (_ run: [UInt8], _ index: Int) -> [UInt8]

    init(_ chip: Chip, change: @escaping (_ run: [UInt8], _ index: Int) -> [UInt8]) {
        self.chip = chip
        self.change = change
    }

    mutating func receive(_ characters: Span<UInt8>, timing: RunTiming) {
        let run = change(characters.withUnsafeBufferPointer { Array($0) }, runCount)
        runCount += 1
        chip.receive(run.span, timing: timing)
    }

    mutating func advance(to now: Instant) { chip.advance(to: now) }

    mutating func transmit(into characters: inout [UInt8]) -> RunTiming? { chip.transmit(into: &characters) }

    var deadline: Instant? { chip.deadline }

    func receiverClock(at moment: Instant) -> ReceiverClock { chip.receiverClock(at: moment) }
}
