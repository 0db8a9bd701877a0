import Emulator
import Images
import Testing
import Wire
import Words

/// Every stub, row by row: ECR6600 facts §4, §4.1, §4.2 and §4.3. The tables below are the document's.
@Suite struct StubFactTests {
    /// As the tables' headings have them; `2025-12` is the community stub's first build.
    static let versions = ["1.3.1", "1.3.4", "1.3.11", "1.4.0", "community", "2025-12"]

    static func version(_ name: String) -> StubImage.Version {
        switch name {
        case "community": .community
        case "2025-12": .communityOfDecember2025
        default: StubImage.Version(rawValue: "vendor-\(name)")!
        }
    }

    /// A stub that has just started. The first bytes of its flash are "abc".
    static func stub(_ name: String, flashID: FlashID = .gd25q16e, efuse: EFuse = .sample) -> ChipUnderTest {
        ChipUnderTest.communityStub(flashID: flashID, image: Array("abc".utf8), efuse: efuse) {
            $0.stub = version(name)
        }
    }

    // MARK: §4.2

    static let exactBytes = FactTable(
        "§4.2",
        """
        what                       | host                                    | 1.3.1 & 1.3.4 & 1.4.0 & community & 2025-12 | 1.3.11
        SYN, first time            | A5 00 04 00 63 6E 79 73 66              | 5A 00 00 00 00 00 | 5A 00 00 00 00 5A
        SYN, wrong word            | A5 00 04 00 00 00 00 00 A9              | 5A 00 00 00 01 5B | 5A 00 00 00 01 5B
        bad sum8, SYN              | A5 00 04 00 63 6E 79 73 00              | 5A FF 00 00 03 5C | 5A 00 00 00 05 66
        bad sum8, ERASE            | A5 04 08 00 00 00 00 00 00 00 00 00 00  | 5A FF 00 00 03 5C | 5A 04 00 00 05 B1
        04 ERASE                   | A5 04 08 00 u32:1000 u32:1000 sum       | 5A 04 00 00 00 5E | =
        04 ERASE beyond the end    | A5 04 08 00 u32:1FF000 u32:1001 sum     | 5A 04 00 00 02 60 | =
        05 CHIPERASE               | A5 05 00 00 AA                          | 5A 05 00 00 00 5F | =
        07 BAUD 921600             | A5 07 04 00 u32:E1000 sum               | 5A 07 00 00 00 61 | =
        06 RUN                     | A5 06 00 00 AB                          | 5A 06 00 00 00 60 | =
        02 start                   | A5 02 08 00 u32:1000 u32:100 sum        | 5A 02 00 00 00 5C | =
        02 start beyond the end    | A5 02 08 00 u32:1FF000 u32:1001 sum     | 5A 02 00 00 02 5E | =
        01 start                   | A5 01 08 00 u32:20000 u32:100 sum       | 5A 01 00 00 00 5B | =
        01 start up to 0xB0000     | A5 01 08 00 u32:AFF00 u32:100 sum       | 5A 01 00 00 00 5B | =
        01 start beyond 0xB0000    | A5 01 08 00 u32:AFF00 u32:101 sum       | 5A 01 00 00 02 5D | =
        03 beyond the end          | A5 03 08 00 u32:1FF000 u32:1001 sum     | 5A 03 00 00 02 5F | =
        """)

    /// A second exchange shows what the first left in the record.
    static let staleFields = FactTable(
        "§4.2, stale fields",
        """
        what                             | host                                                              | 1.3.1 & 1.3.4 & 1.4.0 & community & 2025-12            | 1.3.11
        SYN after an error's 5B          | A5 00 04 00 00*4 sum ; A5 00 04 00 'cnys' sum                      | 5A 00 00 00 01 5B ; 5A 00 00 00 00 5B | 5A 00 00 00 01 5B ; 5A 00 00 00 00 5A
        SYN after a 02's 5C              | A5 02 08 00 u32:1000 u32:1 sum ; A5 02 02 00 00 FF sum ; A5 00 04 00 'cnys' sum | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 00 00 00 00 5C | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 00 00 00 00 5A
        FF after a data answer of 4      | A5 03 08 00 u32:1000 u32:4 sum ; A5 FE 00 00                       | 5A 03 04 00 FF*4 00 5D ; 5A FF 04 00 03 60 | =
        """)

