import Emulator
import Images
import Testing
import Wire

/// 08 on the vendor's stubs: ECR6600 facts §4.3 and §7. Its answers stand row by row in `StubFactTests`; here is what it
/// does to the eFuse.
@Suite struct EFuseCommandTests {
    private static let ok: [UInt8] = [0x5A, 8, 0, 0, 0, 0x62]
    private static let error: [UInt8] = [0x5A, 8, 0, 0, 1, 0x63]
    private static let aesKey = 0x24..<0x34

    /// Body: u16 op, u16 addr, u16 len.
    private func request(_ operation: UInt16, _ address: UInt16, _ length: UInt16) -> [UInt8] {
        var body: [UInt8] = []
        for word in [operation, address, length] { body.append(littleEndian: word) }
        return StubRequest(.efuse, body: body).bytes
    }

    private func stub(efuse: EFuse = .sample, seed: UInt64 = 1) -> ChipUnderTest {
        ChipUnderTest.communityStub(efuse: efuse) {
            $0.stub = .vendor134
            $0.seed = seed
        }
    }

    /// "`5A 08 n16 data[n] sum8` – no status byte (n+5 B)".
    @Test func readsAllOfIt() {
        let bytes = (0..<128).map { UInt8($0) }
        var tested = stub(efuse: EFuse(bytes))
        // 5A + 08 + 80 + (0 + … + 127 = 8128 = 0x1FC0) = 0x20A2
        #expect(tested.ask(request(0, 0, 128)) == [0x5A, 8, 0x80, 0] + bytes + [0xA2])
    }

    /// One-time memory: a bit that was burnt stays.
    @Test func bitsOnlyGoFrom0To1() {
        var tested = stub()
        #expect(tested.ask(request(1, 0x40, 4)) == Self.ok)
        #expect(tested.ask(StubRequest(.efuse, body: [0x0F, 0x00, 0x80, 0xFF]).bytes) == Self.ok)
        #expect(tested.ask(request(1, 0x40, 4)) == Self.ok)
        #expect(tested.ask(StubRequest(.efuse, body: [0x30, 0x01, 0x00, 0x00]).bytes) == Self.ok)
        #expect(Array(tested.chip.efuse.bytes[0x3F..<0x45]) == [0, 0x3F, 0x01, 0x80, 0xFF, 0])
    }

    @Test func whatIsBurntOutlivesPower() {
        var tested = stub()
        _ = tested.ask(request(1, 0x40, 4))
        _ = tested.ask(StubRequest(.efuse, body: [1, 2, 4, 8]).bytes)
        tested.chip.switchPower(on: false, at: tested.now)
        tested.run(for: .milliseconds(10))
        tested.chip.switchPower(on: true, at: tested.now)
        tested.run(for: .milliseconds(100))
        // 5A + 08 + 04 + 0F = 75
        #expect(tested.ask(request(0, 0x40, 4)) == [0x5A, 8, 4, 0, 1, 2, 4, 8, 0x75])
    }

    /// "n16 ≠ len: `…04 66` at once after the 4 head bytes": nothing is burnt, and the command is over.
    @Test(arguments: [0, 3, 5, 200, 5000])
    func aFrameOfAnotherLengthBurnsNothing(count: Int) {
        var tested = stub()
        #expect(tested.ask(request(1, 0x40, 4)) == Self.ok)
        let frame = StubRequest(.efuse, body: [UInt8](repeating: 0xFF, count: count)).bytes
        #expect(tested.ask(Array(frame.prefix(4))) == [0x5A, 8, 0, 0, 4, 0x66])
        #expect(tested.ask(Array(frame.dropFirst(4))).isEmpty)
        #expect(tested.chip.efuse == .sample)
        #expect(tested.ask(request(3, 0, 0)) == [0x5A, 8, 0, 0, 3, 0x65], "back at the parser")
    }

    @Test func aFrameWithABadSumBurnsNothing() {
        var tested = stub()
        _ = tested.ask(request(1, 0x40, 4))
        #expect(tested.ask([0xA5, 8, 4, 0, 1, 2, 4, 8, 0]) == [0x5A, 8, 0, 0, 5, 0x67])
        #expect(tested.chip.efuse == .sample)
    }

    /// Words behind the last one are not there.
    @Test func whatLiesBehindTheEndIsDropped() {
        var tested = stub()
        _ = tested.ask(request(1, 0x7C, 8))
        #expect(tested.ask(StubRequest(.efuse, body: [1, 2, 3, 4, 5, 6, 7, 8]).bytes) == Self.ok)
        #expect(Array(tested.chip.efuse.bytes.suffix(4)) == [1, 2, 3, 4])
        #expect(tested.chip.efuse.bytes.count == 128)
    }

    // MARK: The AES key

    @Test func theKeyIsRandomAndOfTheSeed() {
        let keys = [UInt64(1), 1, 2].map { seed in
            var tested = stub(seed: seed)
            #expect(tested.ask(request(2, 0, 0)) == Self.ok)
            let bytes = tested.chip.efuse.bytes
            #expect(bytes[..<0x24].elementsEqual(EFuse.sample.bytes[..<0x24]), "only the key is written")
            #expect(bytes[0x34...].elementsEqual(EFuse.sample.bytes[0x34...]))
            return Array(bytes[Self.aesKey])
        }
        #expect(keys[0] == keys[1])
        #expect(keys[0] != keys[2])
        #expect(keys[0].contains { $0 != 0 })
    }

    @Test func aKeyStays() {
        var tested = stub()
        _ = tested.ask(request(2, 0, 0))
        let key = tested.chip.efuse
        #expect(tested.ask(request(2, 0, 0)) == Self.error)
        #expect(tested.chip.efuse == key)
    }

    /// "If eFuse bit5 (key read disabled) is set it acks error and (missing return) goes on".
    @Test func withTheKeyUnreadableItAnswersTwice() {
        var bytes = EFuse.sample.bytes
        bytes[0x20] |= 1 << 5
        var tested = stub(efuse: EFuse(bytes))
        #expect(tested.ask(request(2, 0, 0)) == Self.error + Self.ok)
        #expect(tested.chip.efuse.bytes[Self.aesKey].contains { $0 != 0 })
    }
}
