import Emulator
import Line
import Testing
import Wire

/// ECR6600 facts §5.
@Suite struct NORFlashTests {
    @Test func holdsWhatWasLoaded() {
        var flash = NORFlash(id: .gd25q16e)
        let image = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        flash.load(image)
        #expect(flash.bytes(0..<10_000) == image)
        #expect(flash.bytes(10_000..<10_004) == [0xFF, 0xFF, 0xFF, 0xFF])
    }

    @Test(arguments: [("1440C8", 1), ("1540C8", 2), ("1640EF", 4), ("1720C2", 8), ("1840C8", 16)])
    func theIdTellsTheSize(id: String, megabytes: Int) throws {
        #expect(NORFlash(id: try #require(FlashID(id))).byteCount == megabytes << 20)
    }

    @Test func programmingOnlyClearsBits() {
        var flash = NORFlash(id: .gd25q16e)
        flash.program([0xF0, 0x0F].span, at: 100)
        flash.program([0x3C, 0xFF].span, at: 100)
        #expect(flash.bytes(100..<102) == [0x30, 0x0F])
        flash.eraseSectors(1, at: 100)
        #expect(flash.bytes(100..<102) == [0xFF, 0xFF])
    }

    /// §4.1: "a part takes 24 bits modulo its size".
    @Test func beyondItsEndItBeginsAgain() {
        var flash = NORFlash(id: .gd25q16e)
        flash.program([1, 2, 3].span, at: 0xFF_FFFF)
        var read: [UInt8] = []
        flash.read(4, at: flash.byteCount - 1, into: &read)
        #expect(read == [1, 2, 3, 0xFF])
        flash.eraseSectors(1, at: 5 * flash.byteCount)
        #expect(flash.bytes(0..<2) == [0xFF, 0xFF])
        #expect(flash.bytes((flash.byteCount - 1)..<flash.byteCount) == [1])
        flash.eraseSectors(2, at: 0xFFFF_F000)
        #expect(flash.bytes((flash.byteCount - 1)..<flash.byteCount) == [0xFF])
    }

    /// What is loaded is a file: it has no other side to begin again at.
    @Test func whatIsLoadedBeyondTheEndIsDropped() {
        var flash = NORFlash(id: .gd25q16e)
        flash.load([1, 2, 3], at: flash.byteCount - 1)
        #expect(flash.bytes(0..<2) == [0xFF, 0xFF])
    }

    /// A thousand chips with one image, one of which writes: the others keep what they have, and 2 GB are not needed.
    @Test func copiesShareWhatTheyDoNotWrite() {
        var original = NORFlash(id: .gd25q16e)
        original.load([UInt8](repeating: 0x5A, count: original.byteCount))
        var copies = Array(repeating: original, count: 1000)
        for index in copies.indices { copies[index].program([UInt8(index % 251)].span, at: index * 64) }
        #expect(copies[7].bytes((7 * 64)..<(7 * 64 + 2)) == [7 & 0x5A, 0x5A])
        #expect(original.bytes((7 * 64)..<(7 * 64 + 2)) == [0x5A, 0x5A])
    }
}

/// The receive FIFO: ECR6600 facts §1.3 (16 or 32) and §10, last line.
@Suite struct OverrunTests {
    @Test(arguments: [16, 32])
    func whatComesWhileTheStubErasesIsLostBeyondTheFIFO(depth: Int) {
        var tested = ChipUnderTest.communityStub(timing: .wire) { $0.fifoDepth = depth }
        _ = tested.chip.takeEvents()
        let rate = tested.chip.receiverClock(at: tested.now).rate
        tested.give(StubRequest(.erase, address: 0, length: 0x10000).bytes, spacing: rate.characterPicoseconds)
        tested.run(for: .milliseconds(20))
        // 720 ms of erasing: a hundred commands come meanwhile.
        tested.give([UInt8](repeating: 0, count: 500), spacing: rate.characterPicoseconds)
        tested.run(for: .seconds(2))
        #expect(tested.heard() == [0x5A, 4, 0, 0, 0, 0x5E])
        let lost = tested.chip.takeEvents().map { if case .overrun(let count) = $0.kind { count } else { 0 } }.reduce(
            0, +)
        #expect(lost == 500 - depth)
    }

    @Test func aPipelinedCommandThatFitsIsAnswered() {
        var tested = ChipUnderTest.communityStub(timing: .wire)
        let erase = StubRequest(.erase, address: 0, length: 0x1000).bytes
        tested.give(erase + [0xA5, 0x90, 0, 0, 0x35], spacing: 86_805_555)
        tested.run(for: .seconds(1))
        #expect(tested.heard() == [0x5A, 4, 0, 0, 0, 0x5E, 0x5A, 0x90, 4, 0, 0xC8, 0x40, 0x15, 0, 0, 0x0B])
    }
}