    static let dataFrames = FactTable(
        "§4.2, §4.3, data frames",
        """
        what                  | host                                                                         | 1.3.1 & 1.3.4 & 1.4.0 & community & 2025-12             | 1.3.11
        02 data               | A5 02 08 00 u32:1000 u32:4 sum ; A5 02 05 00 00 11*4 sum                      | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C | =
        02 data, bad sum      | A5 02 08 00 u32:1000 u32:4 sum ; A5 02 05 00 00 11*4 00                       | 5A 02 00 00 00 5C ; 5A 02 00 00 05 61 | =
        01 data               | A5 01 08 00 u32:20000 u32:4 sum ; A5 01 05 00 00 11*4 sum                     | 5A 01 00 00 00 5B ; 5A 01 00 00 00 5B | =
        02 data, any flag but 1 is new data | A5 02 08 00 u32:1000 u32:4 sum ; A5 02 05 00 10 11*4 sum ; A5 04 08 00 u32:0 u32:0 sum | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 04 00 00 00 5E | =
        flag 1 rewinds        | A5 02 08 00 u32:1000 u32:8 sum ; A5 02 05 00 00 F1*4 sum ; A5 02 05 00 01 F1*4 sum ; A5 02 05 00 00 1F*4 sum ; A5 03 08 00 u32:1000 u32:8 sum | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 03 08 00 F1*4 1F*4 00 sum | =
        a bad sum is written and advances | A5 02 08 00 u32:1000 u32:8 sum ; A5 02 05 00 00 F1*4 00 ; A5 02 05 00 00 1F*4 sum ; A5 03 08 00 u32:1000 u32:8 sum | 5A 02 00 00 00 5C ; 5A 02 00 00 05 61 ; 5A 02 00 00 00 5C ; 5A 03 08 00 F1*4 1F*4 00 sum | =
        a bad last frame cannot be mended | A5 02 08 00 u32:1000 u32:10 sum ; A5 02 11 00 00 00*16 5A ; A5 02 11 00 01 00*16 sum ; A5 04 08 00 u32:0 u32:0 sum ; wait:60000 | 5A 02 00 00 00 5C ; 5A 02 00 00 05 61 ; 5A 02 00 00 00 5C ; - ; - | 5A 02 00 00 00 5C ; 5A 02 00 00 05 61 ; 5A 02 00 00 00 5C ; - ; -
        a frame longer than what was left waits for ever | A5 02 08 00 u32:1000 u32:4 sum ; A5 02 09 00 00 FF*8 sum ; A5 04 08 00 u32:0 u32:0 sum ; wait:60000 | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; - ; - | =
        length 0 waits for ever | A5 02 08 00 u32:1000 u32:0 sum ; A5 04 08 00 u32:0 u32:0 sum ; wait:60000 ; A5 02 05 00 00 FF*4 sum | 5A 02 00 00 00 5C ; - ; - ; 5A 02 00 00 00 5C | =
        byte 0 must be A5, byte 1 the command | A5 02 08 00 u32:1000 u32:4 sum ; 00 A5 01 02 A5 02 05 00 00 11*4 F0 | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C | =
        """)

    /// §4.3, "Programming and alignment": the second frame begins 1 byte before a page and crosses it.
    static let alignment = FactTable(
        "§4.3, alignment",
        """
        what                   | host                                                                                                                | 1.3.1 & 1.3.4 & 1.3.11                        | 1.4.0 & community & 2025-12
        crosses a page unaligned | A5 02 08 00 u32:1000 u32:108 sum ; A5 02 00 01 00 FF*255 sum ; A5 02 0A 00 00 11*9 sum ; A5 03 08 00 u32:10FE u32:4 sum | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 02 00 00 01 5D ; 5A 03 04 00 FF 11 FF FF 00 sum | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 03 04 00 FF 11 FF FF 00 sum
        crosses it from a multiple of 4 | A5 02 08 00 u32:1000 u32:104 sum ; A5 02 FD 00 00 FF*252 sum ; A5 02 09 00 00 11*8 sum ; A5 03 08 00 u32:10FC u32:8 sum | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 03 08 00 11*8 00 sum | =
        unaligned inside a page | A5 02 08 00 u32:1000 u32:8 sum ; A5 02 02 00 00 FF sum ; A5 02 08 00 00 11*7 sum ; A5 03 08 00 u32:1000 u32:8 sum | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 03 08 00 FF 11*7 00 sum | =
        """)

    // MARK: §4.3

