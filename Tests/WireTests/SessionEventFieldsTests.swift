import Line
import Testing
import Wire

/// The parts of messages, as the facts have them (ECR6600 facts §1.4, §4, §4.3, §10).
@Suite struct SessionEventFieldsTests {
    private func parts(_ kind: SessionEvent.Kind, _ byteCount: Int) -> String {
        let event = SessionEvent(
            direction: .hostToChip, offset: 0, byteCount: byteCount, start: 0, end: 0, kind: kind)
        return event.fields.map { "\($0.name) \($0.byteCount.map(String.init) ?? "…")" }.joined(separator: ", ")
    }

    @Test func frames() {
        // A5 04 08 00 00 F0 FF FF 00 10 00 00 AF
        let erase = StubRequestSummary(.erase, .range(address: 0xFFFF_F000, length: 0x1000))
        #expect(parts(.request(erase), 13) == "marker 1, type 1, length 2, address 4, length 4, sum 1")
        // A5 04 02 00 00 10 BB, an erase as well: the body is shorter than its parts.
        #expect(parts(.request(erase), 7) == "")
        #expect(
            parts(.request(StubRequestSummary(.flashDownload, .data(count: 4096, again: false))), 4102)
                == "marker 1, type 1, length 2, flag 1, data …, sum 1")
        // 5A 04 00 00 00 5E
        #expect(
            parts(.answer(StubAnswerSummary(.erase, .success)), 6) == "marker 1, type 1, length 2, status 1, sum 1")
        // 5A 09 20 00 hash[32] 00 sum8
        #expect(
            parts(.answer(StubAnswerSummary(.sha256, .success, data: [UInt8](repeating: 0, count: 32))), 38)
                == "marker 1, type 1, length 2, data …, status 1, sum 1")
        // 5A 08 n16 data[n] sum8: no status
        #expect(
            parts(.answer(StubAnswerSummary(.efuse, .success, data: [1, 2, 3, 4])), 9)
                == "marker 1, type 1, length 2, data …, sum 1")
    }

    @Test func headersAndBlocks() {
        #expect(
            parts(.downloadHeader(DownloadHeader(type: 1, address: 0x10000, length: 4)), 12)
                == "type 4, address 4, length 4")
        // 02 n ~n data[1024] crc16; 128-byte SOH blocks have an 8-bit sum, or a CRC
        #expect(
            parts(.xmodemBlock(XMODEMBlockSummary(number: 1)), 1029)
                == "STX 1, number 1, complement 1, data 1024, CRC …")
        let short = SessionEvent.Kind.xmodemBlock(XMODEMBlockSummary(number: 1, dataByteCount: 128))
        #expect(parts(short, 132) == "SOH 1, number 1, complement 1, data 128, sum …")
        #expect(parts(short, 133) == "SOH 1, number 1, complement 1, data 128, CRC …")
        #expect(parts(.syncWord, 4) == "")
    }
}
