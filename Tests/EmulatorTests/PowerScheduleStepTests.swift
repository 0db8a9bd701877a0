import Emulator
import Images
import Line
import Testing
import Wire

/// Switches that wait for a step of the protocol: at the end of its last character, to the microsecond, however the driver
/// tells the time and in whatever pieces the characters come.
@Suite struct PowerScheduleStepTests {
    private typealias Switch = PowerSchedule.Switch

    /// Of a pacing host; the chip's own is 114,943 baud (§1.3).
    private let rate = BitRate(baud: 115_200)

    private func at(_ microseconds: Int64) -> Instant { Instant(nanoseconds: microseconds * 1000) }

    /// §4.2.
    private let syn: [UInt8] = [0xA5, 0x00, 0x04, 0x00, 0x63, 0x6E, 0x79, 0x73, 0x66]

    private func stub(_ switches: [Switch]) -> Chip {
        var settings = ChipSettings()
        settings.start = .stub
        return Chip(
            settings: settings, flash: NORFlash(id: .gd25q16e),
            power: PowerSchedule([Switch(.start, isOn: true)] + switches))
    }

    /// Off at a step, and on 300 ms later.
    private func cut(_ aim: Aim, after delay: Duration = .zero) -> [Switch] {
        [
            Switch(.step(aim), after: delay, isOn: false),
            Switch(.step(aim), after: delay + .milliseconds(300), isOn: true),
        ]
    }

    /// A driver that tells the time in equal steps, and takes what the chip has said after each.
    private struct Driver {
        var chip: Chip
        var now = Instant.zero
        var heard: [(timing: RunTiming, count: Int)] = []

        mutating func run(until end: Instant, by step: Duration) {
            chip.advance(to: now)
            while now < end {
                now = min(end, now.advanced(by: step))
                chip.advance(to: now)
                var bytes: [UInt8] = []
                while let timing = chip.transmit(into: &bytes) {
                    heard.append((timing, bytes.count))
                    bytes.removeAll()
                }
            }
        }

        /// Hands a run over in pieces. - Returns: when its last character will have crossed.
        mutating func send(_ bytes: [UInt8], at rate: BitRate, pieces: Int = .max) -> Instant {
            let timing = RunTiming(start: now, backToBackAt: rate)
            var done = 0
            while done < bytes.count {
                let end = min(bytes.count, done + min(pieces, bytes.count))
                chip.receive(bytes.span.extracting(done..<end), timing: timing.dropping(done))
                done = end
            }
            return timing.end(of: bytes.count)
        }

        var heardCount: Int { heard.reduce(0) { $0 + $1.count } }

        mutating func powerEvents() -> [ChipEvent] {
            chip.takeEvents().filter { if case .power = $0.kind { true } else { false } }
        }
    }

    private static let driverSteps: [Duration] = [
        .microseconds(87), .milliseconds(1), .milliseconds(37), .seconds(100),
    ]

