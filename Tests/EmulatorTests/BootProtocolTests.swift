import Emulator
import Testing
import Words

/// Mask ROM and uboot against ECR6600 facts §1.3, §1.4 and §3.
@Suite struct BootProtocolTests {
    /// §1.4, the table: what the window accepts.
    struct Row: CustomTestStringConvertible {
        var section: String
        var host: [UInt8]
        var chip: [UInt8]
        var testDescription: String { "\(section): \(hexBytes(host.prefix(20)))" }
    }

    static let sync: [UInt8] = [0x63, 0x6E, 0x79, 0x73]

    static func header(type: UInt8 = 1, address: UInt8 = 0, length: UInt16) -> [UInt8] {
        [type, 0, 0, 0, 0, 0, address, 0, UInt8(length & 0xFF), UInt8(length >> 8), 0, 0]
    }

    /// The host's parts are given one after the other, each once the chip has answered.
    @Test(
        arguments: [
            ("cnys is answered with 01, never 02", [sync], [0x01]),
            ("a header of type 1 is answered with 00", [sync, header(length: 10)], [0x01, 0x00]),
            ("the address is ignored", [sync, header(address: 9, length: 10)], [0x01, 0x00]),
            ("a header of another type is answered with FF", [sync, header(type: 2, length: 10)], [0x01, 0xFF]),
            (
                "after FF the next 12 bytes are read, no resync",
                [sync, header(type: 2, length: 10), header(length: 9)],
                [0x01, 0xFF, 0x00]
            ),
            (
                "a stream of cnys gives one FF per 12 bytes", [sync, sync + sync + sync, sync + sync + sync],
                [0x01, 0xFF, 0xFF]
            ),
            (
                "a piece of 1024 bytes is answered with 00",
                [sync, header(length: 1025), [UInt8](repeating: 7, count: 1024)],
                [0x01, 0x00, 0x00]
            ),
            (
                "each piece is answered, the shorter last one too",
                [sync, header(length: 1025), [UInt8](repeating: 7, count: 1025)],
                [0x01, 0x00, 0x00, 0x00]
            ),
            ("len 0: 00 00", [sync, header(length: 0)], [0x01, 0x00, 0x00]),
            ("cccnys is taken", [Array("cccnys".utf8)], [0x01]),
            ("cncnys is not", [Array("cncnys".utf8)], []),
        ] as [(String, [[UInt8]], [UInt8])])
    func maskROMSpeaksUBootsProtocol(what: String, host: [[UInt8]], chip: [UInt8]) {
        #expect(answers(to: host, start: .rom) == chip, "§1.4, §3: \(what)")
    }

    @Test(arguments: UBootVersion.allCases)
    func ubootAcceptsSyncInItsWindow(version: UBootVersion) {
        #expect(answers(to: [Self.sync, Self.header(length: 4)], start: .uboot, version) == [0x01, 0x00], "§1.4")
    }

    @Test(arguments: UBootVersion.allCases)
    func ubootKnowsAmt(version: UBootVersion) {
        #expect(
            answers(to: [Array("amt_0000005".utf8)], start: .uboot, version).starts(with: [0x4F, 0x4B]), "§1.4: OK")
        #expect(
            answers(to: [Array("amt_000000x".utf8)], start: .uboot, version) == [0x46, 0x41, 0x49, 0x4C, 0x45],
            "§1.4: FAILE")
        #expect(
            answers(to: [Array("amt_000000x".utf8), Self.header(length: 4)], start: .uboot, version)
                == [0x46, 0x41, 0x49, 0x4C, 0x45, 0x00],
            "§1.4: falls into the 12-byte loop")
    }

    @Test func maskROMDoesNotKnowAmt() {
        #expect(answers(to: [Array("amt_0000005".utf8)], start: .rom).isEmpty, "§3: without the amt_ branch")
    }

    /// §1.3: the FIFO is not cleared before the window, so what came earlier counts.
    @Test func earlySyncStillCounts() {
        var tested = chip(start: .uboot, .v1311)
        tested.run(for: ChipTiming.wire.powerUp + ChipTiming.wire.romToUBoot + .milliseconds(10))
        #expect(tested.ask(Self.sync, for: .seconds(1)).first == 0x01)
    }

    private func chip(start: ChipSettings.Start, _ version: UBootVersion = .v140) -> ChipUnderTest {
        var settings = ChipSettings()
        settings.start = start
        settings.uboot = version
        settings.timing.pacesCharacters = false
        return ChipUnderTest(Chip(settings: settings, flash: BootFlash.good))
    }

    private func answers(
        to host: [[UInt8]], start: ChipSettings.Start, _ version: UBootVersion = .v140,
        for duration: Duration = .milliseconds(60)
    ) -> [UInt8] {
        var tested = chip(start: start, version)
        let untilListening = start == .rom || version == .v140 ? Duration.milliseconds(30) : .milliseconds(330)
        tested.run(for: untilListening)
        return host.flatMap { tested.ask($0, for: duration) }
    }
}
