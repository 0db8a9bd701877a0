import Emulator
import Testing
import Wire

/// 01 and 02 with their data frames, beyond the tables of `StubFactTests`: ECR6600 facts §4.3, §10.
@Suite struct FrameDownloadTests {
    private static let ok: [UInt8] = [0x5A, 2, 0, 0, 0, 0x5C]

    private func writing(_ address: UInt32, _ length: UInt32) -> ChipUnderTest {
        var tested = ChipUnderTest.communityStub()
        #expect(tested.ask(StubRequest(.flashDownload, address: address, length: length).bytes) == Self.ok)
        return tested
    }

    private func data(_ bytes: [UInt8]) -> [UInt8] {
        StubRequest.data(.flashDownload, again: false, bytes).bytes
    }

    @Test func framesFollowOneAnother() {
        var tested = writing(0x1000, 600)
        #expect(tested.ask(data([UInt8](repeating: 1, count: 400))) == Self.ok)
        #expect(tested.ask(data([UInt8](repeating: 2, count: 200))) == Self.ok)
        #expect(tested.chip.flash.bytes(0x1000..<0x1190).allSatisfy { $0 == 1 })
        #expect(tested.chip.flash.bytes(0x1190..<0x1258).allSatisfy { $0 == 2 })
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "the announced length is used up")
    }

    /// §4.3: what crosses a page from an address whose distance to it is no multiple of 4 loses all behind the boundary;
    /// the community stub says 00 all the same.
    @Test(arguments: [(0x10FE, 8, 2), (0x10FC, 8, 8), (0x10F1, 8, 8), (0x1001, 1024, 255)])
    func unalignedFramesLoseWhatCrossesAPage(address: UInt32, count: Int, programmed: Int) {
        var tested = writing(0x1000, 0)
        // A first frame moves the position to where the interesting one begins.
        #expect(tested.ask(data([UInt8](repeating: 0xFF, count: Int(address) - 0x1000))) == Self.ok)
        #expect(tested.ask(data([UInt8](repeating: 0, count: count))) == Self.ok)
        let start = Int(address)
        let cells = tested.chip.flash.bytes(start..<(start + count))
        #expect(cells.prefix(programmed).allSatisfy { $0 == 0 })
        #expect(cells.dropFirst(programmed).allSatisfy { $0 == 0xFF })
    }

    /// §10: more than 4 KB written at address 0 with 02 is undefined in the community stub; the option decides.
    @Test(arguments: [ChipSettings.Undefined.silent, .reset])
    func moreThan4KBAtAddress0IsUndefined(choice: ChipSettings.Undefined) {
        var tested = ChipUnderTest.communityStub { $0.undefined = choice }
        _ = tested.ask(StubRequest(.flashDownload, address: 0, length: 8192).bytes)
        #expect(tested.ask(data([UInt8](repeating: 0, count: 4096))) == Self.ok)
        #expect(tested.ask(data([UInt8](repeating: 0, count: 4))).isEmpty)
        let notes = tested.chip.takeEvents().filter { if case .note = $0.kind { true } else { false } }
        #expect(!notes.isEmpty)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).isEmpty == (choice == .silent))
    }

    /// §10 with §4.3: a frame that is sent again takes the place of the one before; 4 KB stay 4 KB.
    @Test func aFrameSentAgainAtAddress0IsNoMore() {
        var tested = ChipUnderTest.communityStub()
        let half = [UInt8](repeating: 0x55, count: 2048)
        _ = tested.ask(StubRequest(.flashDownload, address: 0, length: 4096).bytes)
        var spoiled = data(half)
        spoiled[spoiled.count - 1] ^= 1
        #expect(tested.ask(spoiled) == [0x5A, 0x02, 0x00, 0x00, 0x05, 0x61])
        #expect(tested.ask(StubRequest.data(.flashDownload, again: true, half).bytes) == Self.ok)
        #expect(tested.ask(data(half)) == Self.ok)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).count == 10, "it goes on taking commands")
    }

    /// §4.3: in 01 a resend takes the place of the frame before, and counts as one more; command 98 shows the RAM.
    @Test func aFrameSentAgainIntoRAM() {
        var tested = ChipUnderTest.communityStub()
        let ok: [UInt8] = [0x5A, 1, 0, 0, 0, 0x5B]
        #expect(tested.ask(StubRequest(.ramDownload, address: 0x30000, length: 8).bytes) == ok)
        #expect(tested.ask(StubRequest.data(.ramDownload, again: false, [1, 2, 3, 4]).bytes) == ok)
        #expect(tested.ask(StubRequest.data(.ramDownload, again: true, [5, 6, 7, 8]).bytes) == ok)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).count == 10, "eight bytes have come")
        _ = tested.ask(StubRequest(.xmodemReadMemory, address: 0x30000, length: 8).bytes)
        #expect(Array(tested.ask([0x43], for: .milliseconds(1))[3..<11]) == [5, 6, 7, 8, 0, 0, 0, 0])
    }

    /// §4.2, 01: RAM, which command 98 shows.
    @Test func ramDownload() {
        var tested = ChipUnderTest.communityStub()
        #expect(
            tested.ask(StubRequest(.ramDownload, address: 0x20000, length: 4).bytes) == [0x5A, 1, 0, 0, 0, 0x5B])
        #expect(
            tested.ask(StubRequest.data(.ramDownload, again: false, [7, 8, 9, 10]).bytes) == [0x5A, 1, 0, 0, 0, 0x5B])
        _ = tested.ask(StubRequest(.xmodemReadMemory, address: 0x20000, length: 4).bytes)
        #expect(Array(tested.ask([0x43], for: .milliseconds(1))[3..<7]) == [7, 8, 9, 10])
    }
}

/// §4.4; the commands that each range takes stand in `DivisorAndEraseFactTests`.
@Suite struct ErasePatternTests {
    @Test func onlyWholeSectorsAndNothingFromAnUnalignedAddress() {
        let image = [UInt8](repeating: 0x11, count: 0x10000)
        var tested = ChipUnderTest.communityStub(image: image)
        #expect(tested.ask(StubRequest(.erase, address: 0x1004, length: 0x1000).bytes) == [0x5A, 4, 0, 0, 0, 0x5E])
        #expect(
            tested.chip.flash.contents.prefix(0x10000).allSatisfy { $0 == 0x11 }, "an unaligned erase erases nothing")
        _ = tested.ask(StubRequest(.erase, address: 0x1000, length: 1).bytes)
        #expect(tested.chip.flash.bytes(0x1000..<0x2000).allSatisfy { $0 == 0xFF }, "the length is rounded up")
        #expect(tested.chip.flash.bytes(0x2000..<0x3000).allSatisfy { $0 == 0x11 })
    }
}
