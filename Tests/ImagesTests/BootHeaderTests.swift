import Images
import Line
import Testing
import Wire

/// ECR6600 facts §2: the headers of uboot and of applications. CRCs and the SHA-256 word are Python's, over bytes put
/// together by hand from the offsets given there.
@Suite struct BootHeaderTests {
    @Test func ubootHeaderByteForByte() throws {
        let header = UBootHeader(body: [1, 2, 3])
        let expected: [UInt8] =
            [0x32, 0x70, 0x78, 0x48, 3, 0, 0, 0, 0x40, 0, 0, 0, 0xAC, 0x00, 0x08, 0x00, 0x1D, 0x80, 0xBC, 0x55]
            + [UInt8](repeating: 0, count: 64) + [0x85, 0xDD, 0x8B, 0xAA]
        #expect(expected.count == 0x58)
        #expect(header.bytes == expected)
        #expect(try UBootHeader(parsing: expected.span) == header)
    }

    @Test func applicationHeaderByteForByte() throws {
        let parts = (xip: Array("XIP!".utf8), text: Array("text".utf8), data: Array("da".utf8))
        for (magic, check, crc) in [
            (ApplicationHeader.Magic.new, 0xE306_7859, 0xDFF7_A534), (.old, 0, 0x4056_348C),
        ] as [(ApplicationHeader.Magic, UInt32, UInt32)] {
            let header = ApplicationHeader(
                magic: magic, version: "1.2.3", xip: parts.xip, text: parts.text, data: parts.data)
            var expected: [UInt8] = []
            for word: UInt32 in [magic == .new ? 0x4878_7032 : 0x0226_2018, 1, 0x10290, 0x10000, 4, 0x10004, 2, 4] {
                expected.append(littleEndian: word)
            }
            expected += [UInt8](repeating: 0, count: 64) + Array("1.2.3".utf8) + [UInt8](repeating: 0, count: 7)
            expected.append(littleEndian: check)
            expected += [UInt8](repeating: 0, count: 0xFC - 0x70)
            expected.append(littleEndian: crc)
            #expect(header.bytes == expected)
            #expect(try ApplicationHeader(parsing: expected.span) == header)
            #expect(header.version == "1.2.3")
            #expect(header.bodyByteCount == 10)
        }
    }

    /// Whatever the 0x58 or 0x100 bytes are, they are kept.
    @Test(arguments: 0..<32 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let uboot = UBootHeader.magic + random.bytes(0x54)
        #expect(try UBootHeader(parsing: uboot.span).bytes == uboot)
        for magic in [[0x18, 0x20, 0x26, 0x02], [0x32, 0x70, 0x78, 0x48]] as [[UInt8]] {
            let application = magic + random.bytes(0xFC)
            let header = try ApplicationHeader(parsing: application.span)
            #expect(header.bytes == application)
            #expect(header.bodyByteCount >= 0)
        }
    }

    @Test func otherMagicsAndShortBytesAreRefused() {
        let blank = [UInt8](repeating: 0xFF, count: 0x100)
        #expect(throws: WireError.self) { try UBootHeader(parsing: blank.span) }
        #expect(throws: WireError.self) { try ApplicationHeader(parsing: blank.span) }
        for count in [0, 3, 0x57] {
            let short = Array(UBootHeader(body: []).bytes[..<count])
            #expect(throws: WireError.self) { try UBootHeader(parsing: short.span) }
            #expect(throws: WireError.self) { try ApplicationHeader(parsing: short.span) }
        }
    }

    @Test func aPlaceholderUBootTellsItsVersion() {
        let body = PlaceholderUBoot.body(version: "1.3.11", filling: [1, 2, 3])
        #expect(PlaceholderUBoot.version(of: body) == "1.3.11")
        #expect(PlaceholderUBoot.version(of: [1, 2, 3]) == nil)
        #expect(String(decoding: body, as: UTF8.self).contains("uboot 1.3.11, made by Solderless"))
    }
}