    static let otherCommands = FactTable(
        "§4.3",
        """
        what                          | host                                             | 1.3.4             | 1.3.11 | 1.3.1 & 1.4.0     | community & 2025-12
        03 of nothing: one frame      | A5 03 08 00 u32:0 u32:0 sum                      | 5A 03 00 00 00 5D | =      | =                 | =
        03                            | A5 03 08 00 u32:0 u32:4 sum                      | 5A 03 04 00 'abc' FF 00 sum | = | =             | =
        09 SHA-256 of "abc" (FIPS 180-4) | A5 09 08 00 u32:0 u32:3 sum                   | 5A 09 20 00 BA 78 16 BF 8F 01 CF EA 41 41 40 DE 5D AE 22 23 B0 03 61 A3 96 17 7A 9C B4 10 FF 61 F2 00 15 AD 00 sum | = | 5A FF 00 00 03 5C | 5A 09 20 00 BA 78 16 BF 8F 01 CF EA 41 41 40 DE 5D AE 22 23 B0 03 61 A3 96 17 7A 9C B4 10 FF 61 F2 00 15 AD 00 sum
        09 beyond the end             | A5 09 08 00 u32:1FF000 u32:1001 sum              | 5A 09 00 00 02 65 | =      | 5A FF 00 00 03 5C | 5A 09 00 00 02 65
        08 read: no status byte       | A5 08 06 00 u16:0 u16:18 u16:8 sum               | 5A 08 08 00 02 50 1D E2 1E 55 00 00 sum | = | = | 5A FF 00 00 03 5C
        08 read, address misaligned   | A5 08 06 00 u16:0 u16:2 u16:4 sum                | 5A 08 00 00 02 64 | =      | =                 | 5A FF 00 00 03 5C
        08 read, address above 0x80   | A5 08 06 00 u16:0 u16:84 u16:4 sum               | 5A 08 00 00 02 64 | =      | =                 | 5A FF 00 00 03 5C
        08 read, length not ×4        | A5 08 06 00 u16:0 u16:18 u16:6 sum               | 5A 08 00 00 04 66 | =      | =                 | 5A FF 00 00 03 5C
        08 op above 2                 | A5 08 06 00 u16:3 u16:18 u16:4 sum               | 5A 08 00 00 03 65 | =      | =                 | 5A FF 00 00 03 5C
        08 write, data, ack           | A5 08 06 00 u16:1 u16:40 u16:4 sum ; A5 08 04 00 01 02 04 08 sum ; A5 08 06 00 u16:0 u16:40 u16:4 sum | 5A 08 00 00 00 62 ; 5A 08 00 00 00 62 ; 5A 08 04 00 01 02 04 08 sum | = | = |
        08 write, other length        | A5 08 06 00 u16:1 u16:40 u16:8 sum ; A5 08 04 00 00*4 sum | 5A 08 00 00 00 62 ; 5A 08 00 00 04 66 | = | = |
        08 write, bad sum             | A5 08 06 00 u16:1 u16:40 u16:4 sum ; A5 08 04 00 00*4 00  | 5A 08 00 00 00 62 ; 5A 08 00 00 05 67 | = | = |
        08 AES key, then again        | A5 08 06 00 u16:2 u16:0 u16:0 sum ; A5 08 06 00 u16:2 u16:0 u16:0 sum | 5A 08 00 00 00 62 ; 5A 08 00 00 01 63 | = | = | 5A FF 00 00 03 5C ; 5A FF 00 00 03 5C
        0C MAC, second character odd  | A5 0C 11 00 '03:11:22:33:44:55' sum              |                   | 5A 0C 00 00 06 6C |        |
        """)

    static let tables = [exactBytes, staleFields, dataFrames, alignment, otherCommands]

    @Test(arguments: tables.flatMap(\.cases)) func answers(row: FactTable.Case) {
        var tested = Self.stub(row.loader)
        #expect(tested.heard().isEmpty, "§4: nothing is sent on success")
        row.check(&tested)
    }

    // MARK: §4, what a stub prints and what size it believes

    /// Flash id (as §5 writes it), then for each version what it prints; §4, "Only flash trouble prints".
    static let prints: [(id: String, texts: [String])] = [
        (
            "FFFFFF",
            [
                "no flash!id:ffffff", "no flash!id:ffffff", "no flash!", "no flash!flash!", "no flash!flash!",
                "no flash!flash!",
            ]
        ),
        // An unknown size code. Which way round "id:%x" prints the id is not said: ours is §5's.
        ("1940EF", ["id:1940ef", "id:1940ef", "", "flash!", "flash!", "flash!"]),
        ("1740C8", ["id:1740c8", "", "", "flash!", "flash!", "flash!"]),
        ("1540C8", ["", "", "", "", "", ""]),
    ]

