import Digests
import Emulator
import Line
import Testing
import Wire

/// 96 and 97 on the community stub: ECR6600 facts §10. zlib's streams differ between its builds, so what the chip sends is
/// compared by what it inflates to; where a stream's bytes matter, they are RFC 1951's stored blocks, written by hand.
@Suite struct CompressedTransferTests {
    /// 1 KB that compresses badly behind 3 KB that compress well.
    static let image: [UInt8] = {
        var generator = SplitMix64(seed: 1)
        return (0..<3072).map { UInt8(truncatingIfNeeded: $0 / 64) } + generator.bytes(1024)
    }()

    private func request(_ address: UInt32, _ length: UInt32, level: UInt8?) -> [UInt8] {
        var request = StubRequest(.xmodemReadCompressed, address: address, length: length)
        if let level { request.body.append(level) }
        return request.bytes
    }

    // MARK: 96

    /// A stub that has acknowledged 96 for the whole image.
    private func reading(level: UInt8? = 2, _ length: UInt32 = 4096) -> ChipUnderTest {
        var tested = ChipUnderTest.communityStub(image: Self.image)
        #expect(tested.ask(request(0, length, level: level)) == [0x5A, 0x96, 0, 0, 0, 0xF0])
        return tested
    }

    /// Takes blocks until EOT. - Returns: the data of all of them.
    private func take(_ tested: inout ChipUnderTest, startingWith start: UInt8) -> [UInt8] {
        let isShort = start == 0x15
        var stream: [UInt8] = []
        var number: UInt8 = 1
        var block = tested.ask([start], for: .milliseconds(1))
        while block.count > 1 {
            #expect(Array(block.prefix(3)) == [isShort ? 0x01 : 0x02, number, ~number])
            let data = Array(block[3..<min(block.count, isShort ? 131 : 1027)])
            let sum: [UInt8]
            if isShort {
                sum = [data.reduce(0, &+)]
            } else {
                let crc = CRC16.of(data.span)
                sum = [UInt8(crc >> 8), UInt8(crc & 0xFF)]
            }
            #expect(Array(block.dropFirst(3 + data.count)) == sum)
            stream += data
            number &+= 1
            block = tested.ask([0x06], for: .milliseconds(1))
        }
        #expect(block == [0x04])
        return stream
    }

    private func inflated(_ stream: [UInt8]) -> (output: [UInt8], isEnded: Bool) {
        var inflater = Inflater()
        var output: [UInt8] = []
        inflater.feed(stream, into: &output, limit: 1 << 20)
        return (output, inflater.status == .ended)
    }

    @Test(arguments: [UInt8(1), 2, 9, 10], [UInt8(0x43), 0x15])
    func theRangeIsOneStream(level: UInt8, start: UInt8) {
        var tested = reading(level: level)
        let stream = take(&tested, startingWith: start)
        #expect(stream.count % (start == 0x15 ? 128 : 1024) == 0)
        let (output, isEnded) = inflated(stream)
        let isSame = output == Self.image
        #expect(isSame && isEnded)
        #expect(tested.ask([0x06], for: .milliseconds(1)).isEmpty)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "back at the parser")
    }

    @Test func theLastBlockIsPaddedWithFF() {
        var tested = reading(64)
        #expect(take(&tested, startingWith: 0x43).suffix(900).allSatisfy { $0 == 0xFF })
    }

    /// "level 1…10, else 5 (absent: whatever stood in the buffer)", and there stands the frame's own sum (§4.1): C3 is no
    /// level, and from address 3E on it is 01.
    @Test func withoutALevelTheSumIsOne() {
        func stream(_ address: UInt32, _ level: UInt8?) -> [UInt8] {
            var tested = ChipUnderTest.communityStub(image: Self.image)
            #expect(tested.ask(request(address, 0x8000, level: level)) == [0x5A, 0x96, 0, 0, 0, 0xF0])
            return take(&tested, startingWith: 0x43)
        }
        let isFive = stream(0, nil) == stream(0, 5)
        let isOne = stream(0x3E, nil) == stream(0x3E, 1)
        let isAnother = stream(0x3E, 5) != stream(0x3E, 1)
        #expect(isFive && isOne && isAnother)
    }

