import Emulator
import Images
import Line
import Testing
import Wire

/// The rows of ECR6600 facts §2 whose cause is unknown, so that only an option leads to them: other return codes, an
/// update over the air, the provisioning of flash encryption. The texts are the table's; order and times are ours.
@Suite struct UBootRareTests {
    private static let heapLine = "\nty heap base: 1f000 size: 196352\n"
    /// §2: `OTA:%d%%\r\n`. That it counts in tenths is ours.
    private static let updateCount = stride(from: 0, through: 100, by: 10).map { "OTA:\($0)%\r\n" }.joined()
    /// §2, last row, in its order; the line feeds that it does not give are those of `puts`, which is ours.
    private static let provisioned =
        "ENCRYPT:\ntrng set key\nJump nv\n"
        + stride(from: 0, through: 100, by: 10).map { "\($0)%\r\n" }.joined()
        + "partition&uboot\nOTP\nEND, need power off\n"

    private static func chip(
        _ version: UBootVersion, flash: NORFlash = BootFlash.good, efuse: EFuse = .sample,
        adjust: (inout ChipSettings) -> Void
    ) -> ChipUnderTest {
        ChipUnderTest.booting(flash, efuse: efuse) {
            $0.uboot = version
            adjust(&$0)
        }
    }

    private static func text(_ tested: inout ChipUnderTest, for duration: Duration) -> String {
        tested.run(for: duration)
        return String(decoding: tested.heard(), as: UTF8.self)
    }

    private static func notes(_ tested: inout ChipUnderTest) -> [String] {
        tested.chip.takeEvents().compactMap { event in
            if case .note(let text) = event.kind { return text }
            return nil
        }
    }

    // MARK: Other return codes

    /// §2: "4 `partition err`, else `uboot err`", like its neighbours once a second with sync accepted meanwhile (§1.3).
    @Test(
        arguments: [UBootVersion.v134, .v1311],
        [(ChipSettings.UBootError.partition, "partition err\n"), (.other, "uboot err\n")])
    func aCodeIsToldOnceASecond(version: UBootVersion, told: (error: ChipSettings.UBootError, line: String)) {
        var tested = Self.chip(version) { $0.ubootError = told.error }
        tested.run(for: .milliseconds(2500))
        #expect(tested.runs.map(\.text) == [told.line, told.line, told.line])
        let start = tested.runs[0].start
        #expect(tested.runs.map(\.start) == (0..<3).map { start.advanced(by: .seconds(1) * $0) })
        _ = tested.heard()
        #expect(tested.ask(BootProtocolTests.sync) == [0x01])
        #expect(tested.ask(BootProtocolTests.header(length: 4)) == [0x00])
    }

    /// §2: nothing in 1.4.0's column; it falls silent, as with its other errors.
    @Test(arguments: [ChipSettings.UBootError.partition, .other])
    func theOldTuyaLineTellsNoCode(error: ChipSettings.UBootError) {
        var tested = Self.chip(.v140) { $0.ubootError = error }
        #expect(Self.text(&tested, for: .seconds(4)) == Self.heapLine)
        #expect(tested.ask(BootProtocolTests.sync, for: .seconds(2)).isEmpty)
    }

    // MARK: An update over the air

    /// §2: 1.3.x counts. That the application starts then is ours.
    @Test(arguments: [UBootVersion.v134, .v1311], [ChipSettings.Update.pending, .heapError])
    func anUpdateCounts(version: UBootVersion, update: ChipSettings.Update) {
        var tested = Self.chip(version) { $0.update = update }
        #expect(Self.text(&tested, for: .seconds(4)) == Self.updateCount)
        #expect(tested.chip.loaderName == "application")
        let diagnostics = Self.notes(&tested).contains { $0.contains("many diagnostics") }
        #expect(diagnostics == (version == .v1311), "§2: in 1.3.11")
    }

    /// §2: 1.4.0's code says something on failure only; the heap line is that of every boot.
    @Test(arguments: [(ChipSettings.Update.pending, heapLine), (.heapError, heapLine + "\nty_heap init error")])
    func theOldTuyaLineUpdatesInSilence(update: ChipSettings.Update, text: String) {
        var tested = Self.chip(.v140) { $0.update = update }
        #expect(Self.text(&tested, for: .seconds(4)) == text)
        #expect(tested.chip.loaderName == "application")
    }

    /// §1.3: 1.3.x opens its window after all this, and the FIFO keeps what came before.
    @Test func theWindowComesAfterTheUpdate() {
        var tested = Self.chip(.v134) { $0.update = .pending }
        tested.run(for: .seconds(1))
        _ = tested.heard()
        let answer = tested.ask(BootProtocolTests.sync, for: .seconds(2))
        #expect(String(decoding: answer.dropLast(), as: UTF8.self).hasSuffix("OTA:100%\r\n"))
        #expect(answer.last == 0x01)
    }

