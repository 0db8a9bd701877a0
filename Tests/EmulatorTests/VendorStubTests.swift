import Emulator
import Images
import Line
import Testing
import Wire

/// What tells the vendor's stubs from each other beyond single answers: ECR6600 facts §4, §4.1, §4.2 and §4.3. The
/// answers stand row by row in `StubFactTests`.
@Suite struct VendorStubTests {
    private static let eraseOK: [UInt8] = [0x5A, 4, 0, 0, 0, 0x5E]
    private static let eraseOutside: [UInt8] = [0x5A, 4, 0, 0, 2, 0x60]

    private func stub(
        _ version: StubImage.Version, flashID: FlashID = .gd25q16e, image: [UInt8] = [],
        adjust: (inout ChipSettings) -> Void = { _ in }
    ) -> ChipUnderTest {
        ChipUnderTest.communityStub(flashID: flashID, image: image) {
            $0.stub = version
            adjust(&$0)
        }
    }

    private func upload(_ address: UInt32, _ length: UInt32) -> [UInt8] {
        StubRequest(.flashUpload, address: address, length: length).bytes
    }

    private func erase(_ address: UInt32, _ length: UInt32) -> [UInt8] {
        StubRequest(.erase, address: address, length: length).bytes
    }

    // MARK: §4, the start

    /// TH25Q16HB, of manufacturer EB (§5).
    private static let checked = FlashID(manufacturer: 0xEB, type: 0x60, sizeCode: 0x15)

    @Test func withoutFactoryDataItComplainsEverySecond() {
        var tested = stub(.vendor1311, flashID: Self.checked)
        let complaint = Array("ft error!\r\n".utf8)
        #expect(tested.heard() == complaint)
        #expect(tested.ask([0xA5, 0, 4, 0, 0x63, 0x6E, 0x79, 0x73, 0x66], for: .milliseconds(800)).isEmpty)
        tested.run(for: .milliseconds(3200))
        #expect(tested.heard() == complaint + complaint + complaint + complaint, "and it takes no command")
    }

    @Test func withFactoryDataItWorks() {
        var tested = stub(.vendor1311, flashID: Self.checked) { $0.hasFactoryData = true }
        #expect(tested.heard().isEmpty)
        #expect(tested.ask(erase(0, 0x1000)) == Self.eraseOK)
    }

    @Test(arguments: [StubImage.Version.vendor134, .vendor140, .community])
    func noOtherStubChecks(version: StubImage.Version) {
        var tested = stub(version, flashID: Self.checked)
        #expect(tested.heard().isEmpty)
        #expect(tested.ask(erase(0, 0x1000)) == Self.eraseOK)
    }

    /// `id:%x` writes no zero in front.
    @Test func theIdIsWrittenAsAFormatWould() {
        var tested = stub(.vendor134, flashID: FlashID(manufacturer: 0xEF, type: 0x40, sizeCode: 0x09))
        #expect(tested.heard() == Array("id:940ef".utf8))
    }

    /// §4.1: 1.3.1 is a version of its own: 1.3.4 without 09, and with fewer sizes.
    @Test func theOldestIsAVersionOfItsOwn() {
        var tested = stub(.vendor131)
        #expect(tested.chip.loaderName == "stub vendor-1.3.1")
        let notes = tested.chip.takeEvents().filter { if case .note = $0.kind { true } else { false } }
        #expect(notes.isEmpty, "nothing about it is assumed")
        #expect(tested.ask([0xA5, 9, 8, 0]) == [0x5A, 0xFF, 0, 0, 3, 0x5C], "right behind the head")
    }

    // MARK: §4.1, bodies

    /// "Body longer than 8 B (64 B in 1.3.11) overruns a stack buffer – undefined": here it says nothing any more.
    @Test(arguments: [
        (StubImage.Version.vendor131, 8), (.vendor134, 8), (.vendor140, 8), (.community, 8), (.vendor1311, 64),
    ])
    func longerBodiesAreUndefined(version: StubImage.Version, room: Int) {
        var tested = stub(version)
        let body = [UInt8](repeating: 0, count: room)
        #expect(tested.ask(StubRequest(.erase, body: body).bytes) == Self.eraseOK)
        #expect(tested.ask(StubRequest(.erase, body: body + [0]).bytes).isEmpty)
        #expect(tested.ask(erase(0, 0x1000), for: .seconds(60)).isEmpty)
    }

    /// A start that is a resent last frame may be long (§4.3), in 1.3.11 as long as its buffer.
    @Test(arguments: [(4096, true), (0x1402, true), (0x1403, false)])
    func aResentLastFrameFitsIntoTheBuffer(count: Int, isAnswered: Bool) {
        var tested = stub(.vendor1311)
        let frame = StubRequest.data(.flashDownload, again: true, [UInt8](repeating: 0, count: count)).bytes
        #expect(tested.ask(frame) == (isAnswered ? [0x5A, 2, 0, 0, 0, 0x5C] : []))
    }

    // MARK: §4.2, delays