    @Test func waitsTenSecondsForTheHost() {
        var tested = reading()
        tested.run(for: .milliseconds(9900))
        #expect(tested.heard().isEmpty)
        tested.run(for: .milliseconds(101))
        #expect(tested.heard() == [0x18, 0x18])
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "back at the parser")
    }

    @Test func canEndsTheWait() {
        var tested = reading()
        #expect(tested.ask([0x18]).isEmpty)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "back at the parser")
    }

    @Test func sendsABlockTenTimes500msApart() {
        var tested = reading()
        tested.give([0x43])
        tested.run(for: .milliseconds(499))
        let block = tested.heard()
        #expect(block.count == XMODEM.blockByteCount)
        tested.run(for: .milliseconds(2))
        let isSame = tested.heard() == block
        #expect(isSame, "the same block again")
        tested.run(for: .seconds(5))
        let rest = tested.heard()
        #expect(rest.count == 8 * XMODEM.blockByteCount + 2)
        #expect(Array(rest.suffix(2)) == [0x18, 0x18])
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "back at the parser")
    }

    @Test func sendsEOTTenTimes300msApart() {
        var tested = reading(64)
        _ = take(&tested, startingWith: 0x43)
        tested.run(for: .milliseconds(301))
        #expect(tested.heard() == [0x04])
        tested.run(for: .seconds(10))
        #expect(tested.heard() == [UInt8](repeating: 0x04, count: 8))
    }

    // MARK: 97

    /// RFC 1951 §3.2.4: one last block, stored: BFINAL 1, BTYPE 00, LEN, NLEN, the bytes.
    private func stored(_ text: [UInt8]) -> [UInt8] {
        let count = UInt16(text.count)
        return [0x01, UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)] + text
    }

    private func block(_ number: UInt8, _ data: [UInt8], isShort: Bool = false) -> [UInt8] {
        let padded = data + [UInt8](repeating: 0xFF, count: (isShort ? 128 : 1024) - data.count)
        let crc = CRC16.of(padded.span)
        return [isShort ? 0x01 : 0x02, number, ~number] + padded + [UInt8(crc >> 8), UInt8(crc & 0xFF)]
    }

    /// Starts a write. - Returns: what it answers within 102 ms.
    private func start(_ tested: inout ChipUnderTest, _ address: UInt32, _ length: UInt32) -> [UInt8] {
        tested.ask(
            StubRequest(.xmodemWriteCompressed, address: address, length: length).bytes, for: .milliseconds(102))
    }

    private static let invitation: [UInt8] = [0x5A, 0x97, 0, 0, 0, 0xF1, 0x43]

    private func writing(_ length: UInt32) -> ChipUnderTest {
        var tested = ChipUnderTest.communityStub()
        #expect(start(&tested, 0x1000, length) == Self.invitation, "ack, 100 ms, C")
        return tested
    }

    private func give(_ bytes: [UInt8], to tested: inout ChipUnderTest) -> [UInt8] {
        tested.ask(bytes, for: .milliseconds(1))
    }

    @Test(arguments: [false, true]) func programsWhatTheStreamSays(isShort: Bool) {
        var tested = writing(4096)
        let stream = RawDeflate.compress(Self.image, level: 2)
        let size = isShort ? 128 : 1024
        for (index, begin) in stride(from: 0, to: stream.count, by: size).enumerated() {
            let data = Array(stream[begin..<min(stream.count, begin + size)])
            let number = UInt8(truncatingIfNeeded: index + 1)
            #expect(give(block(number, data, isShort: isShort), to: &tested) == [0x06])
        }
        #expect(give([0x04], to: &tested) == [0x06])
        let isSame = tested.chip.flash.bytes(0x1000..<0x2000) == Self.image
        #expect(isSame)
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "back at the parser")
    }

    @Test func aWrongBlockIsRefusedAndMended() {
        var tested = writing(4)
        var wrong = block(1, stored(Array("abcd".utf8)))
        wrong[10] ^= 1
        #expect(give(wrong, to: &tested) == [0x15])
        #expect(give(block(1, stored(Array("abcd".utf8))), to: &tested) == [0x06])
        #expect(tested.chip.flash.bytes(0x1000..<0x1005) == Array("abcd".utf8) + [0xFF])
    }

    @Test func bytesAfterTheStreamAreIgnored() {
        var tested = writing(4)
        #expect(give(block(1, stored(Array("abcd".utf8)) + [0, 1, 2, 3]), to: &tested) == [0x06])
        #expect(give(block(2, [UInt8](repeating: 0, count: 1024)), to: &tested) == [0x06])
        #expect(tested.chip.flash.bytes(0x1000..<0x1005) == Array("abcd".utf8) + [0xFF])
    }

    @Test func aBrokenStreamEndsTheCommand() {
        var tested = writing(4096)
        // BTYPE 11 is reserved (RFC 1951 §3.2.3).
        #expect(give(block(1, [0x07]), to: &tested) == [0x18, 0x18, 0x4E])
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "back at the parser")
    }

    @Test func moreThanWasAnnouncedEndsTheCommand() {
        var tested = writing(8)
        #expect(give(block(1, stored(Array("abcdefghi".utf8))), to: &tested) == [0x18, 0x18, 0x4E])
        #expect(tested.chip.flash.bytes(0x1008..<0x1010).allSatisfy { $0 == 0xFF }, "nothing beyond addr + len")
        #expect(tested.ask([0xA5, 0x90, 0, 0, 0x35]).first == 0x5A, "back at the parser")
    }

    /// A stream that promises a megabyte is stopped where the announced length ends.
    @Test func aBombIsStopped() {
        var tested = writing(4096)
        let bomb = RawDeflate.compress([UInt8](repeating: 0, count: 900_000), level: 9)
        #expect(give(block(1, Array(bomb.prefix(1024))), to: &tested) == [0x18, 0x18, 0x4E])
        #expect(tested.chip.flash.bytes(0x2000..<0x3000).allSatisfy { $0 == 0xFF })
    }

    /// "Compressed write (97) drops the last len % 4 bytes … every later compressed write of that session is wrong too".
    @Test func theTailIsLostAndSpoilsTheNextWrite() {
        var tested = writing(7)
        #expect(give(block(1, stored(Array("abcdefg".utf8))), to: &tested) == [0x06])
        #expect(give([0x04], to: &tested) == [0x06])
        #expect(tested.chip.flash.bytes(0x1000..<0x1008) == Array("abcd".utf8) + [0xFF, 0xFF, 0xFF, 0xFF])

        #expect(start(&tested, 0x3000, 8) == Self.invitation)
        #expect(give(block(1, stored(Array("ABCDEFGH".utf8))), to: &tested) == [0x06])
        #expect(give([0x04], to: &tested) == [0x06])
        // Our reading of "the residue stays in a static buffer": it comes first.
        #expect(tested.chip.flash.bytes(0x3000..<0x3008) == Array("efgABCDE".utf8))
    }

    /// The residue is the session's: a stub that starts anew has none.
    @Test func aNewSessionWritesWell() {
        var tested = writing(7)
        _ = give(block(1, stored(Array("abcdefg".utf8))), to: &tested)
        _ = give([0x04], to: &tested)
        tested.chip.switchPower(on: false, at: tested.now)
        tested.run(for: .milliseconds(10))
        tested.chip.switchPower(on: true, at: tested.now)
        tested.run(for: .milliseconds(100))
        #expect(start(&tested, 0x3000, 8) == Self.invitation)
        _ = give(block(1, stored(Array("ABCDEFGH".utf8))), to: &tested)
        #expect(tested.chip.flash.bytes(0x3000..<0x3008) == Array("ABCDEFGH".utf8))
    }
}
