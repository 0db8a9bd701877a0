import Emulator
import Images
import Line
import Testing

/// uboot's windows to the microsecond, in virtual time (ECR6600 facts §1.3).
@Suite struct UBootTimingTests {
    private static let sync = BootProtocolTests.sync
    /// When uboot starts: the power-up chain of §1.1, then the mask ROM, whose time is unknown (an option of ours).
    private static let ubootStart = Instant.zero.advanced(by: .microseconds(4025) + ChipTiming.wire.romToUBoot)
    /// §1.3: measured at 99.996 ms for all three versions.
    private static let window = Duration.microseconds(99_996)

    /// §1.3, "call": 1.4.0 opens its window first thing, 1.3.x after header check and copy.
    private static func opening(of version: UBootVersion) -> Instant {
        version == .v140 ? ubootStart : ubootStart.advanced(by: ChipTiming.wire.applicationLoad)
    }

    @Test func powerUpTakesTheStepsOfTheHardwareGuide() {
        #expect(ChipTiming.wire.powerUp == .microseconds(4025), "§1.1: 5 + 210 + 210 + 240 + 60 + 240 + 60 µs + 3 ms")
    }

    /// A sync word in the FIFO is answered at the moment at which the window opens (§1.3: the FIFO is not cleared).
    @Test(arguments: UBootVersion.allCases)
    func opensWhenItShould(version: UBootVersion) {
        var tested = ChipUnderTest.booting { $0.uboot = version }
        let opening = Self.opening(of: version)
        tested.run(for: Instant.zero.duration(to: opening) - .milliseconds(1))
        tested.give(Self.sync)
        tested.run(for: .milliseconds(5))
        #expect(tested.sent.first?.bytes == [0x01])
        #expect(tested.sent.first?.start == opening)
    }

    @Test(
        arguments: UBootVersion.allCases,
        [
            (Duration.milliseconds(98), true), (.microseconds(99_995), true), (.microseconds(99_997), false),
            (.milliseconds(101), false),
        ])
    func shutsWhenItShould(version: UBootVersion, moment: (after: Duration, isOpen: Bool)) {
        var tested = ChipUnderTest.booting { $0.uboot = version }
        tested.run(for: Instant.zero.duration(to: Self.opening(of: version)) + moment.after)
        tested.give(Self.sync)
        tested.run(for: .milliseconds(5))
        #expect(tested.heard().contains(0x01) == moment.isOpen, "§1.3: 99.996 ms")
    }

    /// §1.3: a driver that tells of the sync word and of the window's end in one breath does not open it again.
    @Test(arguments: UBootVersion.allCases)
    func staysShutHoweverLateItIsTold(version: UBootVersion) {
        var tested = ChipUnderTest.booting {
            $0.uboot = version
            $0.timing.applicationLoad = .zero
        }
        tested.run(for: Instant.zero.duration(to: Self.ubootStart) + .milliseconds(90))
        let late = tested.now.advanced(by: .milliseconds(15))
        let timing = RunTiming(start: late, spacing: 86_805_555, rate: tested.chip.receiverClock(at: late).rate)
        tested.chip.receive(Self.sync.span, timing: timing)
        tested.now = late.advanced(by: .milliseconds(20))
        tested.chip.advance(to: tested.now)
        tested.run(for: .milliseconds(5))
        #expect(!tested.heard().contains(0x01), "the window was shut when the word came")
        #expect(tested.chip.loaderName == "application")
    }

    /// §2: `hcrc err` immediately and once per 1000 ms; no 100 ms before it, no copy.
    @Test(arguments: [UBootVersion.v134, .v1311])
    func errorsComeOnceASecond(version: UBootVersion) {
        var tested = ChipUnderTest.booting(BootFlash.holding(BootFlash.image { $0.damage = .applicationHeader })) {
            $0.uboot = version
        }
        tested.run(for: .milliseconds(10_500))
        let expected = (0...10).map { Self.ubootStart.advanced(by: .milliseconds(1000) * $0) }
        #expect(tested.runs.map(\.start) == expected)
        #expect(tested.runs.allSatisfy { $0.text == "hcrc err\n" })
    }

    /// §2: sync accepted all the time, between any two of its lines.
    @Test(arguments: UInt64(1)...20)
    func listensAllTheTimeBetweenErrors(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let version: UBootVersion = generator.next() % 2 == 0 ? .v134 : .v1311
        var tested = ChipUnderTest.booting(BootFlash.holding(BootFlash.image { $0.application = nil })) {
            $0.uboot = version
        }
        let after = Duration.microseconds(Int64(30_000 + generator.next() % 5_000_000))
        tested.run(for: after)
        _ = tested.heard()
        let answer = tested.ask(Self.sync, for: .milliseconds(900))
        #expect(answer.contains(0x01), "seed \(seed), \(after)")
        #expect(tested.ask([UInt8](BootProtocolTests.header(length: 4))) == [0x00], "seed \(seed)")
    }

    /// §2: 1.4.0 is silent for ever after an error, and never listens; what comes fills the FIFO and overruns.
    @Test func theOldTuyaLineNeverListensAgain() {
        var tested = ChipUnderTest.booting(BootFlash.holding(BootFlash.image { $0.damage = .applicationHeader })) {
            $0.uboot = .v140
        }
        tested.run(for: .seconds(1))
        #expect(tested.heard() == Array("\nty heap base: 1f000 size: 196352\n".utf8))
        for _ in 0..<50 { #expect(tested.ask(Self.sync, for: .milliseconds(777)).isEmpty) }
        let lost = tested.chip.takeEvents().reduce(0) { sum, event in
            if case .overrun(let count) = event.kind { return sum + count }
            return sum
        }
        #expect(lost > 100, "50 × 4 characters, and a FIFO of 32")
    }

    /// §1.4: "amt_" with a digit lets the boot go on at once, which after an error is the error again.
    @Test func amtEndsAnErrorsWindow() {
        var tested = ChipUnderTest.booting(BootFlash.holding(BootFlash.image { $0.damage = .applicationHeader })) {
            $0.uboot = .v134
        }
        tested.run(for: .milliseconds(500))
        _ = tested.heard()
        for _ in 0..<2 {
            let answer = tested.ask(Array("amt_0000007".utf8), for: .milliseconds(100))
            #expect(String(decoding: answer, as: UTF8.self) == "OKhcrc err\n")
        }
    }

    /// §1.3, §2: sync accepted all the time: a word on the heels of "amt_" is taken in the window that opens after it.
    @Test func aSyncWordRightBehindAmtIsTaken() {
        var tested = ChipUnderTest.booting(BootFlash.holding(BootFlash.image { $0.damage = .applicationHeader })) {
            $0.uboot = .v134
        }
        tested.run(for: .milliseconds(500))
        _ = tested.heard()
        let answer = tested.ask(Array("amt_0000007".utf8) + Self.sync, for: .milliseconds(100))
        #expect(answer == Array("OKhcrc err\n".utf8) + [0x01])
    }
}
