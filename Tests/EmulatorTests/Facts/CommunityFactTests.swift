import Emulator
import Testing

/// The community stub's own commands, row by row: ECR6600 facts §10 and §5. Blocks of 1 KB have tests of their own
/// (`CommunityXmodemTests`), compressed ones too (`CompressedTransferTests`).
@Suite struct CommunityFactTests {
    static let commands = FactTable(
        "§10",
        """
        what                                  | host                                                                 | community
        90 on a GD25Q16E (§5)                 | A5 90 00 00 35                                                       | 5A 90 04 00 C8 40 15 00 00 0B
        91 beyond the end                     | A5 91 08 00 u32:1FF000 u32:1001 sum                                  | 5A 91 00 00 02 ED
        91: ack, 100 ms, C                    | A5 91 08 00 u32:1000 u32:400 sum ; wait:40 ; wait:333                | 5A 91 00 00 00 EB ; 43 ; 43
        91: EOT ends it                       | A5 91 08 00 u32:1000 u32:400 sum ; wait:40 ; 04 ; A5 90 00 00 35     | 5A 91 00 00 00 EB ; 43 ; 06 ; 5A 90 04 00 C8 40 15 00 00 0B
        91: anything but STX or EOT is refused | A5 91 08 00 u32:1000 u32:400 sum ; wait:40 ; 01 ; 18 ; 43 ; 00 11   | 5A 91 00 00 00 EB ; 43 ; 15 ; 15 ; 15 ; 15 15
        91: number and complement, then data as headers | A5 91 08 00 u32:1000 u32:400 sum ; wait:40 ; 02 01 01 55*3 | 5A 91 00 00 00 EB ; 43 ; 15*4
        91: a host that is gone leaves it NAKing | A5 91 08 00 u32:1000 u32:400 sum ; wait:40 ; A5 90 00 00 35 ; 04 ; A5 90 00 00 35 | 5A 91 00 00 00 EB ; 43 ; 15*5 ; 06 ; 5A 90 04 00 C8 40 15 00 00 0B
        92 has no range check                 | A5 92 08 00 u32:40000000 u32:400 sum                                 | 5A 92 00 00 00 EC
        92 waits for C without limit          | A5 92 08 00 u32:1000 u32:400 sum ; wait:3600000 ; 'x' ; 43           | 5A 92 00 00 00 EC ; - ; - ; 02 01 FE FF*1024…
        92: EOT after the last block          | A5 92 08 00 u32:1000 u32:400 sum ; 43 ; 06 ; 06 ; A5 90 00 00 35     | 5A 92 00 00 00 EC ; 02 01 FE FF*1024… ; 04 ; - ; 5A 90 04 00 C8 40 15 00 00 0B
        92: EOT ten times, 300 ms apart       | A5 92 08 00 u32:1000 u32:0 sum ; 43 ; wait:4000                      | 5A 92 00 00 00 EC ; 04 ; 04*9
        93 KV get is read, then unknown       | A5 93 01 00 A5 sum                                                   | 5A FF 00 00 03 5C
        94 KV set                             | A5 94 00 00 sum                                                      | 5A FF 00 00 03 5C
        95 MAC                                | A5 95 00 00 sum                                                      | 5A FF 00 00 03 5C
        96, level 0: as level 5               | A5 96 09 00 u32:0 u32:400 00 sum                                     | 5A 96 00 00 00 F0
        96, level 11: as level 5              | A5 96 09 00 u32:0 u32:400 0B sum                                     | 5A 96 00 00 00 F0
        96, level 10                          | A5 96 09 00 u32:0 u32:400 0A sum                                     | 5A 96 00 00 00 F0
        97 beyond the end                     | A5 97 08 00 u32:1FF000 u32:1001 sum                                  | 5A 97 00 00 02 F3
        98 reads flash through XIP            | A5 98 08 00 u32:800000 u32:3 sum ; 43                                | 5A 98 00 00 00 F2 ; 02 01 FE 'abc' FF*1021…
        SYN after 90: a stale sum             | A5 90 00 00 35 ; A5 93 00 00 sum ; A5 00 04 00 'cnys' sum            | 5A 90 04 00 C8 40 15 00 00 0B ; 5A FF 04 00 03 60 ; 5A 00 00 00 00 60
        a bad sum: type FF, stale length      | A5 90 00 00 35 ; A5 90 00 00 00                                      | 5A 90 04 00 C8 40 15 00 00 0B ; 5A FF 04 00 03 60
        unaligned erase: success, nothing     | A5 04 08 00 u32:2 u32:1000 sum ; A5 03 08 00 u32:0 u32:3 sum         | 5A 04 00 00 00 5E ; 5A 03 03 00 'abc' 00 sum
        bytes before A5 are skipped (§4)      | 00 5A FF A5 A0 00 00                                                 | 5A FF 00 00 03 5C
        """)

    @Test(arguments: commands.cases) func answers(row: FactTable.Case) {
        var tested = StubFactTests.stub(row.loader)
        row.check(&tested)
    }

    /// 99: `5A 99 80 00 data[128] 00 sum8`, 134 bytes.
    @Test func dumpsTheEFuse() {
        let bytes = (0..<128).map { UInt8($0) }
        var tested = StubFactTests.stub("community", efuse: EFuse(bytes))
        let answer = tested.ask([0xA5, 0x99, 0, 0, 0x3E])
        // 5A + 99 + 80 + (0 + … + 127 = 8128 = 0x1FC0) = 0x2133
        #expect(answer == [0x5A, 0x99, 0x80, 0x00] + bytes + [0x00, 0x33])
    }
}
