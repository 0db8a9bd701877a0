import Emulator
import Testing
import Wire

/// The stand-in for flash encryption: the flag of ECR6600 facts §7, a cipher of ours.
@Suite struct EncryptionStandInTests {
    /// §7: b3, and a counter in b15:8 with an odd number of ones that is not FF.
    @Test(arguments: [
        (UInt32(0x0108), true), (0x0708, true), (0x0308, false), (0xFF08, false), (0x0008, false), (0x0100, false),
    ])
    func theFlagIsReadAsTheFactsHaveIt(control: UInt32, isEncrypted: Bool) {
        #expect(BootFlash.efuse(control: control).control.isFlashEncrypted == isEncrypted)
    }

    /// A stub writes one block of data at an address; what the flash holds then.
    private func stored(at address: UInt32, control: UInt32, _ encryption: ChipSettings.Encryption) -> [UInt8] {
        var tested = ChipUnderTest.communityStub(
            flashID: BootFlash.id, image: BootFlash.image(), efuse: BootFlash.efuse(control: control)
        ) { $0.encryption = encryption }
        let request = StubRequest(.xmodemWrite, address: address, length: 1024).bytes
        _ = tested.ask(request, for: .milliseconds(110))
        _ = tested.ask(CommunityXmodemTests.block(1, 0xAB), for: .milliseconds(10))
        return tested.chip.flash.bytes(Int(address)..<(Int(address) + 1024))
    }

    @Test func onlyWithFlagAndOptionItChangesWhatIsStored() {
        let plain = [UInt8](repeating: 0xAB, count: 1024)
        #expect(stored(at: 0x8000, control: 0x0108, .none) == plain)
        #expect(stored(at: 0x8000, control: 0, .standIn) == plain)
        #expect(stored(at: 0x8000, control: 0x0108, .standIn) != plain)
    }

    /// NV is stored plain: nv_amt in the 1 MB layout.
    @Test func nvStaysPlain() {
        #expect(stored(at: 0xF_E000, control: 0x0108, .standIn) == [UInt8](repeating: 0xAB, count: 1024))
    }

    /// What was written through the chip boots; the same flash without the key does not.
    @Test func theBootReadsWhatWasWritten() {
        let image = BootFlash.image()
        var settings = ChipSettings()
        settings.start = .stub
        settings.timing = .brisk
        settings.encryption = .standIn
        let efuse = BootFlash.efuse(control: 0x0108)
        var tested = ChipUnderTest(Chip(settings: settings, flash: BootFlash.holding([]), efuse: efuse))
        tested.run(for: .milliseconds(100))
        for sector in stride(from: 0, to: 0x9000, by: 4096) {
            let request = StubRequest(.xmodemWrite, address: UInt32(sector), length: 4096).bytes
            _ = tested.ask(request, for: .milliseconds(110))
            for number in 1...4 {
                let start = sector + (number - 1) * 1024
                var block: [UInt8] = []
                XMODEM.appendBlock(number: UInt8(number), data: Array(image[start..<(start + 1024)]).span, to: &block)
                #expect(tested.ask(block, for: .milliseconds(5)) == [0x06])
            }
            _ = tested.ask([0x04], for: .milliseconds(5))
        }
        #expect(tested.chip.flash.bytes(0..<0x1000) == Array(image[0..<0x1000]), "the table stays plain")
        #expect(tested.chip.flash.bytes(0x1000..<0x2000) != Array(image[0x1000..<0x2000]))
        var booted = ChipUnderTest.booting(tested.chip.flash, efuse: efuse) { $0.encryption = .standIn }
        booted.run(for: .seconds(2))
        #expect(booted.chip.loaderName == "application")
        var plain = ChipUnderTest.booting(tested.chip.flash)
        plain.run(for: .seconds(2))
        #expect(plain.chip.loaderName == "mask ROM, UART boot")
    }
}
