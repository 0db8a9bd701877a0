import Emulator
import Images
import Testing
import Wire

/// 0C on stub 1.3.11: ECR6600 facts §4.3.
@Suite struct MACCommandTests {
    private static let text = "02:11:22:33:44:55"
    private static let failed: [UInt8] = [0x5A, 0x0C, 0, 0, 1, 0x67]

    private func stub(_ image: [UInt8], timing: ChipTiming = .brisk) -> ChipUnderTest {
        ChipUnderTest.communityStub(timing: timing, image: image) { $0.stub = .vendor1311 }
    }

    private func request(_ text: String) -> [UInt8] { StubRequest(.macToNV, body: Array(text.utf8)).bytes }

    private func partition(_ chip: Chip) throws -> NVPartition {
        let table = try PartitionTable(parsing: chip.flash.bytes(0..<4096).span)
        let place = try #require(table["nv_amt"])
        return NVPartition(parsing: chip.flash.bytes(place.range).span)
    }

    @Test func storesTheTextUnderItsKey() throws {
        var tested = stub(SampleFlash.image(byteCount: 2 << 20, seed: 1))
        let before = tested.chip.flash.bytes(0..<0x1FE000)
        #expect(tested.ask(request(Self.text)) == [0x5A, 0x0C, 0, 0, 0, 0x66])
        #expect(try partition(tested.chip)["mac"] == Array(Self.text.utf8))
        let isSame = tested.chip.flash.bytes(0..<0x1FE000) == before
        #expect(isSame, "nothing but nv_amt, which is at 0x1FE000 in the 2 MB layouts (§6)")
    }

    @Test func keepsTheOtherKeys() throws {
        var builder = SampleFlash.builder(byteCount: 2 << 20)
        builder.nv = [("nv_amt", [("one", [1]), ("mac", Array("00:00:00:00:00:00".utf8)), ("two", [2])])]
        var tested = stub(try builder.image())
        #expect(tested.ask(request(Self.text)) == [0x5A, 0x0C, 0, 0, 0, 0x66])
        let keys = try partition(tested.chip)
        #expect(keys["one"] == [1] && keys["two"] == [2] && keys["mac"] == Array(Self.text.utf8))
    }

    /// §6: NV partitions carry EF41 or EF40, and either is what 0C finds; what it writes keeps it.
    @Test(arguments: EasyFlashSector.Magic.allCases)
    func eitherMagicIsFoundAndKept(magic: EasyFlashSector.Magic) throws {
        var builder = SampleFlash.builder(byteCount: 2 << 20)
        builder.nvMagic = magic
        var tested = stub(try builder.image())
        #expect(tested.ask(request(Self.text)) == [0x5A, 0x0C, 0, 0, 0, 0x66])
        #expect(try partition(tested.chip)["mac"] == Array(Self.text.utf8))
        for sector in [0x1FE000, 0x1FF000] {
            #expect(tested.chip.flash.bytes((sector + 0x18)..<(sector + 0x1C)) == Array(magic.rawValue.utf8))
        }
    }

    @Test func fillsAnErasedPartition() throws {
        var builder = SampleFlash.builder(byteCount: 2 << 20)
        builder.nv = []
        var tested = stub(try builder.image())
        #expect(tested.ask(request(Self.text)) == [0x5A, 0x0C, 0, 0, 0, 0x66])
        #expect(try partition(tested.chip)["mac"] == Array(Self.text.utf8))
    }

    @Test func withoutATableItFails() {
        var tested = stub([])
        let changes = tested.chip.flash.changes
        #expect(tested.ask(request(Self.text)) == Self.failed)
        #expect(tested.chip.flash.changes == changes)
    }

    @Test func aPartitionOfSomethingElseFails() {
        var image = SampleFlash.image(byteCount: 2 << 20, seed: 1)
        for index in 0x1FE000..<0x200000 { image[index] = 0x5A }
        var tested = stub(image)
        let changes = tested.chip.flash.changes
        #expect(tested.ask(request(Self.text)) == Self.failed)
        #expect(tested.chip.flash.changes == changes)
    }

    /// "2nd char with bit0 set": the character's own bit, so that "a" (61) is odd and "b" (62) is not.
    @Test(arguments: [("1", UInt8(6)), ("9", 6), ("a", 6), ("b", 0), ("2", 0)])
    func theSecondCharacterDecides(second: String, status: UInt8) {
        var tested = stub(SampleFlash.image(byteCount: 2 << 20, seed: 1))
        let answer = tested.ask(request("0\(second):11:22:33:44:55"))
        #expect(answer == [0x5A, 0x0C, 0, 0, status, 0x66 + status])
    }

    /// §4.1: what a body lacks is its own sum, and then what the frame before left: here the end of a whole text. That 0C
    /// reads its text so is ours, and the log says it.
    @Test func aShortTextGoesOnWithWhatTheBufferHolds() throws {
        var tested = stub(SampleFlash.image(byteCount: 2 << 20, seed: 1))
        #expect(tested.ask(request(Self.text)) == [0x5A, 0x0C, 0, 0, 0, 0x66])
        _ = tested.chip.takeEvents()
        // A5 + 0C + 02 + "06" = 0x119
        #expect(tested.ask(request("06")) == [0x5A, 0x0C, 0, 0, 0, 0x66])
        #expect(try partition(tested.chip)["mac"] == Array("06\u{19}11:22:33:44:55".utf8))
        let notes = tested.chip.takeEvents().filter { if case .note = $0.kind { true } else { false } }
        #expect(notes.count == 1)
    }

    /// The second character of no text at all is what stands in its place: 0 at the start, an odd one after a 1.
    @Test func noTextIsAnsweredForWhatTheBufferHolds() {
        var tested = stub(SampleFlash.image(byteCount: 2 << 20, seed: 1))
        #expect(tested.ask(request("")) == [0x5A, 0x0C, 0, 0, 0, 0x66])
        #expect(tested.ask(request("01:11:22:33:44:55")) == [0x5A, 0x0C, 0, 0, 6, 0x6C])
        #expect(tested.ask(request("")) == [0x5A, 0x0C, 0, 0, 6, 0x6C])
    }

    @Test func itTakesTheFlashsTime() {
        var tested = stub(SampleFlash.image(byteCount: 2 << 20, seed: 1), timing: .wire)
        // Two sectors of 45 ms and 32 pages of 0.5 ms, typical values of ours (§5).
        #expect(tested.ask(request(Self.text), for: .milliseconds(100)).isEmpty)
        #expect(tested.ask([], for: .milliseconds(10)) == [0x5A, 0x0C, 0, 0, 0, 0x66])
    }
}
