import Emulator
import Line
import TestForms
import Testing
import Wire

/// Any bytes at any time to any loader: no crash, no hang, and the chip stays answerable for.
@Suite struct HostileInputTests {
    @Test(arguments: ChipSettings.Start.allCases, byForm(short: UInt64(1)...6, long: 1...12))
    func survivesAnyBytes(start: ChipSettings.Start, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var settings = ChipSettings()
        settings.start = start
        settings.undefined = seed % 2 == 0 ? .reset : .silent
        settings.timing = seed % 3 == 0 ? .wire : .brisk
        settings.timing.flash = .instant
        var tested = ChipUnderTest(Chip(settings: settings, flash: NORFlash(id: .gd25q16e)))
        for _ in 0..<300 {
            var bytes = generator.bytes(1 + Int(generator.next(below: 60)))
            // Most random bytes are skipped; give it things it knows, right and wrong.
            switch generator.next(below: 6) {
            case 0: bytes = BootProtocol.syncWord
            case 1: bytes = DownloadHeader(length: UInt32(generator.next(below: 3000))).bytes
            case 2:
                bytes =
                    StubRequest(
                        StubCommand(rawValue: UInt8(generator.next(below: 0xA0))),
                        body: generator.bytes(Int(generator.next(below: 12)))
                    ).bytes
            case 3: bytes = CommunityXmodemTests.block(UInt8(generator.next(below: 256)), 0x5A)
            default: break
            }
            tested.give(bytes, spacing: Int64(generator.next(below: 3)) * 86_805_555)
            tested.run(for: .milliseconds(Int64(generator.next(below: 400))))
            tested.forget()
        }
        #expect(tested.chip.isPowered)
    }

    /// Sync word, an upload of nothing, RUN, and the mask ROM again: as often as a host likes, told of at once.
    @Test func loadersDoNotPileUp() {
        var settings = ChipSettings()
        settings.timing = .fast
        var tested = ChipUnderTest(Chip(settings: settings, flash: NORFlash(id: .gd25q16e)))
        let round = BootProtocol.syncWord + DownloadHeader(length: 0).bytes + [0xA5, 6, 0, 0, 0xAB]
        let stream = [[UInt8]](repeating: round, count: 40_000).flatMap { $0 }
        let rate = tested.chip.receiverClock(at: tested.now).rate
        tested.chip.receive(stream.span, timing: RunTiming(start: tested.now, spacing: 1_000_000, rate: rate))
        tested.chip.advance(to: tested.now.advanced(by: .seconds(10)))
        let stubs = tested.chip.takeEvents().count { $0.kind == .loader("stub community") }
        #expect(stubs == 40_000)
    }

    /// However a stream is cut into runs, the chip answers the same bytes (timing aside).
    @Test(arguments: UInt64(1)...10)
    func chunkingChangesNothing(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var stream: [UInt8] = []
        for _ in 0..<40 {
            let command = StubCommand(
                rawValue: [0x00, 0x03, 0x04, 0x09, 0x90, 0x93, 0x99, 0xA0][Int(generator.next(below: 8))])
            stream += StubRequest(command, address: UInt32(generator.next(below: 512)) * 4096, length: 64).bytes
            stream += generator.bytes(Int(generator.next(below: 4)))
        }
        let whole = answers(to: stream, cutBy: { _ in stream.count })
        #expect(answers(to: stream, cutBy: { _ in 1 }) == whole)
        #expect(answers(to: stream, cutBy: { Int($0.next(below: 40)) + 1 }) == whole)
    }

    private func answers(to stream: [UInt8], cutBy size: (inout SplitMix64) -> Int) -> [UInt8] {
        var generator = SplitMix64(seed: 99)
        var tested = ChipUnderTest.communityStub(timing: .fast)
        var position = 0
        while position < stream.count {
            let end = min(stream.count, position + size(&generator))
            tested.give(Array(stream[position..<end]))
            position = end
        }
        tested.run(for: .seconds(1))
        return tested.heard()
    }
}
