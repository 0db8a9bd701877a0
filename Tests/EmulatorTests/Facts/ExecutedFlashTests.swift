import Emulator
import Images
import Testing
import Wire

/// What the vendor's own code was seen to do to the flash, and to itself: ECR6600 facts §4.1, §4.3 and §10, the rows
/// marked [X].
@Suite struct ExecutedFlashTests {
    private static let syn: [UInt8] = [0xA5, 0, 4, 0, 0x63, 0x6E, 0x79, 0x73, 0x66]
    private static let ok: [UInt8] = [0x5A, 2, 0, 0, 0, 0x5C]

    private func data(_ bytes: [UInt8]) -> [UInt8] { StubRequest.data(.flashDownload, again: false, bytes).bytes }

    // MARK: §4.1

    /// "The erase is sent with that address, of which a part takes 24 bits modulo its size."
    @Test(arguments: StubFactTests.versions)
    func anEraseThatWrapsErasesTheLastSector(version: String) {
        var tested = ChipUnderTest.communityStub(image: [UInt8](repeating: 0x11, count: 2 << 20)) {
            $0.stub = StubFactTests.version(version)
        }
        let answer = tested.ask([0xA5, 4, 8, 0, 0x00, 0xF0, 0xFF, 0xFF, 0x00, 0x10, 0x00, 0x00, 0xAF])
        #expect(answer == [0x5A, 4, 0, 0, 0, 0x5E])
        let kept = [UInt8](repeating: 0x11, count: 0x1FF000)
        let isErased = tested.chip.flash.contents == kept + [UInt8](repeating: 0xFF, count: 0x1000)
        #expect(isErased, "the last sector, and nothing else")
    }