    /// §4.2: the power goes with the last character of a command, or so long after it; the stub's answer to SYN comes
    /// 1 ms later (§13.3), so that only the longest delay leaves it whole.
    @Test(arguments: [(Duration.zero, 0), (.microseconds(1), 0), (.milliseconds(20), 6)], driverSteps)
    func aStepOfTheHost(delay: (Duration, answer: Int), step: Duration) {
        for pieces in [1, 2, 7, Int.max] {
            var driver = Driver(chip: stub(cut(Aim(.command, count: 2), after: delay.0)))
            driver.run(until: at(100_000), by: .milliseconds(1))
            _ = driver.send(syn, at: rate, pieces: pieces)
            driver.run(until: at(200_000), by: .milliseconds(1))
            #expect(driver.heardCount == 6)
            let end = driver.send(syn, at: rate, pieces: pieces)
            driver.run(until: at(1_000_000), by: step)
            let off = end.advanced(by: delay.0)
            #expect(
                driver.powerEvents() == [
                    ChipEvent(time: .zero, kind: .power(on: true)), ChipEvent(time: off, kind: .power(on: false)),
                    ChipEvent(time: off.advanced(by: .milliseconds(300)), kind: .power(on: true)),
                ])
            #expect(driver.heardCount == 6 + delay.answer)
        }
    }

    /// §4.3: 03 streams frames of 64 KB, each 65,542 bytes long, and the host says nothing. The power goes with the last
    /// byte of the second: every byte of it is heard, and none of the third.
    @Test(arguments: driverSteps)
    func aStepOfTheChip(step: Duration) throws {
        var driver = Driver(chip: stub(cut(Aim(.uploadFrame, count: 2))))
        driver.run(until: at(100_000), by: .milliseconds(1))
        _ = driver.send(StubRequest(.flashUpload, address: 0, length: 0x40000).bytes, at: rate)
        driver.run(until: at(20_000_000), by: step)
        #expect(driver.heardCount == 2 * 65_542)
        let last = try #require(driver.heard.last)
        let end = last.timing.end(of: last.count)
        let told = driver.powerEvents()
        #expect(told.map(\.kind) == [.power(on: true), .power(on: false), .power(on: true)])
        // Times of runs that are cut are whole nanoseconds; a microsecond is what is asked for.
        let off = try #require(told.dropFirst().first).time
        #expect(abs(end.duration(to: off).wholeNanoseconds) < 1000)
        #expect(told.last?.time == off.advanced(by: .milliseconds(300)))
    }

    /// The moments are the same, whatever the driver's steps are. The command is there at once: of runs that a driver cuts
    /// the times are whole nanoseconds, and those would differ.
    @Test func chunkingChangesNothing() {
        let request = StubRequest(.flashUpload, address: 0, length: 0x40000).bytes
        let moments = Self.driverSteps.map { step in
            var driver = Driver(chip: stub(cut(Aim(.uploadFrame, count: 2))))
            driver.run(until: at(100_000), by: .milliseconds(1))
            driver.chip.receive(request.span, timing: RunTiming(start: driver.now, unpacedAt: rate))
            driver.run(until: at(20_000_000), by: step)
            return driver.powerEvents().map(\.time.nanoseconds)
        }
        #expect(Set(moments).count == 1, "\(moments)")
    }

    /// What would begin after the step never does. The answer to 04 comes after the erase (§4.2), and while its 6 bytes
    /// leave the stub begins with the command behind it in the FIFO: of that one's two sectors only the first is erased.
    @Test(arguments: driverSteps)
    func whatWouldBeginLaterDoesNot(step: Duration) {
        var settings = ChipSettings()
        settings.start = .stub
        settings.stub = .vendor134
        var flash = NORFlash(id: .gd25q16e)
        flash.load([UInt8](repeating: 0x11, count: 2 << 20))
        let power = PowerSchedule([Switch(.start, isOn: true)] + cut(Aim(.answer)))
        var driver = Driver(chip: Chip(settings: settings, flash: flash, power: power))
        driver.run(until: at(100_000), by: .milliseconds(1))
        let requests =
            StubRequest(.erase, address: 0x1000, length: 0x1000).bytes
            + StubRequest(.erase, address: 0x2000, length: 0x2000).bytes
        _ = driver.send(requests, at: rate)
        driver.run(until: at(400_000), by: step)
        #expect(driver.heardCount == 6)
        let firsts = (1...3).map { driver.chip.flash.bytes(($0 * 4096)..<($0 * 4096 + 1))[0] }
        #expect(firsts == [0xFF, 0xFF, 0x11])
    }

    /// A frame that a power cut breaks off has begun and never ends: the one after it is the second.
    @Test func aStepThatBreaksOffHasNoEnd() {
        var driver = Driver(
            chip: stub([
                Switch(.start, after: .milliseconds(500), isOn: false),
                Switch(.start, after: .milliseconds(600), isOn: true),
                Switch(.step(Aim(.uploadFrame, count: 1)), isOn: false),
                Switch(.step(Aim(.uploadFrame, count: 2)), after: .milliseconds(1), isOn: false),
            ]))
        let request = StubRequest(.flashUpload, address: 0, length: 0x10000).bytes
        driver.run(until: at(100_000), by: .milliseconds(1))
        _ = driver.send(request, at: rate)
        driver.run(until: at(1_000_000), by: .milliseconds(1))
        let broken = driver.heardCount
        #expect(broken > 1000 && broken < 65_542)
        _ = driver.send(request, at: rate)
        driver.run(until: at(10_000_000), by: .milliseconds(1))
        #expect(driver.heardCount == broken + 65_542)
        #expect(!driver.chip.isPowered)
    }

    /// Whoever waits for a step that never comes waits for ever.
    @Test func aStepThatNeverComes() {
        var driver = Driver(chip: stub(cut(Aim(.eot))))
        driver.run(until: at(100_000), by: .milliseconds(1))
        _ = driver.send(syn, at: rate)
        driver.run(until: at(10_000_000), by: .milliseconds(100))
        #expect(driver.chip.isPowered)
        #expect(driver.heardCount == 6)
    }

    /// Unpaced: nothing takes time on the wire, so all four frames leave at one moment; it is that at which the power goes.
    @Test func withoutPacing() {
        var settings = ChipSettings()
        settings.start = .stub
        settings.timing = .fast
        var driver = Driver(
            chip: Chip(
                settings: settings, flash: NORFlash(id: .gd25q16e),
                power: PowerSchedule([Switch(.start, isOn: true)] + cut(Aim(.uploadFrame, count: 2)))))
        driver.run(until: at(100_000), by: .milliseconds(1))
        _ = driver.send(StubRequest(.flashUpload, address: 0, length: 0x40000).bytes, at: rate)
        driver.run(until: at(1_000_000), by: .milliseconds(1))
        #expect(driver.heardCount == 4 * 65_542)
        let told = driver.powerEvents()
        #expect(told.map(\.kind) == [.power(on: true), .power(on: false), .power(on: true)])
        #expect(told.dropFirst().first?.time == driver.heard.last?.timing.start)
    }
}
