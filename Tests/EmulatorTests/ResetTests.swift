import Emulator
import Line
import Testing

/// RESET_B (ECR6600 facts §1.1).
@Suite struct ResetTests {
    private static let sync = BootProtocolTests.sync

    @Test func aResetStartsItAgain() {
        var tested = ChipUnderTest.booting { $0.start = .rom }
        tested.run(for: .milliseconds(10))
        #expect(tested.ask(Self.sync) == [0x01])
        tested.chip.reset(at: tested.now)
        tested.run(for: .milliseconds(10))
        #expect(tested.ask(Self.sync) == [0x01], "it waits for a sync word again, and not for a header")
    }

    /// As a flasher does it that pulls RTS: the window opens again, so the sync word is taken.
    @Test func aResetBringsTheWindowBack() {
        var tested = ChipUnderTest.booting { $0.uboot = .v140 }
        tested.run(for: .seconds(5))
        _ = tested.heard()
        #expect(tested.ask(Self.sync).isEmpty, "the application runs")
        tested.chip.holdReset(true, at: tested.now)
        tested.run(for: .milliseconds(50))
        tested.chip.holdReset(false, at: tested.now)
        let release = tested.now
        tested.run(for: .milliseconds(40))
        #expect(tested.ask(Self.sync, for: .milliseconds(5)) == [0x01])
        #expect(release.duration(to: tested.now) < .milliseconds(100))
    }

    @Test func heldInResetItIsDeafAndKeepsItsFlash() {
        var tested = ChipUnderTest.booting { $0.start = .rom }
        tested.run(for: .milliseconds(10))
        tested.chip.holdReset(true, at: tested.now)
        #expect(tested.chip.isPowered)
        #expect(tested.chip.loaderName == nil)
        #expect(tested.ask(Self.sync, for: .seconds(2)).isEmpty)
        #expect(tested.chip.flash.contents == BootFlash.good.contents)
        tested.chip.holdReset(false, at: tested.now)
        tested.run(for: .milliseconds(10))
        #expect(tested.ask(Self.sync) == [0x01])
        let events = tested.chip.takeEvents().map(\.kind)
        #expect(events.contains(.heldInReset(4)))
        #expect(events.contains(.reset(isHeld: true)))
        #expect(events.contains(.reset(isHeld: false)))
        #expect(!events.contains(.unpowered(4)))
    }

    @Test func powerInResetStartsNothing() {
        var tested = ChipUnderTest.booting(power: .off) { $0.start = .rom }
        tested.chip.holdReset(true, at: tested.now)
        tested.run(for: .milliseconds(10))
        tested.chip.switchPower(on: true, at: tested.now)
        tested.run(for: .seconds(1))
        #expect(tested.ask(Self.sync).isEmpty)
        tested.chip.holdReset(false, at: tested.now)
        tested.run(for: .milliseconds(10))
        #expect(tested.ask(Self.sync) == [0x01])
    }

    @Test func powerLostInResetStaysLost() {
        var tested = ChipUnderTest.booting { $0.start = .rom }
        tested.chip.holdReset(true, at: tested.now)
        tested.chip.switchPower(on: false, at: tested.now)
        tested.chip.holdReset(false, at: tested.now)
        tested.run(for: .seconds(1))
        #expect(tested.ask(Self.sync).isEmpty)
        #expect(!tested.chip.isPowered)
    }
}
