import Emulator
import Line
import Testing
import Wire

/// 01 and 02 with their data frames on the community stub: ECR6600 facts §4.2, §4.3, §10.
@Suite struct FrameDownloadTests {
    private static let ok: [UInt8] = [0x5A, 2, 0, 0, 0, 0x5C]
    private static let badSum: [UInt8] = [0x5A, 2, 0, 0, 5, 0x61]

    private func writing(_ address: UInt32, _ length: UInt32) -> ChipUnderTest {
        var tested = ChipUnderTest.communityStub()
        #expect(tested.ask(StubRequest(.flashDownload, address: address, length: length).bytes) == Self.ok)
        return tested
    }

    private func data(_ bytes: [UInt8], again: Bool = false, spoilt: Bool = false) -> [UInt8] {
        var frame = StubRequest.data(.flashDownload, again: again, bytes).bytes
        if spoilt { frame[frame.count - 1] &+= 1 }
        return frame
    }

    @Test func framesFollowOneAnother() {
        var tested = writing(0x1000, 600)
        #expect(tested.ask(data([UInt8](repeating: 1, count: 400))) == Self.ok)
        #expect(tested.ask(data([UInt8](repeating: 2, count: 200))) == Self.ok)
        #expect(tested.chip.flash.bytes(0x1000..<0x1190).allSatisfy { $0 == 1 })
        #expect(tested.chip.flash.bytes(0x1190..<0x1258).allSatisfy { $0 == 2 })
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "the announced length is used up")
    }

    /// §4.3: a frame with a bad sum is written all the same and advances; with flag 1 it is sent again.
    @Test func aBadSumIsWrittenAndMended() {
        var tested = writing(0x1000, 512)
        #expect(tested.ask(data([UInt8](repeating: 0xF0, count: 256), spoilt: true)) == Self.badSum)
        #expect(tested.chip.flash.bytes(0x1000..<0x1100).allSatisfy { $0 == 0xF0 })
        #expect(tested.ask(data([UInt8](repeating: 0xF0, count: 256), again: true)) == Self.ok)
        #expect(tested.ask(data([UInt8](repeating: 0x0F, count: 256))) == Self.ok)
        #expect(tested.chip.flash.bytes(0x1100..<0x1200).allSatisfy { $0 == 0x0F })
    }

    /// §4.3 [X]: a bad sum on the last frame cannot be mended: the resend is read as a start command, answered with 00,
    /// and then only data frames are read.
    @Test func aBadLastFrameCannotBeMended() {
        var tested = writing(0x1000, 16)
        #expect(tested.ask(data([UInt8](repeating: 0, count: 16), spoilt: true)) == Self.badSum)
        // Flag 01 and seven zeros: address 1, length 0.
        #expect(tested.ask(data([UInt8](repeating: 0, count: 16), again: true)) == Self.ok)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35], for: .seconds(60)).isEmpty)
    }

    /// §4.3: length 0 in the start frame waits for frames for ever.
    @Test func lengthZeroWaitsForEver() {
        var tested = writing(0x1000, 0)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35], for: .seconds(60)).isEmpty)
        #expect(tested.ask(data([1, 2, 3, 4])) == Self.ok, "and takes them")
    }

    /// §4.3: byte 0 must be A5 and byte 1 the command, else it starts over.
    @Test func resynchronisesInTheLoop() {
        var tested = writing(0x1000, 4)
        #expect(tested.ask([0x00, 0xA5, 0x01, 0x02] + data([9, 9, 9, 9])) == Self.ok)
        #expect(tested.chip.flash.bytes(0x1000..<0x1004) == [9, 9, 9, 9])
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

    /// §10: more than 4 KB written at address 0 with 02 is undefined; the option decides.
    @Test(arguments: [ChipSettings.Undefined.silent, .reset])
    func moreThan4KBAtAddress0IsUndefined(choice: ChipSettings.Undefined) {
        var tested = ChipUnderTest.communityStub { $0.undefined = choice }
        _ = tested.ask(StubRequest(.flashDownload, address: 0, length: 8192).bytes)
        #expect(tested.ask(data([UInt8](repeating: 0, count: 4096))) == Self.ok)
        _ = tested.ask(data([UInt8](repeating: 0, count: 4)))
        let notes = tested.chip.takeEvents().filter { if case .note = $0.kind { true } else { false } }
        #expect(!notes.isEmpty)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).isEmpty == (choice == .silent))
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

/// §4.4.
@Suite struct ErasePatternTests {
    /// The time tells which commands were used: 0x7000 + 0x11AA68 is 1×4K, 1×32K, 17×64K, 2×4K.
    @Test func theExampleOfTheFacts() {
        var tested = ChipUnderTest.communityStub(timing: .wire) { $0.timing.pacesCharacters = false }
        let flash = tested.chip.settings.timing.flash
        let expected = flash.sectorErase * 3 + flash.block32Erase + flash.block64Erase * 17
        let asked = tested.now
        tested.give(StubRequest(.flashDownload, address: 0x7000, length: 0x11AA68).bytes)
        tested.run(for: .seconds(30))
        let took = asked.duration(to: tested.sent.last?.start ?? .zero)
        #expect(took >= expected && took < expected + .milliseconds(5), "\(took)")
    }

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
