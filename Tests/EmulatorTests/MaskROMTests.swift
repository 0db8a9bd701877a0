import Emulator
import Images
import Line
import Testing

/// What the mask ROM does before and instead of uboot (ECR6600 facts §1.1, §1.2).
@Suite struct MaskROMTests {
    private static let sync = BootProtocolTests.sync

    /// Flashes from which no uboot starts. By name: the test runner writes out what a test is given.
    enum BadFlash {
        case erased, header, body, zeros

        var image: [UInt8] {
            switch self {
            case .erased: []
            case .header: BootFlash.image { $0.damage = .ubootHeader }
            case .body: BootFlash.image { $0.damage = .ubootBody }
            case .zeros: [UInt8](repeating: 0, count: 0x2000)
            }
        }
    }

    /// §1.2: empty or invalid → UART boot. The note says why.
    @Test(arguments: [(BadFlash.erased, "erased"), (.header, "CRC"), (.body, "CRC"), (.zeros, "2pxH")])
    func aFlashWithoutUBootIsUARTBoot(flash: BadFlash, reason: String) {
        var tested = ChipUnderTest.booting(BootFlash.holding(flash.image))
        tested.run(for: .milliseconds(100))
        #expect(tested.chip.loaderName == "mask ROM, UART boot")
        #expect(tested.ask(Self.sync) == [0x01])
        #expect(Self.notes(&tested).contains { $0.contains(reason) })
    }

    /// §1.2: "if it is timeout to download, run the Flash code directly"; the time is an option of ours.
    @Test func uartBootTimesOutIntoTheFlash() {
        var tested = ChipUnderTest.booting {
            $0.start = .rom
            $0.romTimeout = .seconds(2)
            $0.uboot = .v140
        }
        tested.run(for: .milliseconds(2000))
        #expect(tested.chip.loaderName == "mask ROM, UART boot")
        tested.run(for: .milliseconds(1000))
        #expect(tested.chip.loaderName == "application")
    }

    @Test func aSyncWordEndsTheTimeout() {
        var tested = ChipUnderTest.booting {
            $0.start = .rom
            $0.romTimeout = .seconds(2)
        }
        tested.run(for: .milliseconds(2003))
        #expect(tested.ask(Self.sync) == [0x01])
        tested.run(for: .seconds(60))
        #expect(tested.ask(BootProtocolTests.header(length: 4)) == [0x00])
    }

    @Test func aTimeoutIntoAnEmptyFlashListensForEver() {
        var tested = ChipUnderTest.booting(BootFlash.holding([])) {
            $0.start = .rom
            $0.romTimeout = .milliseconds(10)
        }
        tested.run(for: .seconds(3600))
        #expect(tested.chip.takeEvents().count < 10)
        #expect(tested.ask(Self.sync) == [0x01])
    }

    /// The default: it waits for ever (§9 has its timeout among the unknown).
    @Test func withoutATimeoutItWaits() {
        var tested = ChipUnderTest.booting { $0.start = .rom }
        tested.run(for: .seconds(3600))
        #expect(tested.ask(Self.sync) == [0x01])
    }

    /// §1.2: `flash_boot` can look for a sync word before it loads uboot; for how long is an option of ours.
    @Test(arguments: [(Duration.milliseconds(40), true), (.milliseconds(60), false)])
    func flashBootCanLookFirst(after: Duration, isTaken: Bool) {
        var tested = ChipUnderTest.booting {
            $0.romWindow = .milliseconds(50)
            $0.uboot = .v134
        }
        tested.run(for: ChipTiming.wire.powerUp + after)
        #expect(tested.ask(Self.sync, for: .milliseconds(5)).contains(0x01) == isTaken)
    }

    /// §1.1: in the other two modes nothing answers on the UART.
    @Test(arguments: [BootMode.sdio, .spiSlave])
    func otherModesAreSilent(mode: BootMode) {
        var tested = ChipUnderTest.booting { $0.start = .straps(mode) }
        for _ in 0..<20 { #expect(tested.ask(Self.sync, for: .milliseconds(100)).isEmpty) }
        #expect(tested.chip.takeEvents().allSatisfy { event in if case .overrun = event.kind { false } else { true } })
    }

    /// §1.1, §7: bit 19 clear is "direct start", set is the truth table; that it counts at all is an option.
    @Test(arguments: [
        (BootSelection.straps, UInt32(0), "mask ROM, UART boot"), (.straps, 1 << 19, "mask ROM, UART boot"),
        (.eFuse, 0, "application"), (.eFuse, 1 << 19, "mask ROM, UART boot"),
    ])
    func theEFuseCanDecide(selection: BootSelection, control: UInt32, loader: String) {
        var tested = ChipUnderTest.booting(efuse: BootFlash.efuse(control: control)) {
            $0.start = .rom
            $0.bootSelection = selection
        }
        tested.run(for: .seconds(1))
        #expect(tested.chip.loaderName == loader)
    }

    /// §3: 40 MHz/8/43 = 116279 Bd, 26 MHz: 116071 Bd.
    @Test(arguments: [(Crystal.mhz40, Int64(116_279)), (.mhz26, 116_071)])
    func itsRateComesFromTheCrystal(crystal: Crystal, baud: Int64) {
        var tested = ChipUnderTest.booting {
            $0.start = .rom
            $0.crystal = crystal
        }
        tested.run(for: .milliseconds(10))
        #expect(tested.chip.receiverClock(at: tested.now).rate.millibaud / 1000 == baud)
    }

    /// Which uboot runs: the settings', else what the flash asks for, else 1.4.0 with a note (ours).
    @Test func theFlashSaysWhichUBootRuns() {
        for version in UBootVersion.allCases {
            var tested = ChipUnderTest.booting(BootFlash.holding(BootFlash.image(uboot: version)))
            tested.run(for: .milliseconds(30))
            #expect(tested.chip.loaderName == "uboot \(version.rawValue)")
        }
        let unknown = BootFlash.image { $0.ubootBody = [UInt8](repeating: 7, count: 300) }
        var tested = ChipUnderTest.booting(BootFlash.holding(unknown))
        tested.run(for: .milliseconds(30))
        #expect(tested.chip.loaderName == "uboot 1.4.0")
        #expect(Self.notes(&tested).contains { $0.contains("the version of uboot in the flash is unknown") })
    }

    static func notes(_ tested: inout ChipUnderTest) -> [String] {
        tested.chip.takeEvents().compactMap { event in
            if case .note(let text) = event.kind { return text }
            return nil
        }
    }
}
