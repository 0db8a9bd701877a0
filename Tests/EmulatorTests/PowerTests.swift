import Emulator
import Line
import Testing
import Wire

/// Power taken away and given back: what a person at the switch does.
@Suite struct PowerTests {
    @Test func withoutPowerItIsSilentAndTheFlashIsKept() {
        var tested = ChipUnderTest.communityStub()
        _ = tested.ask(StubRequest(.xmodemWrite, address: 0x1000, length: 0x1000).bytes, for: .milliseconds(110))
        _ = tested.ask(CommunityXmodemTests.block(1, 0xAB), for: .milliseconds(1))
        tested.chip.switchPower(on: false, at: tested.now)
        #expect(!tested.chip.isPowered)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35], for: .seconds(5)).isEmpty)
        #expect(tested.chip.flash.bytes(0x1000..<0x1400).allSatisfy { $0 == 0xAB })
    }

    /// A stub that was left in its XMODEM receiver comes back at its parser (§10, last but one line: reset or power cycle).
    @Test func aPowerCycleEndsAReceiver() {
        var tested = ChipUnderTest.communityStub()
        _ = tested.ask(StubRequest(.xmodemWrite, address: 0x1000, length: 0x1000).bytes, for: .milliseconds(110))
        #expect(tested.ask([0xA5], for: .milliseconds(1)) == [0x15], "still a receiver")
        tested.chip.switchPower(on: false, at: tested.now)
        tested.run(for: .milliseconds(100))
        tested.chip.switchPower(on: true, at: tested.now)
        tested.run(for: .milliseconds(100))
        _ = tested.heard()
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]) == [0x5A, 0x90, 4, 0, 0xC8, 0x40, 0x15, 0, 0, 0x0B])
    }
}
