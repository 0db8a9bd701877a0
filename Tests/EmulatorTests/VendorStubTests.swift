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

    /// §4: 1.3.1 was not examined; 1.3.4 runs, and the log says so.
    @Test func theUnexaminedOneRunsAsItsRelative() {
        var tested = stub(.vendor131)
        let notes = tested.chip.takeEvents().compactMap { event -> String? in
            if case .note(let text) = event.kind { text } else { nil }
        }
        #expect(notes.contains { $0.contains("vendor-1.3.1 ") && $0.contains("vendor-1.3.4") }, "\(notes)")
        #expect(tested.chip.loaderName == "stub vendor-1.3.4")
        #expect(tested.ask([0xA5, 0, 4, 0, 0x63, 0x6E, 0x79, 0x73, 0x66]) == [0x5A, 0, 0, 0, 0, 0])
    }

    // MARK: §4.1, bodies

    /// "Body longer than 8 B (64 B in 1.3.11) overruns a stack buffer – undefined": here it says nothing any more.
    @Test(arguments: [
        (StubImage.Version.vendor134, 8), (.vendor140, 8), (.community, 8), (.vendor1311, 64),
    ])
    func longerBodiesAreUndefined(version: StubImage.Version, room: Int) {
        var tested = stub(version)
        let body = [UInt8](repeating: 0, count: room)
        #expect(tested.ask(StubRequest(.erase, body: body).bytes) == Self.eraseOK)
        #expect(tested.ask(StubRequest(.erase, body: body + [0]).bytes).isEmpty)
        #expect(tested.ask(erase(0, 0x1000), for: .seconds(60)).isEmpty)
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

    // MARK: §4.3, what 1.3.11 has no room for

    /// Zeros, so that what an upload leaves in the stub's size is 0 from 0x2404 on.
    private static let zeros = [UInt8](repeating: 0, count: 2 << 20)

    @Test func anUploadOf0x2400IsHarmless() {
        var tested = stub(.vendor1311, image: Self.zeros)
        #expect(tested.ask(upload(0, 0x2400)).count == 0x2400 + 6)
        #expect(tested.ask(erase(0x1FF000, 0x1000)) == Self.eraseOK)
        #expect(tested.ask(erase(0x1FF000, 0x1001)) == Self.eraseOutside)
    }

    /// What it read is now the size of its flash: none, or more than there is.
    @Test func anUploadOf0x2800BreaksTheRangeCheck() {
        var tested = stub(.vendor1311, image: Self.zeros)
        #expect(tested.ask(upload(0, 0x2800)).count == 0x2800 + 6)
        #expect(tested.ask(upload(0, 4)) == [0x5A, 3, 0, 0, 2, 0x5F], "0 bytes of flash")

        tested = stub(.vendor1311)
        _ = tested.ask(upload(0, 0x2800))
        #expect(tested.ask(upload(0x40_0000, 4)).count == 10, "FFFFFFFF bytes of flash")
        #expect(tested.ask(erase(0, 0x1000)) == Self.eraseOK, "and it still writes")
        #expect(tested.ask(erase(0x40_0000, 0x1000)).isEmpty, "nobody knows what becomes of this")
    }

    @Test func anUploadOf0x4000KillsLaterWrites() {
        var tested = stub(.vendor1311, image: [UInt8](repeating: 0x5A, count: 0x2000))
        _ = tested.ask(upload(0, 0x4000))
        let changes = tested.chip.flash.changes
        #expect(tested.ask(erase(0, 0x1000)) == [0x5A, 4, 0, 0, 1, 0x5F])
        #expect(tested.ask([0xA5, 5, 0, 0, 0xAA]) == [0x5A, 5, 0, 0, 1, 0x60])
        _ = tested.ask(StubRequest(.flashDownload, address: 0x1000, length: 4).bytes)
        #expect(
            tested.ask(StubRequest.data(.flashDownload, again: false, [1, 2, 3, 4]).bytes) == [0x5A, 2, 0, 0, 1, 0x5D])
        #expect(tested.chip.flash.changes == changes)
    }

    @Test(arguments: [StubImage.Version.vendor134, .vendor140])
    func theOthersUploadAnyLength(version: StubImage.Version) {
        var tested = stub(version, image: Self.zeros)
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

    /// "1.3.11 only 5 KB (0x60014..0x6141B): use ≤ 4096+1".
    @Test func framesBeyond5KBAreUndefined() {
        var tested = stub(.vendor1311)
        #expect(write(4096, to: &tested) == [0x5A, 2, 0, 0, 0, 0x5C])
        // With its flag one byte more than 0x1408.
        #expect(write(0x1408, to: &tested).isEmpty)
        #expect(tested.ask(erase(0, 0x1000), for: .seconds(60)).isEmpty)
    }

    /// "n16 max 65535 ⇒ ≤ 65534 data bytes".
    @Test(arguments: [StubImage.Version.vendor134, .vendor140, .community])
    func theOthersTakeTheLongestFrame(version: StubImage.Version) {
        var tested = stub(version)
        #expect(write(65534, to: &tested) == [0x5A, 2, 0, 0, 0, 0x5C])
        #expect(tested.chip.flash.bytes(0x10000..<(0x10000 + 65534)).allSatisfy { $0 == 0x11 })
    }

    /// §10: the same code family, so the same buffer of 4 KB behind address 0.
    @Test(arguments: StubFactTests.versions)
    func moreThan4KBAtAddress0IsUndefined(name: String) {
        var tested = stub(StubFactTests.version(name))
        _ = tested.ask(StubRequest(.flashDownload, address: 0, length: 8192).bytes)
        let page = [UInt8](repeating: 0x11, count: 4096)
        let frame = StubRequest.data(.flashDownload, again: false, page).bytes
        #expect(tested.ask(frame) == [0x5A, 2, 0, 0, 0, 0x5C])
        _ = tested.ask(frame)
        #expect(tested.ask(erase(0, 0x1000), for: .seconds(60)).isEmpty)
    }
}