    @Test(arguments: StubFactTests.versions)
    func baudAnswersAfter50msAtTheNewRate(name: String) {
        var tested = stub(StubFactTests.version(name))
        let asked = tested.now
        // 2,000,000 = 0x1E8480
        tested.give([0xA5, 7, 4, 0, 0x80, 0x84, 0x1E, 0x00, 0xD2])
        #expect(tested.chip.receiverClock(at: asked).rate.baud == 2_000_000, "at once; §4.3: 8 × 5 is exact")
        tested.run(for: .milliseconds(49))
        #expect(tested.heard().isEmpty)
        tested.run(for: .milliseconds(1))
        #expect(tested.heard() == [0x5A, 7, 0, 0, 0, 0x61])
        #expect(tested.sent.last?.rate.baud == 2_000_000)
        #expect(asked.duration(to: tested.sent.last?.start ?? .zero) == .milliseconds(50))
    }

    @Test(arguments: StubFactTests.versions)
    func runGoesBackTo115200After10ms(name: String) {
        var tested = stub(StubFactTests.version(name))
        _ = tested.ask([0xA5, 7, 4, 0, 0x80, 0x84, 0x1E, 0x00, 0xD2])
        #expect(tested.ask([0xA5, 6, 0, 0, 0xAB], for: .milliseconds(1)) == [0x5A, 6, 0, 0, 0, 0x60])
        let answered = tested.sent.last?.start ?? .zero
        #expect(tested.sent.last?.rate.baud == 2_000_000, "the answer comes at the rate of the command")
        #expect(tested.chip.receiverClock(at: answered.advanced(by: .microseconds(9_900))).rate.baud == 2_000_000)
        #expect(tested.chip.receiverClock(at: answered.advanced(by: .microseconds(10_100))).rate.baud == 114_943)
    }

    /// "If flash_boot returns after RUN: every 2 s an 18-byte write".
    @Test(arguments: [
        (StubImage.Version.vendor134, "no fla"), (.vendor140, "no fla"), (.vendor1311, "ft err"),
    ])
    func complainsEvery2sWhenTheBootReturns(version: StubImage.Version, rest: String) {
        var tested = stub(version) { $0.flashBootReturns = true }
        #expect(tested.ask([0xA5, 6, 0, 0, 0xAB], for: .milliseconds(5)) == [0x5A, 6, 0, 0, 0, 0x60])
        let complaint: [UInt8] =
            [0x73, 0x74, 0x75, 0x62, 0x20, 0x65, 0x72, 0x72, 0x21, 0x0A, 0x00, 0x00] + Array(rest.utf8)
        #expect(complaint.count == 18)
        tested.run(for: .milliseconds(1900))
        #expect(tested.heard() == complaint)
        tested.run(for: .seconds(2))
        #expect(tested.heard() == complaint)
    }

    // MARK: §4.3, long uploads and long frames; what they do to 1.3.11 stands in `ExecutedFlashTests`

    @Test(arguments: [StubImage.Version.vendor131, .vendor134, .vendor140, .community])
    func theOthersUploadAnyLength(version: StubImage.Version) {
        var tested = stub(version, image: [UInt8](repeating: 0, count: 2 << 20))
        // Two frames: 64 KB with its length 0000, and 1 byte.
        let answer = tested.ask(upload(0, 0x10001))
        #expect(answer.count == 65542 + 7)
        #expect(Array(answer.prefix(4)) == [0x5A, 3, 0, 0])
        #expect(Array(answer.suffix(7)) == [0x5A, 3, 1, 0, 0, 0, 0x5E])
        #expect(tested.ask(erase(0x1FF000, 0x1001)) == Self.eraseOutside)
    }

    /// Writes one frame of so many bytes. - Returns: what the stub answers to it.
    private func write(_ count: Int, to tested: inout ChipUnderTest) -> [UInt8] {
        #expect(
            tested.ask(StubRequest(.flashDownload, address: 0x10000, length: UInt32(count)).bytes)
                == [0x5A, 2, 0, 0, 0, 0x5C])
        let data = [UInt8](repeating: 0x11, count: count)
        return tested.ask(StubRequest.data(.flashDownload, again: false, data).bytes)
    }

    /// "1.3.11 only 5 KB (0x60014..0x6141B): use ≤ 4096+1". The whole frame lies there, from its A5 to its sum (§4.1).
    @Test func framesBeyond5KBAreUndefined() {
        var tested = stub(.vendor1311)
        #expect(write(4096, to: &tested) == [0x5A, 2, 0, 0, 0, 0x5C])
        // With head, flag and sum 0x1408 bytes.
        #expect(write(0x1402, to: &tested) == [0x5A, 2, 0, 0, 0, 0x5C])
        #expect(write(0x1403, to: &tested).isEmpty)
        #expect(tested.ask(erase(0, 0x1000), for: .seconds(60)).isEmpty)
    }

    /// "n16 max 65535 ⇒ ≤ 65534 data bytes".
    @Test(arguments: [StubImage.Version.vendor131, .vendor134, .vendor140, .community])
    func theOthersTakeTheLongestFrame(version: StubImage.Version) {
        var tested = stub(version)
        #expect(write(65534, to: &tested) == [0x5A, 2, 0, 0, 0, 0x5C])
        #expect(tested.chip.flash.bytes(0x10000..<(0x10000 + 65534)).allSatisfy { $0 == 0x11 })
    }
}
