import Digests
import Testing

/// Raw deflate: RFC 1951. Streams are compared by what they inflate to.
@Suite struct RawDeflateTests {
    /// RFC 1951 §3.2.4: a stored block of "abc": BFINAL 1, BTYPE 00, LEN, NLEN, the bytes.
    private static let storedABC: [UInt8] = [0x01, 0x03, 0x00, 0xFC, 0xFF, 0x61, 0x62, 0x63]
    private static let text = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7 &* 31) }

    @Test func inflatesAStoredBlock() {
        var inflater = Inflater()
        var output: [UInt8] = []
        inflater.feed(Self.storedABC, into: &output, limit: 3)
        #expect(output == Array("abc".utf8))
        #expect(inflater.status == .ended)
    }

    /// RFC 1951 §3.2.6: fixed codes; an empty block is 03 00.
    @Test func inflatesAnEmptyStream() {
        var inflater = Inflater()
        var output: [UInt8] = []
        inflater.feed([0x03, 0x00], into: &output, limit: 0)
        #expect(output.isEmpty && inflater.status == .ended)
    }

    @Test(arguments: [1, 2, 6, 9], [1, 100, 1024, 1 << 20])
    func everyLevelInAnyPieces(level: Int, piece: Int) {
        let stream = RawDeflate.compress(Self.text, level: level)
        var inflater = Inflater()
        var output: [UInt8] = []
        for start in stride(from: 0, to: stream.count, by: piece) {
            inflater.feed(Array(stream[start..<min(stream.count, start + piece)]), into: &output, limit: 100_000)
        }
        let isSame = output == Self.text
        #expect(isSame && inflater.status == .ended)
    }

    @Test func whatFollowsTheEndIsIgnored() {
        var inflater = Inflater()
        var output: [UInt8] = []
        inflater.feed(Self.storedABC + [0xFF, 0xFF], into: &output, limit: 100)
        inflater.feed([0xFF, 0xFF], into: &output, limit: 100)
        #expect(output == Array("abc".utf8) && inflater.status == .ended)
    }

    @Test func moreThanAllowedIsBad() {
        var inflater = Inflater()
        var output: [UInt8] = []
        inflater.feed(Self.storedABC, into: &output, limit: 2)
        #expect(output == Array("ab".utf8) && inflater.status == .bad)
    }

    /// BTYPE 11 is reserved (RFC 1951 §3.2.3).
    @Test func aReservedBlockTypeIsBad() {
        var inflater = Inflater()
        var output: [UInt8] = []
        inflater.feed([0x07], into: &output, limit: 100)
        #expect(inflater.status == .bad)
    }

    /// A bomb gives no more than the limit.
    @Test func aBombIsBounded() {
        let stream = RawDeflate.compress([UInt8](repeating: 0, count: 8 << 20), level: 9)
        var inflater = Inflater()
        var output: [UInt8] = []
        inflater.feed(stream, into: &output, limit: 1000)
        #expect(output.count == 1000 && inflater.status == .bad)
    }

    @Test func copiesGoTheirOwnWays() {
        var one = Inflater()
        var first: [UInt8] = []
        one.feed(Array(Self.storedABC.prefix(6)), into: &first, limit: 100)
        var other = one
        var second = first
        one.feed(Array(Self.storedABC.suffix(2)), into: &first, limit: 100)
        other.feed(Array("xy".utf8), into: &second, limit: 100)
        #expect(first == Array("abc".utf8))
        #expect(second == Array("axy".utf8))
    }

    @Test func deflatesAsMuchAsIsAskedFor() {
        var deflater = Deflater(level: 2)
        var fed = 0
        var stream: [UInt8] = []
        var goesOn = true
        while goesOn {
            var block: [UInt8] = []
            goesOn = deflater.fill(&block, upTo: 1024) { input in
                input = Array(Self.text[fed..<min(Self.text.count, fed + 4096)])
                fed += input.count
            }
            #expect(block.count == 1024 || !goesOn)
            stream += block
        }
        var output: [UInt8] = []
        var inflater = Inflater()
        inflater.feed(stream, into: &output, limit: 100_000)
        let isSame = output == Self.text
        #expect(isSame && inflater.status == .ended)
    }
}
