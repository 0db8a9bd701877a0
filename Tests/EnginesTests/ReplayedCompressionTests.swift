import Bench
import Emulator
import Flasher
import Images
import Line
import Replay
import Testing
import Trace

@testable import Simulation

/// Compressed transfers are recorded and replayed: what counts is what the streams say, for compressors differ.
@Suite struct ReplayedCompressionTests {
    /// Something that compresses, and differently by level.
    private static let image = (0..<24_576).map { UInt8(truncatingIfNeeded: ($0 / 5 &* 37) ^ ($0 >> 7 &* 11) & 0x7F) }
    private static let write = Job.write([Segment(address: 0x8000, bytes: image)], backup: false)
    private static let read = Job.read(0x8000..<0xE000)

    private struct Session<Device> {
        var events: [TraceEvent]
        var isSuccess = false
        var device: Device
    }

    private func session<Device: Machine>(_ job: Job, level: Int, with device: Device) -> Session<Device> {
        var settings = FlasherSettings.usual(for: .community)
        settings.compression = level
        let flasher = Flasher(
            job: job, dialect: .community, stub: StubImage.placeholder(for: .community), settings: settings)
        var line = VirtualLine(host: flasher, device: device)
        line.tap = LineTap(keepsEvents: true)
        var isSuccess = false
        line.run(until: Instant(nanoseconds: 600_000_000_000)) { line in
            while let report = line.host.nextReport() {
                guard case .finished(let outcome) = report else { continue }
                if case .success = outcome { isSuccess = true }
                return true
            }
            return false
        }
        line.run(until: line.now.advanced(by: ReplayedHost.lag))
        let description = SessionDescription(program: "test", programVersion: "", clock: .virtual)
        return Session(
            events: [TraceEvent(.zero, .session(description))] + (line.tap?.events ?? []), isSuccess: isSuccess,
            device: line.device)
    }

    private func hostBytes(_ events: [TraceEvent]) -> [UInt8] {
        var sent: [UInt8] = []
        for case .data(.hostToChip, let bytes) in events.map(\.kind) { sent += bytes }
        return sent
    }

    private func chip(_ recording: Recording = Recording([TraceEvent]()), flash: [UInt8]? = nil) -> Chip {
        RecordedChip(stub: .community, flash: flash).chip(of: recording, time: TimeMode(.wire))
    }

    private static let flash = [UInt8](repeating: 0xFF, count: 0x8000) + image

    /// The same level, and others: other bytes, the same image.
    @Test(arguments: [2, 1, 9]) func aWrite(level: Int) throws {
        let then = session(Self.write, level: 2, with: chip())
        #expect(then.isSuccess)
        let recording = Recording(then.events)
        let frames = session(Self.write, level: level, with: FramePlayer(recording, patience: .seconds(60)))
        #expect(frames.isSuccess)
        guard case .complete(let summary) = frames.device.outcome else {
            Issue.record("\(frames.device.outcome.inWords(recording))")
            return
        }
        #expect((hostBytes(frames.events) == hostBytes(then.events)) == (level == 2), "the streams differ")
        #expect(summary.chipByteCount > 0)
        let effect = session(Self.write, level: level, with: EffectPlayer(recording, chip: chip(recording)))
        guard effect.isSuccess, case .complete = effect.device.outcome else {
            Issue.record("\(effect.device.outcome.inWords(recording))")
            return
        }
        #expect(effect.device.effect() == nil)
        #expect(effect.device.disagreement == nil)
    }

    /// One bit of the image is another, at the same level and at another: in `frames` it is found, in `effect` the flash
    /// ends otherwise, and where is said.
    @Test(arguments: [2, 9]) func aWriteOfAnotherBit(level: Int) throws {
        let recording = Recording(session(Self.write, level: 2, with: chip()).events)
        var other = Self.image
        other[20_000] ^= 0x04
        let job = Job.write([Segment(address: 0x8000, bytes: other)], backup: false)
        let frames = session(job, level: level, with: FramePlayer(recording, patience: .seconds(60)))
        guard case .diverged(let divergence) = frames.device.outcome else {
            Issue.record("\(frames.device.outcome)")
            return
        }
        #expect(divergence.expected != divergence.got)
        let effect = session(job, level: level, with: EffectPlayer(recording, chip: chip(recording)))
        #expect(effect.isSuccess)
        let difference = try #require(effect.device.effect())
        #expect(difference.address == 0x8000 + 20_000 && difference.byteCount == 1)
    }

    /// What was read is what the emulated chip then holds, if it has to go on.
    @Test func aRead() throws {
        let then = session(Self.read, level: 2, with: chip(flash: Self.flash))
        #expect(then.isSuccess)
        let recording = Recording(then.events)
        #expect(recording.readings.flatMap(\.bytes).suffix(Self.image.count).elementsEqual(Self.image))
        let frames = session(Self.read, level: 2, with: FramePlayer(recording))
        guard frames.isSuccess, case .complete = frames.device.outcome else {
            Issue.record("\(frames.device.outcome.inWords(recording))")
            return
        }
        // At another level it is another command: the chip goes on, and the host reads the same.
        let effect = session(Self.read, level: 9, with: EffectPlayer(recording, chip: chip(recording)))
        guard effect.isSuccess, case .left = effect.device.outcome else {
            Issue.record("\(effect.device.outcome)")
            return
        }
        #expect(effect.device.effect() == nil)
        let again = Recording(effect.events)
        #expect(again.readings.flatMap(\.bytes).suffix(Self.image.count).elementsEqual(Self.image))
    }

    /// The recorded host, to a chip.
    @Test(arguments: [HostPlayer.Match.frames, .effect], [true, false])
    func asHost(match: HostPlayer.Match, writes: Bool) throws {
        let flash = writes ? nil : Self.flash
        let recording = Recording(session(writes ? Self.write : Self.read, level: 2, with: chip(flash: flash)).events)
        var line = VirtualLine(host: HostPlayer(recording, match: match), device: chip(flash: flash))
        line.run(until: Instant(nanoseconds: 600_000_000_000)) { line in
            if case .running = line.host.outcome { false } else { true }
        }
        guard case .complete = line.host.outcome else {
            Issue.record("\(line.host.outcome.inWords(recording))")
            return
        }
        #expect(!writes || Array(line.device.flash.contents[0x8000..<0xE000]) == Self.image)
    }
}
