import Emulator
import GoldenSessions
import Images
import Line
import Testing
import Wire
import Words

/// The chip, set up as `traces/README.md` says and fed with the host's bytes at the recorded times, answers with the
/// recorded bytes; how the bytes are cut into runs makes no difference.
@Suite struct GoldenSessionTests {
    enum Chunking: CaseIterable {
        case asRecorded
        case singleBytes
        case uneven
    }

    @Test(arguments: ["write-64k", "read-64k", "erase", "efuse", "fail-read-lost-eot-ack"], Chunking.allCases)
    func answersAsRecorded(name: String, chunking: Chunking) throws {
        let session = try GoldenSession(name)
        try replay(session, chunking, timing: .brisk)
    }

    @Test(arguments: Chunking.allCases)
    func answersAsRecordedWithoutTheDelays(chunking: Chunking) throws {
        try replay(GoldenSession("fail-write-no-100ms-gap"), chunking, timing: .fast)
    }

    @Test(arguments: Chunking.allCases)
    func refusesTheBlockWithTheFlippedBit(chunking: Chunking) throws {
        var session = try GoldenSession("write-64k-one-bit-corrupt")
        // Block 4 is sent in three runs; its data is the first run of 1024 bytes after "02 04 FB".
        let head = try #require(session.runs.firstIndex { $0.bytes == [0x02, 0x04, 0xFB] })
        session.runs[head + 1].bytes[500] ^= 0x10
        try replay(session, chunking, timing: .brisk)
    }

    @Test func saysNothingWithoutPower() throws {
        let session = try GoldenSession("sync-no-answer")
        var tested = ChipUnderTest(Chip(settings: settings(.brisk), flash: NORFlash(id: .gd25q16e), power: .off))
        for run in session.runs {
            tested.run(for: tested.now.duration(to: Instant(nanoseconds: run.nanoseconds)))
            tested.give(run.bytes)
        }
        #expect(tested.heard().isEmpty)
        #expect(session.stream(.chipToHost).isEmpty)
    }

    private func settings(_ timing: ChipTiming) -> ChipSettings {
        var settings = ChipSettings()
        settings.timing = timing
        settings.stub = .community
        settings.romAcknowledgesPieces = false
        return settings
    }

    /// Feeds the host's runs and compares the chip's stream at each of them: not only what it says, but before what.
    private func replay(_ session: GoldenSession, _ chunking: Chunking, timing: ChipTiming) throws {
        var flash = NORFlash(id: try #require(FlashID("1560EB")))
        flash.load(flashBefore(session))
        var tested = ChipUnderTest(Chip(settings: settings(timing), flash: flash, efuse: efuse(session)))
        var expected: [UInt8] = []
        var answered: [UInt8] = []
        for (index, run) in session.runs.enumerated() {
            guard run.direction == .hostToChip else {
                expected += run.bytes
                continue
            }
            tested.run(for: tested.now.duration(to: Instant(nanoseconds: run.nanoseconds)))
            answered += tested.heard()
            try #require(
                isSame(answered, expected),
                "\(session.name), before the host's run \(index): \(difference(answered, expected))")
            for piece in chunks(of: run.bytes, chunking) { tested.give(piece) }
        }
        tested.run(for: .seconds(1))
        answered += tested.heard()
        #expect(isSame(answered, expected), "\(session.name), at the end: \(difference(answered, expected))")
    }

    /// A function of its own, because the test library would print both streams whole.
    private func isSame(_ answered: [UInt8], _ expected: [UInt8]) -> Bool { answered == expected }

    /// Where two streams part, in few words.
    private func difference(_ answered: [UInt8], _ expected: [UInt8]) -> String {
        let common = zip(answered, expected).prefix { $0 == $1 }.count
        return "same for \(common) bytes, then \(hexBytes(answered[common...].prefix(16))), "
            + "expected \(hexBytes(expected[common...].prefix(16)))"
    }

    private func chunks(of bytes: [UInt8], _ chunking: Chunking) -> [[UInt8]] {
        switch chunking {
        case .asRecorded: return [bytes]
        case .singleBytes: return bytes.map { [$0] }
        case .uneven:
            var pieces: [[UInt8]] = []
            var position = 0
            while position < bytes.count {
                let size = min(bytes.count - position, 1 + (pieces.count * 7) % 61)
                pieces.append(Array(bytes[position..<(position + size)]))
                position += size
            }
            return pieces
        }
    }

    /// What the blocks of a read carry is what the flash held.
    private func flashBefore(_ session: GoldenSession) -> [UInt8] {
        guard session.name.contains("read") else { return [] }
        let stream = session.stream(.chipToHost)
        let answer = StubAnswer(.xmodemRead).bytes
        let host = session.stream(.hostToChip)
        guard let start = stream.firstOffset(of: answer), let request = host.firstOffset(of: [0xA5, 0x92, 0x08, 0x00])
        else { return [] }
        let address = Int(host.span.littleEndian(UInt32.self, at: request + StubRequest.headByteCount))
        let blocks = stream[(start + answer.count)...].prefix(64 * XMODEM.blockByteCount)
        let content = stride(from: blocks.startIndex, to: blocks.endIndex, by: XMODEM.blockByteCount).flatMap {
            blocks[($0 + 3)..<($0 + 3 + XMODEM.dataByteCount)]
        }
        return [UInt8](repeating: 0xFF, count: address) + content
    }

    private func efuse(_ session: GoldenSession) -> EFuse {
        let stream = session.stream(.chipToHost)
        guard let start = stream.firstOffset(of: [0x5A, 0x99, 0x80, 0x00]) else { return .sample }
        return EFuse(Array(stream[(start + 4)..<(start + 132)]))
    }
}
