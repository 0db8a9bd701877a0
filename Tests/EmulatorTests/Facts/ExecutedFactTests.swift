import Emulator
import Images
import Testing
import Wire

/// What the vendor's own code was seen to do from a fresh start, frame by frame: ECR6600 facts §1.4 to §4.3 and §10, the
/// rows marked [X]. What it does to the flash stands in `ExecutedFlashTests`.
@Suite struct ExecutedFactTests {
    static let sums = FactTable(
        "§4.2, stale sums",
        """
        what                          | host                                            | 1.3.1 & 1.3.4 & 1.4.0 & community & 2025-12      | 1.3.11
        03 leaves no sum              | A5 03 08 00 00*8 B0 ; A5 00 04 00 63 6E 79 73 66 | 5A 03 00 00 00 5D ; 5A 00 00 00 00 00 | 5A 03 00 00 00 5D ; 5A 00 00 00 00 5A
        03 leaves the sum before it   | A5 04 08 00 u32:0 u32:0 sum ; A5 03 08 00 u32:0 u32:3 sum ; A5 00 04 00 'cnys' sum | 5A 04 00 00 00 5E ; 5A 03 03 00 'abc' 00 sum ; 5A 00 00 00 00 5E | 5A 04 00 00 00 5E ; 5A 03 03 00 'abc' 00 sum ; 5A 00 00 00 00 5A
        """)

    static let dataAnswers = FactTable(
        "§4.2, data answers",
        """
        what                          | host                                                    | 1.3.1 & 1.3.4 & 1.4.0 | 1.3.11 | community & 2025-12
        08 leaves a length and no sum | A5 08 06 00 00 00 00 00 04 00 B7 ; A5 00 04 00 'cnys' sum | 5A 08 04 00 01 02 03 04 70 ; 5A 00 00 00 00 00 | 5A 08 04 00 01 02 03 04 70 ; 5A 00 00 00 00 5A |
        the length is stale in FF     | A5 08 06 00 00 00 00 00 04 00 B7 ; A5 FE 00 00          | 5A 08 04 00 01 02 03 04 70 ; 5A FF 04 00 03 60 | = |
        90 leaves EA, not its own 0B  | A5 90 00 00 35 ; A5 00 04 00 'cnys' sum                 | | | 5A 90 04 00 C8 40 15 00 00 0B ; 5A 00 00 00 00 EA
        """)

    static let hashes = FactTable(
        "§4.2, 09",
        """
        what              | host                                                                           | 1.3.4 & community & 2025-12
        09 leaves no sum  | A5 09 08 00 u32:0 u32:3 sum ; A5 FE 00 00 ; A5 09 08 00 u32:0 u32:3 sum ; A5 00 04 00 'cnys' sum | 5A 09 20 00… ; 5A FF 20 00 03 7C ; 5A 09 20 00… ; 5A 00 00 00 00 7C
        """)

    static let downloads = FactTable(
        "§4.2, §4.3, 01 and 02",
        """
        what                            | host                                                                                       | 1.3.1 & 1.3.4 | 1.3.11 | 1.4.0 & community & 2025-12
        01: a resend counts             | A5 01 08 00 00 00 03 00 08 00 00 00 B9 ; A5 01 05 00 00 41 42 43 44 B5 ; A5 01 05 00 01 41 42 43 44 B6 ; A5 00 04 00 'cnys' 66 | 5A 01 00 00 00 5B ; 5A 01 00 00 00 5B ; 5A 01 00 00 00 5B ; 5A 00 00 00 00 5B | 5A 01 00 00 00 5B ; 5A 01 00 00 00 5B ; 5A 01 00 00 00 5B ; 5A 00 00 00 00 5A | 5A 01 00 00 00 5B ; 5A 01 00 00 00 5B ; 5A 01 00 00 00 5B ; 5A 00 00 00 00 5B
        02: 01 wins over 05             | A5 02 08 00 FF 90 00 00 08 00 00 00 46 ; A5 02 03 00 00 41 42 6D                           | 5A 02 00 00 00 5C ; 5A 02 00 00 01 5D | = | 5A 02 00 00 00 5C ; 5A 02 00 00 05 61
        02: no flag, never an answer    | A5 02 08 00 00 90 00 00 08 00 00 00 47 ; A5 02 00 00 A7 ; wait:60000 ; A5 02 05 00 00 FF*4 sum | 5A 02 00 00 00 5C ; - ; - ; - | = | =
        01: no flag, never an answer    | A5 01 08 00 u32:20000 u32:8 sum ; A5 01 00 00 A6 ; wait:60000 ; A5 01 05 00 00 FF*4 sum    | 5A 01 00 00 00 5B ; - ; - ; - | = | =
        a flag alone is a frame         | A5 02 08 00 u32:1000 u32:4 sum ; A5 02 01 00 00 sum ; A5 02 05 00 00 FF*4 sum ; A5 04 08 00 u32:0 u32:0 sum | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 04 00 00 00 5E | = | =
        """)

