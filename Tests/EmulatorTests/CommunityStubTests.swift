import Emulator
import Line
import Testing
import Wire

/// The community stub, byte for byte: ECR6600 facts §4.2 (its column), §4.3, §4.4 and §10.
@Suite struct CommunityStubTests {
    /// A command, its answer, and the section that says so.
    static let rows: [(section: String, host: [UInt8], chip: [UInt8])] = [
        (
            "§4.2 SYN, first time: the sum is not computed", [0xA5, 0, 4, 0, 0x63, 0x6E, 0x79, 0x73, 0x66],
            [0x5A, 0, 0, 0, 0, 0]
        ),
        ("§4.2 SYN, wrong word", [0xA5, 0, 4, 0, 0, 0, 0, 0, 0xA9], [0x5A, 0, 0, 0, 1, 0x5B]),
        ("§4.2 bad sum", [0xA5, 0, 4, 0, 0x63, 0x6E, 0x79, 0x73, 0x00], [0x5A, 0xFF, 0, 0, 3, 0x5C]),
        ("§4.1 unknown type above 9F, answered after its head", [0xA5, 0xA0, 0, 0], [0x5A, 0xFF, 0, 0, 3, 0x5C]),
        ("§4.1 unknown type below: its body is read", [0xA5, 0x93, 1, 0, 0xA5, 0xDE], [0x5A, 0xFF, 0, 0, 3, 0x5C]),
        ("§10 08 is unknown here", [0xA5, 0x08, 0, 0, 0xAD], [0x5A, 0xFF, 0, 0, 3, 0x5C]),
        ("§4 bytes before A5 are skipped", [0x00, 0x5A, 0xFF, 0xA5, 0xA0, 0, 0], [0x5A, 0xFF, 0, 0, 3, 0x5C]),
        ("§4.2 ERASE", frame(0x04, 0x1000, 0x1000), [0x5A, 4, 0, 0, 0, 0x5E]),
        ("§4.2 ERASE, out of range", frame(0x04, 0x1F_F000, 0x2000), [0x5A, 4, 0, 0, 2, 0x60]),
        ("§4.2 CHIPERASE", [0xA5, 5, 0, 0, 0xAA], [0x5A, 5, 0, 0, 0, 0x5F]),
        ("§4.2 BAUD", [0xA5, 7, 4, 0, 0x00, 0x10, 0x0E, 0x00, 0xCE], [0x5A, 7, 0, 0, 0, 0x61]),
        ("§4.2 RUN", [0xA5, 6, 0, 0, 0xAB], [0x5A, 6, 0, 0, 0, 0x60]),
        ("§4.2 02 start", frame(0x02, 0x1000, 0x100), [0x5A, 2, 0, 0, 0, 0x5C]),
        ("§4.2 02 start, out of range", frame(0x02, 0x20_0000, 1), [0x5A, 2, 0, 0, 2, 0x5E]),
        ("§4.2 01 start", frame(0x01, 0x20000, 0x100), [0x5A, 1, 0, 0, 0, 0x5B]),
        ("§4.2 01 start beyond 0xB0000", frame(0x01, 0xA_FFFF, 2), [0x5A, 1, 0, 0, 2, 0x5D]),
        ("§4.2 03 out of range", frame(0x03, 0x20_0000, 1), [0x5A, 3, 0, 0, 2, 0x5F]),
        ("§4.3 03 of nothing", frame(0x03, 0, 0), [0x5A, 3, 0, 0, 0, 0x5D]),
        ("§4.3 03 of erased flash", frame(0x03, 0x1000, 2), [0x5A, 3, 2, 0, 0xFF, 0xFF, 0, 0x5D]),
        ("§4.2 09 out of range", frame(0x09, 0x20_0000, 1), [0x5A, 9, 0, 0, 2, 0x65]),
        ("§5 90 on a GD25Q16E", [0xA5, 0x90, 0, 0, 0x35], [0x5A, 0x90, 4, 0, 0xC8, 0x40, 0x15, 0, 0, 0x0B]),
        ("§10 91, out of range", frame(0x91, 0x1F_F000, 0x2000), [0x5A, 0x91, 0, 0, 2, 0xED]),
        ("§10 92 has no range check", frame(0x92, 0x4000_0000, 0x400), [0x5A, 0x92, 0, 0, 0, 0xEC]),
    ]

    @Test(arguments: rows) func answers(section: String, host: [UInt8], chip: [UInt8]) {
        var tested = ChipUnderTest.communityStub()
        #expect(tested.ask(host, for: .milliseconds(70)) == chip, "\(section)")
    }

    /// §10: SYN's success carries the sum of the answer before; FF answers carry its length.
    @Test func recordKeepsStaleFields() {
        var tested = ChipUnderTest.communityStub()
        let syn: [UInt8] = [0xA5, 0, 4, 0, 0x63, 0x6E, 0x79, 0x73, 0x66]
        #expect(tested.ask(syn) == [0x5A, 0, 0, 0, 0, 0])
        _ = tested.ask([0xA5, 0x90, 0, 0, 0x35])
        #expect(tested.ask([0xA5, 0x93, 0, 0, 0x38]) == [0x5A, 0xFF, 4, 0, 3, 0x60], "§10: stale length")
        #expect(tested.ask(syn) == [0x5A, 0, 0, 0, 0, 0x60], "§10: later e.g. …60")
        #expect(tested.ask([0xA5, 0x04, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x00]) == [0x5A, 0xFF, 0, 0, 3, 0x5C])
        #expect(tested.ask(syn) == [0x5A, 0, 0, 0, 0, 0x5C], "§4.2: later 5B/5C")
    }

