import Emulator
import Line
import Testing
import Wire

/// What the tables of exact bytes (`StubFactTests`, `CommunityFactTests`) do not say of a stub: rates, long frames, floods.
@Suite struct CommunityStubTests {
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
        let answer = tested.ask(StubRequest(.flashUpload, address: 0, length: 0x10001).bytes)
        #expect(answer.count == 65542 + 7)
        #expect(Array(answer[..<4]) == [0x5A, 3, 0, 0])
        #expect(Array(answer[4..<65540]) == Array(image[..<65536]))
        #expect(answer[65540] == 0)
        #expect(answer[65541] == 0x5A &+ 3 &+ image[0], "§10")
        #expect(Array(answer[65542...].prefix(5)) == [0x5A, 3, 1, 0, image[0x10000]])
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
        #expect(count < 2 << 20, "\(count) characters at once")
        #expect(count >= 1 << 20)
    }
}
