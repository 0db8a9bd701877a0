import Capture
import Line
import Testing
import Trace

@Suite("Recordings of esptool")
struct ESPToolImporterTests {
    let bench = ImportBench()

    private static let sync: [UInt8] =
        [0xC0, 0, 8, 0x24, 0, 0, 0, 0, 0, 7, 7, 0x12, 0x20] + Array(repeating: 0x55, count: 32) + [0xC0]
    private static let syncRows = """
            c000082400000000 0007071220555555 | ...$........ UUU
            5555555555555555 5555555555555555 | UUUUUUUUUUUUUUUU
            5555555555555555 5555555555c0     | UUUUUUUUUUUUU.
        """

    /// As versions 2 to 4 print: what esptool says besides may stand before TRACE, and commands have rows of their own.
    @Test func old() throws {
        let (session, events, summary) = try bench.imported(
            """
            esptool.py v2.6
            Serial port COM3
            Connecting...TRACE +0.000 command op=0x08 data len=36 wait_response=1 timeout=0.100 data=
                0707122055555555 5555555555555555 | ... UUUUUUUUUUUU
                5555555555555555 5555555555555555 | UUUUUUUUUUUUUUUU
                55555555                          | UUUU
            TRACE +0.003 Write 46 bytes:\u{20}
            \(Self.syncRows)
            TRACE +0.112 Timed out waiting for packet header
            .TRACE +0.188 Read 1 bytes: c0
            TRACE +0.001 Read 13 bytes: 0108020007071220 0000c0DB7C
            TRACE +0.000 Received full packet: 01080200070712200000
            Changing baud rate to 921600
            TRACE +0.010 Write 2 bytes: c0c0
            Changed.
            TRACE +0.000 Read 1 bytes: 7c
            """)
        #expect(summary.kind == "esptool" && summary.problems == [])
        #expect(session.clock == .host && session.epoch == 0)
        #expect(
            events == [
                at(3000, .data(.hostToChip, Self.sync)), at(303_000, .data(.chipToHost, [0xC0])),
                at(304_000, .data(.chipToHost, [1, 8, 2, 0, 7, 7, 0x12, 0x20, 0, 0, 0xC0, 0xDB, 0x7C])),
                at(314_000, .data(.hostToChip, [0xC0, 0xC0])),
                at(314_000, .baud(.host, bitsPerSecond: 921_600)), at(314_000, .data(.chipToHost, [0x7C])),
            ])
    }

    /// As version 5 prints, with and without colours.
    @Test(arguments: [false, true])
    func new(isColoured: Bool) throws {
        let text = """
            esptool v5.2.0
             TRACE +0.000   --- Cmd SYNC (0x08) | data_len 36 | wait_response 1 | timeout 0.100 | data \


             TRACE +0.001   Write 46 bytes:       \

            \(Self.syncRows)
             TRACE +0.020   Read 1 bytes:         c0
             TRACE +0.000   Read invalid data: c0
             TRACE +0.000   Remaining data in serial buffer: 6a6b
            """
        let (_, events, summary) = try bench.imported(
            isColoured
                ? text.replacing(" TRACE", with: "\u{1B}[2m TRACE").replacing("c0\n", with: "c0\u{1B}[0m\n") : text,
            options { $0.baud = 115_200 })
        #expect(summary.problems == [])
        #expect(
            events == [
                at(0, .baud(.host, bitsPerSecond: 115_200)), at(1000, .data(.hostToChip, Self.sync)),
                at(21_000, .data(.chipToHost, [0xC0])), at(21_000, .data(.chipToHost, [0x6A, 0x6B])),
            ])
    }

    /// esptool-js: milliseconds since the start or since 1970, and what was put back behind a packet is read again.
    @Test(arguments: [0, 1_690_450_000_000] as [Int64])
    func ofABrowser(start: Int64) throws {
        let (session, events, summary) = try bench.imported(
            """
            TRACE \(start + 202).000 Write 3 bytes: c001c0
            TRACE \(start + 356).000 Read 8 bytes: c00102c0c00304
            TRACE \(start + 356).000 Received full packet: 0102
            TRACE \(start + 357).000 Read 3 bytes: c00304
            TRACE \(start + 371).500 Read 2 bytes: 05c0
            TRACE \(start + 371).500 Received full packet: 030405
            """.replacing("c00102c0c00304\n", with: "c00102c0c0030406\n").replacing(
                "Read 3 bytes: c00304", with: "Read 4 bytes: c0030406"))
        #expect(summary.problems == [])
        #expect(session.epoch == (start == 0 ? 0 : (start + 202) * 1_000_000))
        let first: Int64 = start == 0 ? 202_000 : 0
        #expect(
            events == [
                at(first, .data(.hostToChip, [0xC0, 1, 0xC0])),
                at(first + 154_000, .data(.chipToHost, [0xC0, 1, 2, 0xC0, 0xC0, 3, 4, 6])),
                at(first + 169_500, .data(.chipToHost, [5, 0xC0])),
            ])
    }

    /// A time with more decimals than a millisecond has nanoseconds.
    @Test(
        arguments: [("5", 500_000), ("123456", 123_456), ("1234567", 123_456), ("123456789", 123_456)]
            as [(String, Int64)])
    func decimalsOfATime(decimals: String, nanoseconds: Int64) throws {
        let (_, events, _) = try bench.imported("TRACE 202.\(decimals) Write 2 bytes: c0c0")
        #expect(
            events == [
                TraceEvent(Instant(nanoseconds: 202_000_000 + nanoseconds), .data(.hostToChip, [0xC0, 0xC0]))
            ])
    }

    /// What a line announces and does not have is lost, and reading goes on.
    @Test func whatIsMissingIsReported() throws {
        let (_, events, summary) = try bench.imported(
            """
            TRACE +0.001 Write 46 bytes:
                c000082400000000 0007071220555555 | ...$........ UUU
            TRACE +soon Read 1 bytes: c0
            TRACE +0.001 Read 2 bytes: c0c1c2
            TRACE +99999999999999999999 Read 1 bytes: c0
            TRACE +0.001 Read 4000000000000 bytes: c0
            """)
        #expect(
            events == [
                at(1000, .data(.hostToChip, Array(Self.sync.prefix(16)))),
                at(1000, .lost(.hostToChip, count: 30, reason: "the recording does not have them")),
                at(2000, .data(.chipToHost, [0xC0, 0xC1])), at(3000, .data(.chipToHost, [0xC0])),
                at(3000, .lost(.chipToHost, count: 3_999_999_999_999, reason: "the recording does not have them")),
            ])
        #expect(
            summary.problems == [
                "line 1: says 46 bytes, and 16 follow", "line 3: TRACE is not followed by a time",
                "line 4: has more bytes than it says", "line 5: TRACE is not followed by a time",
                "line 6: says 4000000000000 bytes, and 1 follow",
            ])
        #expect(summary.lostByteCount == Pair(hostToChip: 30, chipToHost: 3_999_999_999_999))
    }
}
