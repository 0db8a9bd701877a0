import Emulator
import Images
import Testing
import Wire

/// The rows of ECR6600 facts §2 that the boot matrix does not have: sums on the console, secure boot, no flash.
@Suite struct UBootConsoleTests {
    /// What it prints within 2.2 s of power, and what runs then.
    private func console(
        _ version: UBootVersion, _ flash: NORFlash, control: UInt32 = 0, start: ChipSettings.Start = .flash,
        signature: ChipSettings.Signature = .good
    ) -> (text: String, loader: String?) {
        var tested = ChipUnderTest.booting(flash, efuse: BootFlash.efuse(control: control)) {
            $0.start = start
            $0.uboot = version
            $0.signature = signature
        }
        tested.run(for: .milliseconds(2200))
        return (String(decoding: tested.heard(), as: UTF8.self), tested.chip.loaderName)
    }

    private static let heapLine = "\nty heap base: 1f000 size: 196352\n"

    /// §2: 1.3.11 prints both sums once, the computed one first: the SHA-256 of the spoilt body, of which only the form is
    /// known here.
    @Test func sumsArePrintedOnceBeforeTheFirstError() throws {
        let flash = BootFlash.holding(BootFlash.image { $0.damage = .applicationBody })
        let pattern = /c_hash=0x[0-9a-f]{8} h_hash=0x[0-9a-f]{8}\r\ndcrc err\ndcrc err\n/
        #expect(console(.v1311, flash).text.wholeMatch(of: pattern) != nil)
        #expect(console(.v134, flash).text == "dcrc err\ndcrc err\n")
    }

    /// §2, app header: the body is checked only for magic 0x48787032.
    @Test(arguments: UBootVersion.allCases)
    func theOldMagicsBodyIsNotLookedAt(version: UBootVersion) {
        let flash = BootFlash.holding(
            BootFlash.image {
                $0.application?.magic = .old
                $0.damage = .applicationBody
            })
        let (text, loader) = console(version, flash)
        #expect(loader == "application")
        #expect(text == (version == .v140 ? Self.heapLine : ""))
    }

    /// §2, secure boot (eFuse 0x20 bit 2): the line of each version. That 1.4.0's comes after the heap line is ours.
    @Test(arguments: [
        (UBootVersion.v134, "secure boot\n"), (.v1311, "secure boot\r\n"), (.v140, heapLine + "secure boot\n"),
    ])
    func secureBootSaysSo(version: UBootVersion, text: String) {
        let found = console(version, BootFlash.good, control: 1 << 2)
        #expect(found.text == text)
        #expect(found.loader == "application")
    }

    /// §2: bad signature: `secure boot err` once a second, and 1.4.0 silent.
    @Test(arguments: [
        (UBootVersion.v134, "secure boot\n" + "secure boot err\nsecure boot err\n"),
        (.v1311, "secure boot\r\n" + "secure boot err\nsecure boot err\n"), (.v140, heapLine + "secure boot\n"),
    ])
    func aBadSignatureIsAnError(version: UBootVersion, text: String) {
        let found = console(version, BootFlash.good, control: 1 << 2, signature: .bad)
        #expect(found.text == text)
        #expect(found.loader == "uboot \(version.rawValue)")
    }

    /// §2: the line comes only after header CRC and body hash were both good; eFuse 0x20 = `04 00 01 00`.
    @Test(arguments: [
        (UBootVersion.v134, FlashImageBuilder.Damage.applicationBody, "dcrc err\ndcrc err\n"),
        (.v134, .applicationHeader, "hcrc err\nhcrc err\nhcrc err\n"),
        (.v1311, .applicationHeader, "hcrc err\nhcrc err\nhcrc err\n"), (.v140, .applicationBody, heapLine),
        (.v140, .applicationHeader, heapLine),
    ])
    func secureBootComesAfterBothChecks(version: UBootVersion, damage: FlashImageBuilder.Damage, text: String) {
        let flash = BootFlash.holding(BootFlash.image { $0.damage = damage })
        #expect(console(version, flash, control: 0x0001_0004).text == text)
    }

    @Test func norDoesIt1311BeforeItsSums() {
        let flash = BootFlash.holding(BootFlash.image { $0.damage = .applicationBody })
        let text = console(.v1311, flash, control: 0x0001_0004).text
        #expect(text.hasPrefix("c_hash=") && text.hasSuffix("\r\ndcrc err\ndcrc err\n"))
    }

    @Test func withoutSecureBootNobodyLooksAtTheSignature() {
        #expect(console(.v134, BootFlash.good, signature: .bad).loader == "application")
    }

    /// §2: flash id FFFFFF: `no flash!`, no newline. What follows is ours: nothing is read, so the header is wrong.
    @Test(arguments: [
        (UBootVersion.v134, "no flash!hcrc err\n"), (.v1311, "no flash!hcrc err\n"), (.v140, "no flash!" + heapLine),
    ])
    func aMissingFlashIsMissed(version: UBootVersion, text: String) {
        let flash = BootFlash.holding(BootFlash.image(), id: .none)
        #expect(console(version, flash, start: .uboot).text.hasPrefix(text))
        #expect(console(version, flash).loader == "mask ROM, UART boot", "§1.2: empty")
    }
}
