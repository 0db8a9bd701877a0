import GoldenSessions
import Line
import Testing
import Wire
import Words

/// Bytes as the facts give them, through the whole decoder, and as values.
@Suite struct GoldenBytesTests {
    @Test func crcCheckValue() {
        #expect(CRC16.of(Array("123456789".utf8).span) == 0x31C3)
    }

    /// Facts §4.2, column "1.3.4 & 1.4.0", which the community stub follows.
    @Test(arguments: [
        ("A5 00 04 00 63 6E 79 73 66", "SYN"),
        ("A5 05 00 00 AA", "CHIP ERASE"),
        ("A5 06 00 00 AB", "RUN"),
        ("A5 90 00 00 35", "FLASH ID"),
        ("A5 99 00 00 3E", "EFUSE dump"),
        ("A5 07 04 00 00 10 0E 00 CE", "BAUD 921600"),
        ("A5 91 08 00 00 00 00 00 00 00 01 00 40", "wrong sum"),
    ])
    func requests(_ hex: String, _ name: String) {
        let described = describe([(.hostToChip, hex)])
        #expect(described.count == 1)
        #expect(described[0].contains(name) || name == "wrong sum")
    }

    @Test(arguments: [
        ("A5 00 04 00 63 6E 79 73 66", "5A 00 00 00 00 00", "SYN ack status 0, stale sum"),
        ("A5 00 04 00 63 6E 79 73 66", "5A 00 00 00 00 60", "SYN ack status 0, stale sum"),
        ("A5 00 04 00 63 6E 79 73 66", "5A 00 00 00 01 5B", "SYN ack status 1 (error)"),
        ("A5 00 04 00 63 6E 79 73 00", "5A FF 00 00 03 5C", "refused: unknown type or wrong sum, status 3"),
        ("A5 93 00 00 38", "5A FF 04 00 03 60", "refused: unknown type or wrong sum, status 3"),
        ("A5 00 04 00 63 6E 79 73 00", "5A 00 00 00 05 66", "SYN ack status 5 (wrong checksum), stale sum"),
        (
            "A5 04 08 00 00 00 00 00 00 00 00 00 B2", "5A 04 00 00 05 B1",
            "ERASE ack status 5 (wrong checksum), stale sum"
        ),
        ("A5 04 08 00 00 00 00 00 00 10 00 00 C1", "5A 04 00 00 00 5E", "ERASE ack status 0"),
        ("A5 04 08 00 00 00 00 00 00 10 00 00 C1", "5A 04 00 00 02 60", "ERASE ack status 2 (address out of range)"),
        ("A5 05 00 00 AA", "5A 05 00 00 00 5F", "CHIP ERASE ack status 0"),
        ("A5 07 04 00 00 10 0E 00 CE", "5A 07 00 00 00 61", "BAUD ack status 0"),
        ("A5 06 00 00 AB", "5A 06 00 00 00 60", "RUN ack status 0"),
        (
            "A5 03 08 00 00 00 00 00 00 00 00 01 B1", "5A 03 00 00 02 5F",
            "FLASH read ack status 2 (address out of range)"
        ),
        ("A5 03 08 00 00 00 00 00 00 00 00 00 B0", "5A 03 00 00 00 5D", "FLASH read ack status 0"),
        ("A5 08 06 00 00 00 18 00 04 00 CF", "5A 08 04 00 01 02 03 04 70", "EFUSE 01 02 03 04"),
        ("A5 08 06 00 00 00 18 00 04 00 CF", "5A 08 00 00 02 64", "EFUSE ack status 2 (address out of range)"),
        ("A5 90 00 00 35", "5A 90 04 00 C8 40 15 00 00 0B", "FLASH ID 1540C8 (2 MB)"),
        (
            "A5 91 08 00 00 00 00 00 00 00 01 00 3F", "5A 91 00 00 02 ED",
            "XMODEM write ack status 2 (address out of range)"
        ),
    ])
    func answers(_ request: String, _ answer: String, _ description: String) {
        let described = describe([(.hostToChip, request), (.chipToHost, answer)])
        #expect(described.count == 2)
        #expect(described.last == description)
    }