    /// An error of the application is told after the update (ours), and the flash is as it was.
    @Test func anUpdateMendsNothing() {
        let flash = BootFlash.holding(BootFlash.image { $0.damage = .applicationHeader })
        var tested = Self.chip(.v134, flash: flash) { $0.update = .pending }
        #expect(Self.text(&tested, for: .milliseconds(2500)) == Self.updateCount + "hcrc err\n")
        let isUnchanged = tested.chip.flash.bytes(0..<flash.byteCount) == flash.bytes(0..<flash.byteCount)
        #expect(isUnchanged)
    }

    // MARK: The provisioning of flash encryption

    /// §2, last row, "same" in both columns; 1.4.0 prints its heap line first, as in every boot.
    @Test(arguments: UBootVersion.allCases)
    func provisioningEndsWithPowerOff(version: UBootVersion) {
        var tested = Self.chip(version) { $0.provisioning = .run }
        let heap = version == .v140 ? Self.heapLine : ""
        #expect(Self.text(&tested, for: .seconds(3)) == heap + Self.provisioned)
        #expect(tested.ask(BootProtocolTests.sync, for: .seconds(5)).isEmpty, "silent until power is cycled: ours")
        tested.chip.switchPower(on: false, at: tested.now)
        tested.chip.switchPower(on: true, at: tested.now)
        #expect(Self.text(&tested, for: .seconds(3)) == heap + Self.provisioned)
    }

    /// §8: programming the eFuse needs 1.8 V. That it ends with this line is ours.
    @Test(arguments: UBootVersion.allCases)
    func withoutItsVoltageProvisioningStops(version: UBootVersion) {
        var tested = Self.chip(version) { $0.provisioning = .without1V8 }
        let heap = version == .v140 ? Self.heapLine : ""
        #expect(Self.text(&tested, for: .seconds(3)) == heap + "ENCRYPT:\nneed 1.8V power\n")
        #expect(tested.ask(BootProtocolTests.sync, for: .seconds(5)).isEmpty)
    }

    /// The cipher is not known: nothing is burnt or encrypted, with the stand-in neither, and the trace says so.
    @Test(arguments: [ChipSettings.Encryption.none, .standIn])
    func provisioningChangesNothing(encryption: ChipSettings.Encryption) {
        var tested = Self.chip(.v134) {
            $0.provisioning = .run
            $0.encryption = encryption
        }
        let before = tested.chip
        tested.run(for: .seconds(3))
        let whole = 0..<before.flash.byteCount
        let isUnchanged = tested.chip.flash.bytes(whole) == before.flash.bytes(whole)
        #expect(isUnchanged)
        #expect(tested.chip.efuse == before.efuse)
        #expect(
            Self.notes(&tested).contains { $0.contains("the cipher is unknown, and flash and eFuse do not change") }
        )
    }

    /// §2: 1.4.0's window is the first thing, before provisioning.
    @Test func theOldTuyaLineCanBeCaughtBeforeProvisioning() {
        var tested = Self.chip(.v140) { $0.provisioning = .run }
        tested.run(for: .milliseconds(60))
        #expect(tested.ask(BootProtocolTests.sync) == [0x01])
    }

    // MARK: All of them

    /// Ours: without a flash there is nothing to update or to provision.
    @Test func withoutAFlashThereIsNothingToDo() {
        var tested = Self.chip(.v134, flash: BootFlash.holding([], id: .none)) {
            $0.start = .uboot
            $0.update = .pending
            $0.provisioning = .run
        }
        #expect(Self.text(&tested, for: .milliseconds(500)) == "no flash!hcrc err\n")
    }

    /// A cut in the middle takes what had not left yet with it; the next start begins anew.
    @Test(arguments: [UBootVersion.v134, .v1311])
    func aCutEndsTheCount(version: UBootVersion) {
        var tested = Self.chip(version) { $0.update = .pending }
        let cut = Self.text(&tested, for: .milliseconds(700))
        #expect(cut == "OTA:0%\r\nOTA:10%\r\nOTA:20%\r\nOTA:30%\r\n", "24 ms, then one each 200 ms")
        tested.chip.switchPower(on: false, at: tested.now)
        #expect(Self.text(&tested, for: .seconds(1)).isEmpty)
        tested.chip.switchPower(on: true, at: tested.now)
        #expect(Self.text(&tested, for: .seconds(4)) == Self.updateCount)
    }
}