    static let efuse = FactTable(
        "§4.2, §4.3, 08",
        """
        what                               | host                                                                      | 1.3.1 & 1.3.4 & 1.4.0 & 1.3.11
        length before address and op       | A5 08 06 00 00 00 03 00 06 00 BC                                          | 5A 08 00 00 04 66
        address before op                  | A5 08 06 00 u16:3 u16:3 u16:4 sum                                         | 5A 08 00 00 02 64
        another length is refused at once  | A5 08 06 00 01 00 40 00 04 00 F8 ; A5 08 08 00                            | 5A 08 00 00 00 62 ; 5A 08 00 00 04 66
        its body is scanned for A5         | A5 08 06 00 01 00 40 00 04 00 F8 ; A5 08 08 00 01 02 A5 00 04 00 'cnyz' 6D | 5A 08 00 00 00 62 ; 5A 08 00 00 04 66 5A 00 00 00 01 5B
        """)

    static let ranges = FactTable(
        "§4.1, ranges",
        """
        what                               | host                                                     | 1.3.1 & 1.3.4  | 1.3.11 | 1.4.0 | community & 2025-12
        04 wraps                           | A5 04 08 00 00 F0 FF FF 00 10 00 00 AF                   | 5A 04 00 00 00 5E | = | = | =
        04 at the last byte does not       | A5 04 08 00 u32:FFFFF000 u32:FFF sum                     | 5A 04 00 00 02 60 | = | = | =
        01 wraps                           | A5 01 08 00 u32:FFFFF000 u32:1000 sum                    | 5A 01 00 00 00 5B | = | = | =
        02 wraps                           | A5 02 08 00 u32:FFFFF000 u32:1000 sum                    | 5A 02 00 00 00 5C | = | = | =
        what its data touch is undefined   | A5 02 08 00 u32:FFFFF000 u32:1000 sum ; A5 02 05 00 00 FF*4 sum | 5A 02 00 00 00 5C ; - | = | = | =
        so is what 01's touch              | A5 01 08 00 u32:FFFFF000 u32:1000 sum ; A5 01 05 00 00 FF*4 sum | 5A 01 00 00 00 5B ; - | = | = | =
        and what 03 reads                  | A5 03 08 00 u32:FFFFF000 u32:1000 sum                    | - | = | = | =
        """)

    /// §4.1: 1.3.4's 09 wraps, so that what it hashes is unknown; 1.3.11's does not.
    static let hashRanges = FactTable(
        "§4.1, 09's range",
        """
        what                               | host                                                     | 1.3.4 | 1.3.11
        09                                 | A5 09 08 00 u32:FFFFF000 u32:1000 sum                    | -     | 5A 09 00 00 02 65
        """)

    static let shortBodies = FactTable(
        "§4.1, the transfer buffer",
        """
        what                               | host                                                     | 1.3.1 & 1.3.4 & 1.4.0 & community & 2025-12  | 1.3.11
        the frame's own sum is read        | A5 04 02 00 00 10 BB                                     | 5A 04 00 00 02 60 | =
        none at all                        | A5 04 00 00 A9 ; A5 04 00 00 00                          | 5A 04 00 00 00 5E ; 5A FF 00 00 03 5C | 5A 04 00 00 00 5E ; 5A 04 00 00 05 A9
        what the frame before left is read | A5 04 08 00 u32:1000 u32:1000 sum ; A5 04 04 00 u32:1FF000 BC | 5A 04 00 00 00 5E ; 5A 04 00 00 02 60 | =
        and what a refused one left        | A5 04 08 00 u32:0 u32:200000 00 ; A5 04 00 00 A9         | 5A FF 00 00 03 5C ; 5A 04 00 00 02 60 | 5A 04 00 00 05 D1 ; 5A 04 00 00 02 60
        SYN without a word                 | A5 00 00 00 A5 ; A5 00 04 00 'cnys' 66 ; A5 00 01 00 63 09 | 5A 00 00 00 01 5B ; 5A 00 00 00 00 5B ; 5A 00 00 00 01 5B | 5A 00 00 00 01 5B ; 5A 00 00 00 00 5A ; 5A 00 00 00 01 5B
        SYN with the word of the one before | A5 00 04 00 'cnys' 66 ; A5 00 03 00 'cny' F2             | 5A 00 00 00 00 00 ; 5A 00 00 00 01 5B | 5A 00 00 00 00 5A ; 5A 00 00 00 01 5B
        03 leaves its data                 | A5 02 08 00 u32:1000 u32:8 sum ; A5 02 09 00 00 00 F0 1F 00 00 20 00 00 sum ; A5 03 08 00 u32:1000 u32:8 sum ; A5 04 00 00 A9 | 5A 02 00 00 00 5C ; 5A 02 00 00 00 5C ; 5A 03 08 00 00 F0 1F 00 00 20 00 00 00 sum ; 5A 04 00 00 02 60 | =
        """)

    static let tables = [
        sums, dataAnswers, hashes, downloads, efuse, ranges, hashRanges, shortBodies,
        FactTable(
            "§4.1, 0A and 0B",
            """
            what                 | host                              | 1.3.11                                | 1.3.1 & 1.3.4 & 1.4.0
            0A                   | A5 0A 00 00 AF                    | 5A 0A 00 00 03 67                     | 5A FF 00 00 03 5C
            0B                   | A5 0B 00 00 B0                    | 5A 0B 00 00 03 68                     | 5A FF 00 00 03 5C
            0A, bad sum          | A5 0A 00 00 00                    | 5A 0A 00 00 05 AF                     |
            """),
    ]

    @Test(arguments: tables.flatMap(\.cases)) func answers(row: FactTable.Case) {
        var tested = StubFactTests.stub(row.loader, efuse: EFuse([1, 2, 3, 4]))
        row.check(&tested)
    }
}