    /// §10, 99: 134 bytes with the eFuse in them.
    @Test func dumpsTheEFuse() {
        let bytes = (0..<128).map { UInt8($0) }
        var tested = ChipUnderTest.communityStub(efuse: EFuse(bytes))
        let answer = tested.ask([0xA5, 0x99, 0, 0, 0x3E])
        // 5A + 99 + 80 + (0 + … + 127 = 8128 = 0x1FC0) = 0x2133
        #expect(answer == [0x5A, 0x99, 0x80, 0x00] + bytes + [0x00, 0x33])
    }

    /// §4.3, 09: SHA-256 of "abc" is a vector of FIPS 180-4.
    @Test func hashes() {
        var tested = ChipUnderTest.communityStub(image: Array("abc".utf8))
        let answer = tested.ask(frame(0x09, 0, 3))
        let digest: [UInt8] = [
            0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA, 0x41, 0x41, 0x40, 0xDE, 0x5D, 0xAE, 0x22, 0x23,
            0xB0, 0x03, 0x61, 0xA3, 0x96, 0x17, 0x7A, 0x9C, 0xB4, 0x10, 0xFF, 0x61, 0xF2, 0x00, 0x15, 0xAD,
        ]
        #expect(Array(answer.prefix(36)) == [0x5A, 9, 0x20, 0] + digest)
        #expect(answer.count == 38)
    }

    /// §4.2: BAUD answers at the new rate, 50 ms after switching; RUN goes back to 115200.
    @Test func baudSwitchesBeforeItAnswers() {
        var tested = ChipUnderTest.communityStub(timing: .wire)
        let asked = tested.now
        tested.give([0xA5, 7, 4, 0, 0x00, 0x10, 0x0E, 0x00, 0xCE])
        #expect(tested.chip.receiverRate(at: asked).baud == 909_091, "§4.3: 80 MHz / (8 × 11)")
        tested.run(for: .milliseconds(100))
        let answer = tested.sent.last
        #expect(answer?.rate.baud == 909_091)
        let delay = asked.duration(to: answer?.start ?? .zero)
        #expect(delay >= .milliseconds(50) && delay < .milliseconds(52))
        _ = tested.ask([0xA5, 6, 0, 0, 0xAB])
        // The flash is empty, so the mask ROM runs, from the crystal: 40 MHz / 8 / 43 (§3).
        #expect(tested.chip.receiverRate(at: tested.now).baud == 116_279, "§4.2: back to 115200")
    }

    /// §4.3: a full 64 KB frame has length 0000 and a sum over the first five bytes only.
    @Test func wholeUploadFrame() {
        let image = (0..<0x10001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var tested = ChipUnderTest.communityStub(image: image)
        let answer = tested.ask(frame(0x03, 0, 0x10001))
        #expect(answer.count == 65542 + 7)
        #expect(Array(answer[..<4]) == [0x5A, 3, 0, 0])
        #expect(Array(answer[4..<65540]) == Array(image[..<65536]))
        #expect(answer[65540] == 0)
        #expect(answer[65541] == 0x5A &+ 3 &+ image[0], "§10")
        #expect(Array(answer[65542...].prefix(5)) == [0x5A, 3, 1, 0, image[0x10000]])
    }

    /// §4: only flash trouble prints.
    @Test(arguments: [
        (FlashID.gd25q16e, ""), (.none, "no flash!flash!"),
        (FlashID(manufacturer: 0xEF, type: 0x40, sizeCode: 0x18), "flash!"),
    ])
    func complainsAboutTheFlash(id: FlashID, text: String) {
        var tested = ChipUnderTest.communityStub(flashID: id)
        #expect(tested.heard() == Array(text.utf8))
    }

    static func frame(_ type: UInt8, _ address: UInt32, _ length: UInt32) -> [UInt8] {
        StubRequest(StubCommand(rawValue: type), address: address, length: length).bytes
    }

    private func frame(_ type: UInt8, _ address: UInt32, _ length: UInt32) -> [UInt8] {
        Self.frame(type, address, length)
    }

    /// What is undefined on the chip ends as the option says: here the chip starts again, at its boot rate.
    @Test func undefinedBehaviourCanReset() {
        var tested = ChipUnderTest.communityStub { $0.undefined = .reset }
        _ = tested.ask([0xA5, 7, 4, 0, 0x00, 0x10, 0x0E, 0x00, 0xCE])
        #expect(tested.chip.receiverRate(at: tested.now).baud == 909_091)
        _ = tested.ask(StubRequest(.erase, body: [UInt8](repeating: 0, count: 20)).bytes)
        #expect(tested.chip.receiverRate(at: tested.now).baud == 114_943)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "it starts in the stub, as it was told to")
    }

    /// A stream of reads answered faster than anybody takes them: the chip waits instead of filling memory.
    @Test func aFloodOfReadsIsBounded() {
        var tested = ChipUnderTest.communityStub(timing: .fast)
        let request = StubRequest(.flashUpload, address: 0, length: 0x20_0000).bytes
        let flood = Array(repeatElement(request, count: 500).joined())
        tested.chip.receive(flood.span, timing: RunTiming(start: tested.now, unpacedAt: BitRate(baud: 115_200)))
        tested.chip.advance(to: tested.now)
        var count = 0
        var run: [UInt8] = []
        while tested.chip.transmit(into: &run) != nil {
            count += run.count
            run.removeAll()
        }
        #expect(count < 8 << 20, "\(count) characters at once")
        #expect(count >= 2 << 20)
    }
}
