import Emulator
import Line
import Testing
import Wire

/// What somebody does to the chip by hand.
@Suite struct ChipCommandTests {
    private static let sync = BootProtocolTests.sync

    private func rom(power: PowerSchedule = .on, timing: ChipTiming = .brisk, isInterruptible: Bool = true)
        -> ChipUnderTest
    {
        var settings = ChipSettings()
        settings.start = .rom
        settings.timing = timing
        return ChipUnderTest(
            Chip(settings: settings, flash: NORFlash(id: .gd25q16e), power: power, isInterruptible: isInterruptible))
    }

    @Test func offIsDeafAndOnStartsAnew() {
        var tested = rom()
        tested.run(for: .milliseconds(10))
        tested.chip.command(.power(on: false), at: tested.now)
        #expect(!tested.chip.isPowered)
        #expect(tested.ask(Self.sync, for: .seconds(1)).isEmpty)
        tested.chip.command(.power(on: true), at: tested.now)
        tested.run(for: .milliseconds(10))
        #expect(tested.ask(Self.sync) == [0x01])
    }

    /// Off for exactly so long on the line's clock, however the driver's turns fall.
    @Test(arguments: [Duration.zero, .nanoseconds(1), .milliseconds(300), .seconds(86_400)])
    func aCycleIsOffForSoLong(off: Duration) {
        var tested = rom()
        tested.run(for: .milliseconds(10))
        _ = tested.chip.takeEvents()
        let start = tested.now
        tested.chip.command(.cyclePower(off: off), at: start)
        tested.run(for: off + .milliseconds(50))
        let switches = tested.chip.takeEvents().filter { if case .power = $0.kind { true } else { false } }
        #expect(switches.map(\.kind) == [.power(on: false), .power(on: true)])
        #expect(switches.map(\.time) == [start, start.advanced(by: off)])
        #expect(tested.ask(Self.sync) == [0x01])
    }

    @Test func aCommandEndsTheSchedule() {
        let schedule = PowerSchedule([
            .init(.firstHostByte, isOn: true), .init(.start, after: .seconds(2), isOn: false),
        ])
        for command in [ChipCommand.power(on: true), .cyclePower(off: .milliseconds(1)), .reset] {
            var tested = rom(power: schedule)
            #expect(tested.chip.missedSwitches.count == 2)
            tested.chip.command(command, at: tested.now)
            let isCycle = command == .cyclePower(off: .milliseconds(1))
            #expect(tested.chip.missedSwitches.map(\.isOn) == (isCycle ? [true] : []), "its own, nothing else")
            tested.chip.otherEndSends(at: tested.now, rate: BitRate(baud: 115_200))
            tested.run(for: .seconds(3))
            #expect(tested.chip.isPowered == (command != .reset), "\(command)")
            let notes = tested.chip.takeEvents().filter { if case .note = $0.kind { true } else { false } }
            #expect(notes.count == 1, "said once")
            tested.chip.command(.power(on: true), at: tested.now)
            #expect(!tested.chip.takeEvents().contains { if case .note = $0.kind { true } else { false } })
        }
    }

    /// Who cycles and then switches off means off.
    @Test func theLastCommandCounts() {
        var tested = rom()
        tested.chip.command(.cyclePower(off: .seconds(1)), at: tested.now)
        tested.run(for: .milliseconds(500))
        tested.chip.command(.power(on: false), at: tested.now)
        tested.run(for: .seconds(2))
        #expect(!tested.chip.isPowered)
        tested.chip.command(.cyclePower(off: .seconds(1)), at: tested.now)
        tested.run(for: .milliseconds(500))
        tested.chip.command(.power(on: true), at: tested.now)
        #expect(tested.chip.isPowered)
    }

    /// Nobody said that the power should stay off: the cycle was asked for by hand as well.
    @Test func aResetLeavesACycleAlone() {
        var tested = rom()
        let start = tested.now
        tested.chip.command(.cyclePower(off: .seconds(1)), at: start)
        tested.run(for: .milliseconds(500))
        #expect(tested.chip.missedSwitches.map(\.isOn) == [true])
        tested.chip.command(.reset, at: tested.now)
        tested.run(for: .milliseconds(600))
        #expect(tested.chip.isPowered)
        let switches = tested.chip.takeEvents().filter { $0.kind == .power(on: true) }
        #expect(switches.last?.time == start.advanced(by: .seconds(1)))
        #expect(tested.chip.missedSwitches.isEmpty)
        #expect(tested.ask(Self.sync) == [0x01])
    }

    /// A loader runs ahead of the driver's time; what an interruption keeps from happening is not told.
    @Test func whatIsNotToBeIsNotTold() {
        var settings = ChipSettings()
        settings.start = .straps(.flash)
        settings.timing = .wire
        var tested = ChipUnderTest(Chip(settings: settings, flash: BootFlash.good, isInterruptible: true))
        tested.run(for: .milliseconds(1))
        var events = tested.chip.takeEvents()
        #expect(events.map(\.kind) == [.power(on: true)], "the ROM begins later (facts §1.2)")
        tested.chip.command(.power(on: false), at: tested.now)
        tested.run(for: .seconds(1))
        events = tested.chip.takeEvents()
        #expect(events.map(\.kind) == [.power(on: false)])
        tested.chip.command(.power(on: true), at: tested.now)
        tested.run(for: .seconds(2))
        events = tested.chip.takeEvents()
        #expect(events.count > 2 && events.map(\.time) == events.map(\.time).sorted())
    }

    /// One line, several who pull it: whoever lets go first does not raise it.
    @Test func aResetDoesNotEndAnothersHold() {
        var tested = rom()
        tested.run(for: .milliseconds(10))
        tested.chip.holdReset(true, at: tested.now)
        tested.chip.command(.reset, at: tested.now)
        #expect(tested.chip.isHeldInReset)
        tested.chip.holdReset(false, at: tested.now)
        tested.run(for: .milliseconds(10))
        tested.chip.command(.reset, at: tested.now)
        tested.run(for: .milliseconds(10))
        #expect(tested.ask(Self.sync) == [0x01])
    }

    /// What has not left by then does not leave: uboot's greeting is cut where the power goes.
    @Test func aMessageIsCutWhereThePowerGoes() {
        var whole = ChipUnderTest.greeting()
        whole.run(for: .seconds(1))
        let greeting = whole.heard()
        let start = whole.sent[0].start
        #expect(greeting.count > 20)
        var cut = ChipUnderTest.greeting()
        // Ten characters of 8N1 at 115,200 (a divisor of 174 of 20 MHz) take 0.87 ms.
        cut.run(for: Instant.zero.duration(to: start) + .microseconds(900))
        cut.chip.command(.power(on: false), at: cut.now)
        cut.run(for: .seconds(1))
        #expect(cut.heard() == Array(greeting.prefix(10)))
    }
}

extension ChipUnderTest {
    fileprivate static func greeting() -> ChipUnderTest {
        var settings = ChipSettings()
        settings.start = .uboot
        settings.uboot = .v140
        settings.timing = .wire
        return ChipUnderTest(Chip(settings: settings, flash: BootFlash.good, isInterruptible: true))
    }
}
