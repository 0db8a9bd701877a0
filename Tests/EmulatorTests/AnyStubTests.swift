import Emulator
import Images
import Line
import Testing
import Wire

/// Any bytes at any time to any stub: no crash, no hang, and how they are cut changes nothing.
@Suite struct AnyStubTests {
    /// Types that some stub knows, and some that none does.
    private static let types: [UInt8] = [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x07, 0x08, 0x09, 0x0A, 0x0C, 0x90, 0x91, 0x92, 0x96, 0x97, 0x98, 0x99, 0xA0,
    ]

    private static func stub(
        _ version: StubImage.Version, timing: ChipTiming, adjust: (inout ChipSettings) -> Void = { _ in }
    ) -> ChipUnderTest {
        ChipUnderTest.communityStub(timing: timing, image: CompressedTransferTests.image) {
            $0.stub = version
            adjust(&$0)
        }
    }

    @Test(arguments: StubImage.Version.allCases, UInt64(1)...8)
    func survivesAnything(version: StubImage.Version, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var timing = seed % 3 == 0 ? ChipTiming.wire : .brisk
        timing.flash = .instant
        var tested = Self.stub(version, timing: timing) { $0.undefined = .reset }
        for _ in 0..<250 {
            let bytes: [UInt8]
            switch generator.next(below: 6) {
            case 0: bytes = generator.bytes(Int(generator.next(below: 40)))
            case 1: bytes = [[0x43], [0x15], [0x06], [0x18], [0x04]][Int(generator.next(below: 5))]
            case 2: bytes = CommunityXmodemTests.block(1, UInt8(generator.next(below: 256)))
            default: bytes = Self.command(&generator)
            }
            tested.give(bytes, spacing: Int64(generator.next(below: 3)) * 86_805_555)
            tested.run(for: .milliseconds(Int64(generator.next(below: 700))))
            tested.forget()
        }
        #expect(tested.chip.isPowered, "seed \(seed)")
        #expect(tested.chip.efuse.bytes.count == EFuse.byteCount)
    }

    /// A frame of a known or unknown type, its body of any length, sometimes with a plausible address and length.
    private static func command(_ generator: inout SplitMix64) -> [UInt8] {
        let type = StubCommand(rawValue: types[Int(generator.next(below: UInt64(types.count)))])
        var request = StubRequest(type, body: generator.bytes(Int(generator.next(below: 12))))
        if generator.next(below: 3) > 0 {
            let address = UInt32(generator.next(below: 600)) * 4096
            request = StubRequest(type, address: address, length: UInt32(generator.next(below: 20_000)))
            if type == .xmodemReadCompressed { request.body.append(UInt8(generator.next(below: 12))) }
            if type == .efuse { request.body = [UInt8(generator.next(below: 4)), 0, 0x40, 0, 8, 0] }
        }
        return request.bytes
    }

    @Test(arguments: StubImage.Version.allCases, UInt64(1)...4)
    func chunkingChangesNothing(version: StubImage.Version, seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var stream: [UInt8] = []
        for _ in 0..<40 {
            let types: [UInt8] = [0x00, 0x03, 0x04, 0x08, 0x09, 0x0A, 0x0C, 0x90, 0xA0]
            let type = StubCommand(rawValue: types[Int(generator.next(below: UInt64(types.count)))])
            let address = UInt32(generator.next(below: 512)) * 4096
            var frame = StubRequest(type, address: address, length: 64).bytes
            if generator.next(below: 5) == 0 { frame[frame.count - 1] ^= 1 }
            stream += frame + generator.bytes(Int(generator.next(below: 3)))
        }
        let whole = answers(of: version, to: stream, cutBy: { _ in stream.count })
        let isSameByOnes = answers(of: version, to: stream, cutBy: { _ in 1 }) == whole
        let isSameAnyhow = answers(of: version, to: stream, cutBy: { Int($0.next(below: 40)) + 1 }) == whole
        #expect(isSameByOnes && isSameAnyhow, "\(version.rawValue), seed \(seed)")
        #expect(!whole.isEmpty)
    }

    private func answers(
        of version: StubImage.Version, to stream: [UInt8], cutBy size: (inout SplitMix64) -> Int
    ) -> [UInt8] {
        var generator = SplitMix64(seed: 99)
        var tested = Self.stub(version, timing: .fast)
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