    /// "From start, `A5 04 02 00 00 10 BB` is an erase at 0x00BB1000 of length 0 → 02 (flashes up to 8 MB)".
    @Test(arguments: ["1440C8", "1540C8", "1640C8", "1740C8", "1840C8"], ["1.3.4", "1.3.11"])
    func aShortBodyTakesTheSumForAnAddress(id: String, version: String) throws {
        var tested = StubFactTests.stub(version, flashID: try #require(FlashID(id)))
        let status: UInt8 = id == "1840C8" ? 0 : 2
        #expect(tested.ask([0xA5, 4, 2, 0, 0, 0x10, 0xBB]) == [0x5A, 4, 0, 0, status, 0x5E + status])
    }

    // MARK: §10, more than 4 KB at address 0

    @Test(arguments: ["1.3.1", "1.3.4", "1.3.11", "1.4.0"])
    func fourBytesMoreThan4KB(version: String) {
        var tested = StubFactTests.stub(version)
        let bytes = (0..<4100).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(tested.ask([0xA5, 2, 8, 0, 0, 0, 0, 0, 0x04, 0x10, 0, 0, 0xC3]) == Self.ok)
        #expect(tested.ask(data(Array(bytes[..<4096]))) == Self.ok)
        #expect(tested.ask(data(Array(bytes[4096...]))) == Self.ok)
        #expect(tested.ask(Self.syn).starts(with: [0x5A, 0, 0, 0, 0]), "SYN is answered")
        #expect(tested.chip.flash.bytes(0..<4100) == bytes)
    }

    /// "1.3.1, 1.3.4 and 1.3.11 have none and write any length from 0 as anywhere else"; of 1.4.0 8192 bytes are the end.
    @Test(arguments: [("1.3.1", true), ("1.3.4", true), ("1.3.11", true), ("1.4.0", false), ("community", false)])
    func twice4KB(version: String, isWritten: Bool) {
        var tested = StubFactTests.stub(version)
        let page = [UInt8](repeating: 0x11, count: 4096)
        #expect(tested.ask(StubRequest(.flashDownload, address: 0, length: 8192).bytes) == Self.ok)
        #expect(tested.ask(data(page)) == Self.ok)
        #expect(tested.ask(data(page)) == (isWritten ? Self.ok : []))
        #expect(tested.ask(Self.syn, for: .seconds(60)).isEmpty == !isWritten)
    }

    // MARK: §4.3, what 1.3.11 keeps behind its buffer

    private static let eraseOK: [UInt8] = [0x5A, 4, 0, 0, 0, 0x5E]
    private static let eraseOutside: [UInt8] = [0x5A, 4, 0, 0, 2, 0x60]

    /// 1.3.11 after an upload of so many bytes from address 0.
    private func overrun(by count: Int, image: [UInt8]) -> ChipUnderTest {
        var tested = ChipUnderTest.communityStub(image: image) { $0.stub = .vendor1311 }
        let answer = tested.ask(StubRequest(.flashUpload, address: 0, length: UInt32(count)).bytes)
        #expect(answer.count == count + 6, "the whole answer")
        return tested
    }

    /// 0x2000 bytes from the last sector on: beyond the end of 2 MB. With a flash of FF the length's low byte of 240A is the
    /// last that changes nothing but the size's own low byte.
    @Test(arguments: [
        (0x2400, false), (0x2409, false), (0x240A, false), (0x240B, false), (0x240C, true), (0x2410, true),
    ])
    func theSizeIsOverwrittenByteForByte(count: Int, passes: Bool) {
        var tested = overrun(by: count, image: [])
        let erase: [UInt8] = [0xA5, 4, 8, 0, 0x00, 0xF0, 0x1F, 0x00, 0x00, 0x20, 0x00, 0x00, 0xE0]
        #expect(tested.ask(erase) == (passes ? Self.eraseOK : Self.eraseOutside))
    }

    /// "From 0x2410 on the size is what the flash held (FF FF FF FF: nothing is refused; 00 00 00 00: everything is)".
    @Test func theSizeIsWhatTheFlashHeld() {
        var tested = overrun(by: 0x2410, image: [UInt8](repeating: 0, count: 0x3000))
        #expect(tested.ask(StubRequest(.erase, address: 0, length: 1).bytes) == Self.eraseOutside)
        #expect(tested.ask(StubRequest(.flashUpload, address: 0, length: 4).bytes) == [0x5A, 3, 0, 0, 2, 0x5F])
        tested = overrun(by: 0x2410, image: [])
        #expect(tested.ask(StubRequest(.erase, address: 0xFFFF_F000, length: 0xFFF).bytes) == Self.eraseOK)
        #expect(tested.ask(StubRequest(.flashUpload, address: 0x40_0000, length: 4).bytes).count == 10)
    }

    /// "0x3817 on a flash of FF: erase and 02's start are answered, the first data frame never"; one byte less is harmless.
    @Test(arguments: [(0x3816, true), (0x3817, false), (0x4000, false)])
    func anotherSPIModeHangsAtTheFirstDataFrame(count: Int, works: Bool) {
        var tested = overrun(by: count, image: [])
        #expect(tested.ask(StubRequest(.erase, address: 0x1FF000, length: 0x2000).bytes) == Self.eraseOK)
        #expect(tested.ask(StubRequest(.flashDownload, address: 0x10000, length: 4).bytes) == Self.ok)
        #expect(tested.ask(data([1, 2, 3, 4])) == (works ? Self.ok : []))
        #expect(tested.ask(Self.syn, for: .seconds(60)).isEmpty == !works)
    }

    /// "SPI mode 0, 1, 2 work; 3 hangs at 02's start; any other hangs at the first data frame".
    @Test(arguments: [UInt8(0), 1, 2, 3, 4, 0xFF])
    func theModeIsWhatTheFlashHeld(mode: UInt8) {
        var image = [UInt8](repeating: 0xFF, count: 0x4000)
        for (index, byte) in [mode, 0, 0, 0].enumerated() { image[0x3818 + index] = byte }
        var tested = overrun(by: 0x381C, image: image)
        let start = tested.ask(StubRequest(.flashDownload, address: 0x10000, length: 4).bytes)
        #expect(start == (mode == 3 ? [] : Self.ok))
        #expect(tested.ask(data([1, 2, 3, 4])) == (mode < 3 ? Self.ok : []))
        #expect(tested.ask(Self.syn, for: .seconds(60)).isEmpty == (mode >= 3))
    }

    /// A hang was seen and is not undefined: the option has no say in it.
    @Test func aHangIsNoChoice() {
        var image = [UInt8](repeating: 0xFF, count: 0x4000)
        image[0x3818] = 7
        var tested = ChipUnderTest.communityStub(image: image) {
            $0.stub = .vendor1311
            $0.undefined = .reset
        }
        _ = tested.ask(StubRequest(.flashUpload, address: 0, length: 0x3819).bytes)
        _ = tested.ask(StubRequest(.flashDownload, address: 0x10000, length: 4).bytes)
        #expect(tested.ask(data([1, 2, 3, 4])).isEmpty)
        #expect(tested.ask(Self.syn, for: .seconds(60)).isEmpty)
    }

    /// What a part does with an address beyond its end is the part's: it takes it modulo its size.
    @Test func aFrameBeyondTheEndBeginsAgainAtTheStart() {
        var tested = StubFactTests.stub("1.3.4")
        #expect(tested.ask(StubRequest(.flashDownload, address: 0x1FF000, length: 0x1000).bytes) == Self.ok)
        #expect(tested.ask(data([UInt8](repeating: 0x0F, count: 0x1004))) == Self.ok)
        #expect(tested.chip.flash.bytes(0x1FF000..<0x200000).allSatisfy { $0 == 0x0F })
        // "abc" and FF were there, and programming only clears bits.
        #expect(tested.chip.flash.bytes(0..<5) == [0x01, 0x02, 0x03, 0x0F, 0xFF])
    }
}
