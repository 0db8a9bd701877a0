import Digests
import Testing

@Suite struct DigestTests {
    /// The check value of CRC-32/ISO-HDLC, which zlib's is.
    @Test func crc32() {
        #expect(CRC32.of(Array("123456789".utf8)) == 0xCBF4_3926)
        #expect(CRC32.of([UInt8]()) == 0)
    }

    @Test func crc32InPieces() {
        var sum = CRC32()
        sum.update(Array("12345".utf8).span)
        sum.update(Array("6789".utf8).span)
        #expect(sum.value == 0xCBF4_3926)
    }

    /// FIPS 180-4: the digest of the empty message.
    @Test func sha256() {
        #expect(SHA256.of([]).prefix(4).elementsEqual([0xE3, 0xB0, 0xC4, 0x42]))
        #expect(SHA256.of(Array("abc".utf8)).suffix(4).elementsEqual([0xF2, 0x00, 0x15, 0xAD]))
    }
}
