import Emulator
import Testing
import Wire

/// XMODEM on the community stub: ECR6600 facts §10.
@Suite struct CommunityXmodemTests {
    static func block(_ number: UInt8, _ value: UInt8) -> [UInt8] {
        var bytes: [UInt8] = []
        let data = [UInt8](repeating: value, count: 1024)
        XMODEM.appendBlock(number: number, data: data.span, to: &bytes)
        return bytes
    }

    /// A stub that has just sent its first `C` for a write to 0x1000.
    private func writing(_ timing: ChipTiming = .brisk) -> ChipUnderTest {
        var tested = ChipUnderTest.communityStub(timing: timing)
        let answer = tested.ask(
            StubRequest(.xmodemWrite, address: 0x1000, length: 0x1000).bytes, for: .milliseconds(102))
        #expect(answer == [0x5A, 0x91, 0, 0, 0, 0xEB, 0x43], "ack, 100 ms, C")
        return tested
    }

    @Test func theFirstInvitationWaits100ms() {
        var tested = ChipUnderTest.communityStub()
        let request = StubRequest(.xmodemWrite, address: 0x1000, length: 0x1000).bytes
        #expect(tested.ask(request, for: .milliseconds(100)) == [0x5A, 0x91, 0, 0, 0, 0xEB])
        tested.run(for: .milliseconds(2))
        #expect(tested.heard() == [0x43])
    }

    @Test func invitesEvery333ms() {
        var tested = writing()
        tested.run(for: .milliseconds(334))
        #expect(tested.heard() == [0x43])
        tested.run(for: .milliseconds(665))
        #expect(tested.heard() == [0x43, 0x43])
    }

    @Test func takesBlocksAndEOT() {
        var tested = writing()
        #expect(tested.ask(Self.block(1, 0xAB), for: .milliseconds(1)) == [0x06])
        #expect(tested.ask([0x04], for: .milliseconds(1)) == [0x06])
        #expect(tested.chip.flash.bytes(0x1000..<0x1400).allSatisfy { $0 == 0xAB })
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "back at the parser")
    }

    @Test func aRepeatedBlockIsProgrammedOneBlockFurtherOn() {
        var tested = writing()
        _ = tested.ask(Self.block(1, 0xAB), for: .milliseconds(1))
        #expect(tested.ask(Self.block(1, 0xAB), for: .milliseconds(1)) == [0x06])
        #expect(tested.chip.flash.bytes(0x1400..<0x1800).allSatisfy { $0 == 0xAB })
    }

    @Test func aWrongSumIsRefused() {
        var tested = writing()
        var wrong = Self.block(1, 0xAB)
        wrong[700] ^= 1
        #expect(tested.ask(wrong, for: .milliseconds(1)) == [0x15])
        #expect(tested.chip.flash.bytes(0x1000..<0x1400).allSatisfy { $0 == 0xFF })
        #expect(tested.ask(Self.block(1, 0xCD), for: .milliseconds(1)) == [0x06])
        #expect(tested.chip.flash.bytes(0x1000..<0x1400).allSatisfy { $0 == 0xCD })
    }

    @Test(arguments: [UInt8(0x01), 0x18, 0x43, 0x00])
    func anyOtherHeaderIsRefused(header: UInt8) {
        var tested = writing()
        #expect(tested.ask([header], for: .milliseconds(1)) == [0x15], "SOH and CAN are no exception")
    }

    @Test func aWrongComplementMakesItsDataHeaders() {
        var tested = writing()
        #expect(tested.ask([0x02, 0x01, 0x01, 0x00, 0x00], for: .milliseconds(1)) == [0x15, 0x15, 0x15])
    }

    @Test func takesMoreThanWasAnnounced() {
        var tested = writing()
        for number in UInt8(1)...5 { #expect(tested.ask(Self.block(number, number), for: .milliseconds(1)) == [0x06]) }
        #expect(tested.chip.flash.bytes(0x2000..<0x2400).allSatisfy { $0 == 5 })
    }

    // MARK: Reading

    private func reading(_ length: UInt32, image: [UInt8]) -> ChipUnderTest {
        var tested = ChipUnderTest.communityStub(image: image)
        let answer = tested.ask(StubRequest(.xmodemRead, address: 0, length: length).bytes)
        #expect(answer == [0x5A, 0x92, 0, 0, 0, 0xEC])
        return tested
    }

    @Test func waitsForReadyWithoutLimit() {
        var tested = reading(1, image: [7])
        tested.run(for: .seconds(3600))
        #expect(tested.heard().isEmpty)
        let answer = tested.ask([0x43], for: .milliseconds(1))
        #expect(answer.prefix(5) == [0x02, 0x01, 0xFE, 7, 0xFF], "padded with FF")
        #expect(answer.count == XMODEM.blockByteCount)
    }

    @Test func numbersBeginAt1AndWrapAt256() throws {
        var tested = reading(257 * 1024, image: [])
        var numbers: [UInt8] = []
        var answer = tested.ask([0x43], for: .milliseconds(1))
        while answer.count == XMODEM.blockByteCount {
            numbers.append(try XMODEM.blockNumber(parsing: answer.span))
            answer = tested.ask([0x06], for: .milliseconds(1))
        }
        #expect(answer == [0x04])
        #expect(numbers == (1...257).map { UInt8(truncatingIfNeeded: $0) })
        #expect(tested.ask([0x06], for: .milliseconds(1)).isEmpty)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A)
    }

    @Test func repeatsTenTimesInAllThenCancels() {
        var tested = reading(1024, image: [])
        tested.give([0x43])
        tested.run(for: .milliseconds(299))
        #expect(tested.heard().count == XMODEM.blockByteCount)
        tested.run(for: .milliseconds(2))
        #expect(tested.heard().count == XMODEM.blockByteCount, "again after 300 ms")
        tested.run(for: .seconds(3))
        let rest = tested.heard()
        #expect(rest.count == 8 * XMODEM.blockByteCount + 1)
        #expect(rest.last == 0x18)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A)
    }

    @Test func anythingButAnAckAsksAgain() {
        var tested = reading(1024, image: [])
        let first = tested.ask([0x43], for: .milliseconds(1))
        #expect(tested.ask([0x15], for: .milliseconds(1)) == first)
        #expect(tested.ask([0x43], for: .milliseconds(1)) == first)
        #expect(tested.ask([0x06], for: .milliseconds(1)) == [0x04])
    }

    @Test func endsAfterTenEOTs() {
        var tested = reading(0, image: [])
        tested.give([0x43])
        tested.run(for: .seconds(4))
        #expect(tested.heard() == [UInt8](repeating: 0x04, count: 10))
    }

    /// 98 reads what the processor sees: flash through XIP at 0x800000 (§5, §10).
    @Test func readsMemory() {
        var tested = ChipUnderTest.communityStub(image: Array("flash".utf8))
        _ = tested.ask(StubRequest(.xmodemReadMemory, address: 0x80_0000, length: 5).bytes)
        #expect(Array(tested.ask([0x43], for: .milliseconds(1))[3..<8]) == Array("flash".utf8))
    }
}