    @Test(arguments: prints, versions.indices)
    func printsOnlyFlashTrouble(row: (id: String, texts: [String]), column: Int) {
        var tested = Self.stub(Self.versions[column], flashID: FlashID(row.id)!)
        #expect(tested.heard() == Array(row.texts[column].utf8), "§4: \(row.id) on \(Self.versions[column])")
    }

    /// Size code, then for each version the megabytes that it believes in; §4, last row, and §5.
    static let sizes: [(id: String, megabytes: [UInt32])] = [
        ("FFFFFF", [0, 0, 2, 0, 0, 0]), ("1940EF", [0, 0, 2, 0, 0, 0]), ("1340EF", [0, 0, 2, 0, 0, 0]),
        ("1440C8", [1, 1, 1, 1, 1, 1]), ("1540C8", [2, 2, 2, 2, 2, 2]), ("1640C8", [4, 4, 4, 4, 4, 4]),
        ("1740C8", [0, 8, 8, 0, 0, 0]), ("1840C8", [0, 16, 16, 0, 0, 0]),
    ]

    @Test(arguments: sizes, versions.indices)
    func believesInASize(row: (id: String, megabytes: [UInt32]), column: Int) {
        var tested = Self.stub(Self.versions[column], flashID: FlashID(row.id)!)
        _ = tested.heard()
        let end = row.megabytes[column] << 20
        if end > 0 {
            let last = StubRequest(.erase, address: end - 0x1000, length: 0x1000)
            #expect(tested.ask(last.bytes) == [0x5A, 4, 0, 0, 0, 0x5E], "§4: the last sector is inside")
        }
        let beyond = StubRequest(.erase, address: end, length: 1)
        #expect(tested.ask(beyond.bytes) == [0x5A, 4, 0, 0, 2, 0x60], "§4: what follows it is not")
    }

    // MARK: §4.1

    /// The matrix: the commands of each version and the highest type whose body is read.
    static let matrix: [(version: String, commands: [UInt8], limit: UInt8)] = [
        ("1.3.1", Array(0x00...0x08), 0x08),
        ("1.3.4", Array(0x00...0x09), 0x09),
        ("1.3.11", Array(0x00...0x09) + [0x0C], 0x0C),
        ("1.4.0", Array(0x00...0x08), 0x08),
        ("community", Array(0x00...0x07) + [0x09, 0x90, 0x91, 0x92, 0x96, 0x97, 0x98, 0x99], 0x9F),
        ("2025-12", Array(0x00...0x07) + [0x09, 0x90, 0x91, 0x92], 0x9F),
    ]

    /// §4.1: "answered right after the 4 header bytes with `5A FF 00 00 03 5C`; the remaining body is then scanned for
    /// A5". The body here is a SYN with a wrong word.
    @Test(arguments: matrix) func typesAboveTheLimit(version: String, commands: [UInt8], limit: UInt8) {
        for type in (limit + 1)...0xFF {
            var tested = Self.stub(version)
            #expect(
                tested.ask([0xA5, type, 9, 0]) == [0x5A, 0xFF, 0, 0, 3, 0x5C], "§4.1: \(hexBytes([type])) on \(version)"
            )
            let body: [UInt8] = [0xA5, 0, 4, 0, 0, 0, 0, 0, 0xA9]
            #expect(tested.ask(body) == [0x5A, 0, 0, 0, 1, 0x5B], "§4.1: the body is scanned for A5")
        }
    }

    /// §4.1: an unknown type up to the limit has its body read first; a known one is never called unknown. 1.3.11 answers
    /// an unknown one with its own type.
    @Test(arguments: matrix) func typesUpToTheLimit(version: String, commands: [UInt8], limit: UInt8) {
        // 1.3.11's 08 says the same of its operation, which it reads from the frame's own sum here.
        for type in 0...limit where version != "1.3.11" || type != 0x08 {
            var tested = Self.stub(version)
            let heard = tested.ask([0xA5, type, 0, 0])
            #expect(heard.isEmpty, "§4.1: \(hexBytes([type])) on \(version): the sum is still missing")
            let answer = tested.ask([0xA5 &+ type])
            let named = version == "1.3.11" ? type : 0xFF
            let isUnknown = answer == [0x5A, named, 0, 0, 3, 0x5D &+ named]
            #expect(
                isUnknown != commands.contains(type), "§4.1: \(hexBytes([type])) on \(version): \(hexBytes(answer))")
        }
    }
}
