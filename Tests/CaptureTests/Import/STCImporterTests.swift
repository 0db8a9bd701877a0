import Capture
import Line
import Testing
import Trace

@Suite("Sessions with STC's loaders")
struct STCImporterTests {
    let bench = ImportBench()

    @Test func blocks() throws {
        let (session, events, summary) = try bench.imported(
            """
            # a session of somebody's

            2013-05-01 12:00:00.123456: host2mcu
            7f 7F 7f
              46 b96a 00
            2013-05-01 12:00:00.223456: mcu2host
            \t46 B9 68
            2013-05-01 12:00:01: host2mcu
            16
            """)
        #expect(summary.kind == "stc" && summary.problems == [])
        #expect(session.epoch == 1_367_409_600_123_456_000)
        #expect(
            events == [
                at(0, .data(.hostToChip, [0x7F, 0x7F, 0x7F, 0x46, 0xB9, 0x6A, 0])),
                at(100_000, .data(.chipToHost, [0x46, 0xB9, 0x68])), at(876_544, .data(.hostToChip, [0x16])),
            ])
    }

    @Test func wrongLinesAreReported() throws {
        let (_, events, summary) = try bench.imported(
            """
            7f
            2013-05-01 12:00:00.123456: host2mcu
            7f 7
            7f
            2013-05-01 12:00:00.123456: up
            01
            2013-02-29 12:00:00: mcu2host
            02
            """)
        #expect(events == [at(0, .data(.hostToChip, [0x7F]))])
        let noRow = "is no row of bytes below a line with time and direction"
        #expect(
            summary.problems == [
                "line 1: \(noRow)", "line 3: \(noRow)",
                "line 5: names no direction that is known: host2mcu or mcu2host", "line 6: \(noRow)",
                "line 7: \(noRow)", "line 8: \(noRow)",
            ])
    }
}
