import Emulator
import Line
import Testing
import Wire

/// A schedule of the power: each switch at its moment, to the microsecond, however the driver tells the time.
@Suite struct PowerScheduleTests {
    private typealias Switch = PowerSchedule.Switch

    private func at(_ microseconds: Int64) -> Instant { Instant(nanoseconds: microseconds * 1000) }

    private func chip(_ switches: [Switch], start: ChipSettings.Start = .stub, image: [UInt8] = []) -> Chip {
        var settings = ChipSettings()
        settings.start = start
        settings.uboot = .v140
        var flash = NORFlash(id: .gd25q16e)
        flash.load(image)
        return Chip(settings: settings, flash: flash, power: PowerSchedule(switches))
    }

    private func powerEvents(_ chip: inout Chip) -> [ChipEvent] {
        chip.takeEvents().filter { if case .power = $0.kind { true } else { false } }
    }

    /// §1.1: bounce on switching on. Every switch is told of, and the chip starts anew with each.
    @Test func bounce() {
        var tested = ChipUnderTest(
            chip([
                Switch(.start, after: .milliseconds(10), isOn: true),
                Switch(.start, after: .milliseconds(12), isOn: false),
                Switch(.start, after: .microseconds(12_500), isOn: true),
                Switch(.start, after: .milliseconds(13), isOn: false),
                Switch(.start, after: .milliseconds(20), isOn: true),
            ]))
        tested.run(for: .seconds(1))
        let told = tested.chip.takeEvents()
        #expect(
            told.filter { if case .power = $0.kind { true } else { false } } == [
                ChipEvent(time: at(10_000), kind: .power(on: true)),
                ChipEvent(time: at(12_000), kind: .power(on: false)),
                ChipEvent(time: at(12_500), kind: .power(on: true)),
                ChipEvent(time: at(13_000), kind: .power(on: false)),
                ChipEvent(time: at(20_000), kind: .power(on: true)),
            ])
        #expect(tested.chip.isPowered)
    }

    /// §1.1, §1.3: everything after a switch is as late as the switch; uboot 1.4.0's first line tells.
    @Test(arguments: [Duration.zero, .microseconds(1), .milliseconds(700), .seconds(3)])
    func everythingIsAsLateAsTheSwitch(delay: Duration) {
        func firstWord(_ delay: Duration) -> Instant? {
            var tested = ChipUnderTest(chip([Switch(.start, after: delay, isOn: true)], start: .uboot))
            tested.run(for: .seconds(5))
            return tested.sent.first?.start
        }
        let (usual, late) = (firstWord(.zero), firstWord(delay))
        #expect(usual != nil)
        #expect(usual.flatMap { usual in late.map { usual.duration(to: $0) } } == delay)
    }

    /// Reckoned from the host's first character, with or without power.
    @Test func firstHostByte() {
        var tested = ChipUnderTest(
            chip([
                Switch(.firstHostByte, after: .milliseconds(5), isOn: true),
                Switch(.firstHostByte, after: .milliseconds(7), isOn: false),
            ]))
        tested.run(for: .milliseconds(100))
        #expect(powerEvents(&tested.chip).isEmpty)
        tested.give([0x63])
        tested.run(for: .milliseconds(50))
        tested.give([0x63])
        tested.run(for: .milliseconds(50))
        #expect(
            powerEvents(&tested.chip) == [
                ChipEvent(time: at(105_000), kind: .power(on: true)),
                ChipEvent(time: at(107_000), kind: .power(on: false)),
            ])
    }

    /// What ERASE of 8 sectors leaves when the power goes so long after the n-th begins; typical 45 ms a sector (§5).
    private func eraseCut(_ count: Int, after delay: Duration, driverSteps: Duration?) -> (
        events: [ChipEvent], firsts: [UInt8]
    ) {
        let image = [UInt8](repeating: 0x11, count: 2 << 20)
        var chip = chip(
            [
                Switch(.start, isOn: true), Switch(.erase(count), after: delay, isOn: false),
                Switch(.erase(count), after: delay + .milliseconds(100), isOn: true),
            ], image: image)
        chip.advance(to: .zero)
        chip.advance(to: at(100_000))
        let request = StubRequest(.erase, address: 0x1000, length: 0x8000).bytes
        chip.receive(request.span, timing: RunTiming(start: at(100_000), unpacedAt: BitRate(baud: 115_200)))
        if let driverSteps {
            var now = at(100_000)
            while now < at(1_000_000) {
                now = now.advanced(by: driverSteps)
                chip.advance(to: now)
            }
        } else {
            chip.advance(to: at(1_000_000))
        }
        let firsts = (1..<10).map { chip.flash.bytes(($0 * 4096)..<($0 * 4096 + 1))[0] }
        return (powerEvents(&chip), firsts)
    }

    /// A brown-out in the middle of an erase: sectors whose turn had come are gone, the others are as they were, and
    /// afterwards the chip starts anew.
    @Test(arguments: [1, 3, 8], [nil, Duration.microseconds(333), .milliseconds(10), .milliseconds(260)])
    func anEraseTriggers(count: Int, driverSteps: Duration?) {
        let (events, firsts) = eraseCut(count, after: .milliseconds(20), driverSteps: driverSteps)
        let begun = at(100_000 + Int64(count - 1) * 45_000)
        #expect(
            events == [
                ChipEvent(time: .zero, kind: .power(on: true)),
                ChipEvent(time: begun.advanced(by: .milliseconds(20)), kind: .power(on: false)),
                ChipEvent(time: begun.advanced(by: .milliseconds(120)), kind: .power(on: true)),
            ])
        #expect(firsts == (1..<10).map { $0 <= count ? 0xFF : 0x11 })
    }

    /// Erases that a cut has undone are not counted: the second begins after the first was cut short and asked for again.
    @Test func anEraseThatNeverBeganIsNotCounted() {
        var tested = ChipUnderTest(
            chip([
                Switch(.start, isOn: true), Switch(.erase(1), after: .milliseconds(5), isOn: false),
                Switch(.erase(1), after: .milliseconds(10), isOn: true), Switch(.erase(2), isOn: false),
            ]))
        tested.run(for: .milliseconds(100))
        let request = StubRequest(.erase, address: 0x1000, length: 0x8000).bytes
        tested.give(request)
        tested.run(for: .milliseconds(200))
        #expect(tested.chip.isPowered)
        let again = tested.now
        tested.give(request)
        tested.run(for: .milliseconds(200))
        #expect(!tested.chip.isPowered)
        #expect(powerEvents(&tested.chip).last == ChipEvent(time: again, kind: .power(on: false)))
    }

    /// Power that goes while the chip talks: what has left is heard, what has not is not, and nothing is heard twice.
    @Test(arguments: [Duration.microseconds(100), .milliseconds(1), .milliseconds(37), .seconds(1)])
    func whatHasLeftIsHeard(step: Duration) {
        let cut = at(300_000)
        var chip = chip([Switch(.start, isOn: true), Switch(.start, after: .milliseconds(300), isOn: false)])
        var heard = 0
        var now = Instant.zero
        chip.advance(to: now)
        chip.advance(to: at(100_000))
        let request = StubRequest(.flashUpload, address: 0, length: 0x4000).bytes
        chip.receive(request.span, timing: RunTiming(start: at(100_000), unpacedAt: BitRate(baud: 115_200)))
        var first: RunTiming?
        while now < at(1_000_000) {
            now = now.advanced(by: step)
            chip.advance(to: now)
            var run: [UInt8] = []
            while let timing = chip.transmit(into: &run) {
                first = first ?? timing
                #expect(timing.end(of: run.count) <= cut)
                heard += run.count
                run.removeAll()
            }
        }
        let expected = first.map { $0.arrived(by: cut, of: 0x4000 + 6) }
        #expect(expected == heard)
        #expect(heard > 2000 && heard < 0x4000)
    }

    /// A hand at the switch overrules what was planned.
    @Test func byHand() {
        var tested = ChipUnderTest(chip([Switch(.start, after: .seconds(1), isOn: true)]))
        tested.chip.switchPower(on: true, at: tested.now)
        tested.chip.switchPower(on: false, at: tested.now)
        tested.run(for: .seconds(5))
        #expect(!tested.chip.isPowered)
    }

    /// Delays that no schedule means overflow nothing.
    @Test func endlessDelays() {
        var tested = ChipUnderTest(
            chip([
                Switch(.start, after: .seconds(Int64.max / 2), isOn: true),
                Switch(.start, after: .seconds(-5), isOn: false),
            ]))
        tested.run(for: .seconds(5))
        #expect(!tested.chip.isPowered)
    }
}
