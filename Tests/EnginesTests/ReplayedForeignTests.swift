import Bench
import Emulator
import Flasher
import Images
import Line
import Replay
import Testing
import Trace
import Wire

@testable import Simulation

/// Sessions of a flasher that nobody here wrote, by their effect: played to that flasher, and to ours, which does the same
/// job in its own way.
@Suite struct ReplayedForeignTests {
    private static let names = [
        "efuse", "erase", "fail-read-lost-eot-ack", "fail-write-no-100ms-gap", "read-64k", "sync-no-answer",
        "write-64k",
        "write-64k-one-bit-corrupt",
    ]

    private func player(_ recording: Recording) -> EffectPlayer<Chip> {
        let chip = RecordedChip(stub: .community).chip(of: recording, time: TimeMode(.brisk))
        return EffectPlayer(
            recording, chip: chip, patience: .seconds(3600), knowsStub: { StubImage(identifying: $0) != nil })
    }

    @Test(arguments: names) func theRecordedFlasher(name: String) throws {
        let recording = try ReplayedCorpusTests.recording(name)
        let host = Player(recording.mirrored, patience: .seconds(3600), side: .chipToHost)
        var line = VirtualLine(host: host, device: player(recording))
        line.run(until: Instant(nanoseconds: 3_600_000_000_000)) { line in
            if case .running = line.host.outcome { false } else { true }
        }
        line.run(until: line.now.advanced(by: ReplayedHost.lag))
        guard case .complete = line.host.outcome, case .complete = line.device.outcome else {
            Issue.record("\(line.host.outcome.inWords(recording)) \(line.device.outcome.inWords(recording))")
            return
        }
        #expect(line.device.effect() == nil)
        #expect(line.device.disagreement == nil)
    }

    /// - Returns: what our flasher was given to read, if that was the job.
    private func ours(_ job: Job, _ player: EffectPlayer<Chip>) throws -> (read: [UInt8]?, player: EffectPlayer<Chip>) {
        let flasher = Flasher(
            job: job, dialect: .community, stub: StubImage.placeholder(for: .community),
            settings: .usual(for: .community))
        var line = VirtualLine(host: flasher, device: player)
        var (isSuccess, read) = (false, nil as [UInt8]?)
        line.run(until: Instant(nanoseconds: 600_000_000_000)) { line in
            while let report = line.host.nextReport() {
                switch report {
                case .readResult(let bytes, _): read = bytes
                case .finished(let outcome):
                    if case .success = outcome { isSuccess = true }
                    return true
                default: break
                }
            }
            return false
        }
        #expect(isSuccess)
        return (read, line.device)
    }

    /// The 64 KB that were written, or read.
    private func blocks(_ recording: Recording, _ side: Direction) -> [UInt8] {
        recording.messages.flatMap { message -> [UInt8] in
            guard message.direction == side, case .xmodemBlock(let block) = message.kind, !block.isRepeated else {
                return []
            }
            return Array(message.bytes[3..<(3 + block.dataByteCount)])
        }
    }

    @Test(arguments: ["write-64k", "write-64k-one-bit-corrupt"]) func ourWrite(name: String) throws {
        let recording = try ReplayedCorpusTests.recording(name)
        // In one of them the block that was refused comes first; its copy is the one that was written.
        let image = blocks(try ReplayedCorpusTests.recording("write-64k"), .hostToChip)
        #expect(image.count == 0x10000)
        let job = Job.write([Segment(address: 0x10000, bytes: image)], backup: false)
        let (_, same) = try ours(job, player(recording))
        #expect(same.effect() == nil)
        var other = image
        other[0x4321] ^= 1
        let (_, changed) = try ours(.write([Segment(address: 0x10000, bytes: other)], backup: false), player(recording))
        let difference = try #require(changed.effect())
        #expect(difference.address == 0x14321 && difference.byteCount == 1)
    }

    @Test func ourErase() throws {
        let recording = try ReplayedCorpusTests.recording("erase")
        let (_, same) = try ours(.erase(0x10000..<0x30000, backup: false), player(recording))
        #expect(same.effect() == nil)
        let (_, less) = try ours(.erase(0x10000..<0x2F000, backup: false), player(recording))
        let difference = try #require(less.effect())
        #expect((0x2F000..<0x30000).contains(difference.address))
    }

    @Test func ourRead() throws {
        let recording = try ReplayedCorpusTests.recording("read-64k")
        let (read, player) = try ours(.read(0x10000..<0x20000), player(recording))
        #expect(read == blocks(recording, .chipToHost))
        #expect(player.effect() == nil)
    }
}
