import Emulator
import Images
import Testing
import Wire

/// `--uboot auto` on a vendor's uboot, which is told by the texts in its body: ECR6600 facts §6, §2. The bodies are made
/// here, of nothing but those texts.
@Suite struct UBootTextTests {
    /// What each version prints (§2), as C holds it.
    private static let texts: [(version: UBootVersion, body: [String])] = [
        (
            .v134,
            [
                "secure boot\n", "hcrc err\n", "dcrc err\n", "secure boot err\n", "partition err\n", "uboot err\n",
                "OTA:%d%%\r\n", "no flash!",
            ]
        ),
        (
            .v1311,
            [
                "c_hash=0x%08x h_hash=0x%08x\r\n", "secure boot\r\n", "hcrc err\n", "dcrc err\n", "secure boot err\n",
                "partition err\n", "uboot err\n", "OTA:%d%%\r\n", "no flash!",
            ]
        ),
        (.v140, ["secure boot\n", "no flash!", "ty_heap init error", "\nty heap base: %x size: %d\n"]),
    ]

    private static func body(_ texts: [String]) -> [UInt8] {
        let strings = texts.flatMap { text -> [UInt8] in Array(text.utf8) + [0] }
        return [UInt8](repeating: 0, count: 0x54) + strings + [UInt8](repeating: 0, count: 0xC00)
    }

    /// A chip whose flash has a table, this uboot and no application.
    private static func booting(_ body: [UInt8], start: ChipSettings.Start = .flash) -> ChipUnderTest {
        let image = BootFlash.image {
            $0.ubootBody = body
            $0.application = nil
        }
        return ChipUnderTest.booting(BootFlash.holding(image)) { $0.start = start }
    }

    private static func notes(_ tested: inout ChipUnderTest) -> [String] {
        tested.chip.takeEvents().compactMap { event in
            switch event.kind {
            case .note(let text), .recognised(let text): text
            default: nil
            }
        }
    }

    @Test(arguments: texts) func theTextsTellTheVersion(version: UBootVersion, body: [String]) {
        var tested = Self.booting(Self.body(body))
        tested.run(for: .milliseconds(30))
        #expect(tested.chip.loaderName == "uboot \(version.rawValue)")
        let told = Self.notes(&tested).filter { $0.contains("runs as \(version.rawValue)") }
        #expect(told.count == 1 && !told[0].contains("assumption"), "\(told)")
    }

    /// §2: `hcrc err` at once and every second, and a sync word is answered all the time; 1.4.0: the heap line, then silence
    /// for ever.
    @Test(arguments: texts) func itBehavesAsThatVersion(version: UBootVersion, body: [String]) {
        var tested = Self.booting(Self.body(body))
        tested.run(for: .milliseconds(2500))
        let heard = String(decoding: tested.heard(), as: UTF8.self)
        let isOldLine = version == .v140
        #expect(
            heard == (isOldLine ? "\nty heap base: 1f000 size: 196352\n" : "hcrc err\nhcrc err\nhcrc err\n"))
        #expect(tested.ask(BootProtocolTests.sync, for: .seconds(60)) == (isOldLine ? [] : [0x01]))
    }

    /// Our own placeholder names its version, whatever texts are behind the name.
    @Test func aPlaceholdersNameGoesFirst() {
        var tested = Self.booting(PlaceholderUBoot.body(version: "1.3.4", filling: Self.body(Self.texts[2].body)))
        tested.run(for: .milliseconds(30))
        #expect(tested.chip.loaderName == "uboot 1.3.4")
    }

    @Test func theSettingGoesBeforeTheTexts() {
        var tested = ChipUnderTest.booting(
            BootFlash.holding(BootFlash.image { $0.ubootBody = Self.body(Self.texts[0].body) })
        ) { $0.uboot = .v140 }
        tested.run(for: .milliseconds(30))
        #expect(tested.chip.loaderName == "uboot 1.4.0")
    }

    /// Texts behind the body are another program's.
    @Test func onlyTheBodyCounts() {
        var image = BootFlash.image {
            $0.ubootBody = [UInt8](repeating: 0, count: 0x400)
            $0.application = nil
        }
        image.replaceSubrange(0x2000..<0x2008, with: Array("hcrc err".utf8))
        var tested = ChipUnderTest.booting(BootFlash.holding(image))
        tested.run(for: .milliseconds(30))
        #expect(tested.chip.loaderName == "uboot 1.4.0")
        #expect(Self.notes(&tested).contains { $0.contains("unknown") && $0.contains("assumption") })
    }

    /// A body that its header makes longer than the flash is looked at as far as it is there.
    @Test func aBodyWithoutAnEndIsNoTrouble() {
        var image = BootFlash.image {
            $0.ubootBody = Self.body(Self.texts[1].body)
            $0.application = nil
        }
        for index in 0x1004..<0x1008 { image[index] = 0xFF }
        var tested = ChipUnderTest.booting(BootFlash.holding(image)) { $0.start = .uboot }
        tested.run(for: .milliseconds(30))
        #expect(tested.chip.loaderName == "uboot 1.3.11")
    }
}
