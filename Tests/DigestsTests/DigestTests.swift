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

    /// NIST's long example for FIPS 180: a million times "a", whole and in pieces that are no multiple of a block.
    @Test func sha256OfAMillion() {
        let expected: [UInt8] = [
            0xCD, 0xC7, 0x6E, 0x5C, 0x99, 0x14, 0xFB, 0x92, 0x81, 0xA1, 0xC7, 0xE2, 0x84, 0xD7, 0x3E, 0x67,
            0xF1, 0x80, 0x9A, 0x48, 0xA4, 0x97, 0x20, 0x0E, 0x04, 0x6D, 0x39, 0xCC, 0xC7, 0x11, 0x2C, 0xD0,
        ]
        #expect(SHA256.of([UInt8](repeating: 0x61, count: 1_000_000)) == expected)
        var sum = SHA256()
        let piece = [UInt8](repeating: 0x61, count: 1000)
        for _ in 0..<1000 { sum.update(piece.span) }
        #expect(sum.digest() == expected)
    }

    @Test func sha256GoesOnAfterADigest() {
        var sum = SHA256()
        #expect(sum.digest() == SHA256.of([]))
        sum.update(Array("ab".utf8).span)
        #expect(sum.digest() == SHA256.of(Array("ab".utf8)))
        sum.update(Array("c".utf8).span)
        #expect(sum.digest() == SHA256.of(Array("abc".utf8)))
    }

    @Test func copiesGoTheirOwnWays() {
        var one = SHA256()
        one.update(Array("ab".utf8).span)
        var other = one
        one.update(Array("c".utf8).span)
        #expect(one.digest() == SHA256.of(Array("abc".utf8)))
        #expect(other.digest() == SHA256.of(Array("ab".utf8)))
        other.update(Array("x".utf8).span)
        #expect(one.digest() == SHA256.of(Array("abc".utf8)))
        #expect(other.digest() == SHA256.of(Array("abx".utf8)))
    }

    /// Many at once, of one shared sum and of whole buffers: no thread gets into another's digest.
    @Test func threadsDoNotMeet() async {
        var begun = SHA256()
        begun.update(Array("a".utf8).span)
        let shared = begun
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let rest = [UInt8](repeating: UInt8(task), count: 100 + task)
                    return (0..<500).allSatisfy { _ in
                        var sum = shared
                        sum.update(rest.span)
                        return sum.digest() == SHA256.of([0x61] + rest)
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
        #expect(shared.digest() == SHA256.of([0x61]))
    }
}