    /// Facts §1.4: words, headers, pieces.
    @Test func bootOfUboot() {
        let described = describe([
            (.hostToChip, "63 6E 79 73"), (.chipToHost, "01"),
            (.hostToChip, "63 6E 79 73 63 6E 79 73 63 6E 79 73"), (.chipToHost, "FF"),
            (.hostToChip, "01 00 00 00 00 00 01 00 02 04 00 00"), (.chipToHost, "00"),
            (.hostToChip, String(repeating: "A5 ", count: 1024)), (.chipToHost, "00"),
            (.hostToChip, "01 02"), (.chipToHost, "00 00"),
        ])
        #expect(
            described == [
                "sync word", "sync answer", "sync word", "sync word", "sync word", "header refused",
                "download header 0x10000 +1026", "header accepted", "payload, 1024 of 1026 bytes",
                "piece 1 of 2 accepted", "payload, 1026 of 1026 bytes", "piece 2 of 2 accepted", "noise, 1 byte",
            ])
    }

    /// A match counter that broke is not reconsidered by the chip; the host's word is still named.
    @Test func wordsAndText() {
        #expect(describe([(.hostToChip, "63 6E 63 6E 79 73")]) == ["noise, 2 bytes", "sync word"])
        #expect(
            describe([(.hostToChip, "61 6D 74 5F 30 30 30 30 30 30 37"), (.chipToHost, "4F 4B")])
                == ["amt_ word, digit 7", "amt_ accepted (OK)"])
        #expect(
            describe([(.hostToChip, "61 6D 74 5F 30 30 30 30 30 30 41"), (.chipToHost, "46 41 49 4C 45")])
                == ["amt_ word, no digit", "amt_ refused (FAILE)"])
        let text = Array("\nty heap base: 1f000 size: 196352\nhcrc err\nno flash!".utf8)
        #expect(
            describe([(.chipToHost, hexBytes(text))]) == [
                "text \"\\nty heap base: 1f000 size: 196352\\n\"", "text \"hcrc err\\n\"", "text \"no flash!\"",
            ])
        #expect(describe([(.chipToHost, "00 FF 01")]) == ["noise, 3 bytes"])
    }

    /// Facts §4.3: data frames, the flag for a repetition, and 64 KB frames of an upload.
    @Test func dataFrames() {
        func frame(_ body: [UInt8]) -> String { hexBytes(StubRequest(.flashDownload, body: body).bytes) }
        let data = [UInt8](repeating: 7, count: 4096)
        let start = hexBytes(StubRequest(.flashDownload, address: 0x7000, length: 4103).bytes)
        let last = String(frame([1] + data).dropLast(2)) + "00"
        #expect(
            describe([
                (.hostToChip, start), (.chipToHost, "5A 02 00 00 00 5C"), (.hostToChip, last),
                (.chipToHost, "5A 02 00 00 05 61"), (.hostToChip, frame([1] + data)),
                (.chipToHost, "5A 02 00 00 00 5C"),
                (.hostToChip, frame([0x10, 1, 2, 3, 4, 5, 6, 7])),
            ]) == [
                "FLASH write 0x7000 +4103", "FLASH write ack status 0", "data frame +4096 again, wrong sum",
                "FLASH write ack status 5 (wrong checksum)", "data frame +4096 again", "FLASH write ack status 0",
                "data frame +7",
            ])
    }

    @Test func longUpload() {
        var decoder = SessionDecoder()
        let request = StubRequest(.flashUpload, address: 0, length: 0x10000 + 100).bytes
        decoder.feed(request.span, .hostToChip, stamp: 0)
        let data = (0..<0x10000).map { UInt8(truncatingIfNeeded: $0 / 3 + 7) }
        var long: [UInt8] = [0x5A, 0x03, 0x00, 0x00] + data + [0x00]
        long.append(sum8(Array(long[0..<5]).span))
        decoder.feed(long.span, .chipToHost, stamp: 1)
        let rest = StubAnswer(.flashUpload, data: Array(data[..<100])).bytes
        decoder.feed(rest.span, .chipToHost, stamp: 2)
        var described: [String] = []
        while let event = decoder.nextEvent() { described.append(event.description) }
        #expect(
            described == [
                "FLASH read 0x0 +65636", "upload frame +65536, 65536 of 65636, stale sum",
                "upload frame +100, 65636 of 65636",
            ])
    }

    private func describe(_ runs: [(Direction, String)]) -> [String] {
        GoldenSession.events(
            of: runs.enumerated().map { index, run in
                .init(
                    nanoseconds: Int64(index), direction: run.0,
                    bytes: run.1.split(separator: " ").compactMap { UInt8($0, radix: 16) })
            }
        ).map(\.description)
    }
}
