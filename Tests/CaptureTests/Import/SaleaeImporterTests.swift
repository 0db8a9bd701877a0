import Capture
import Line
import Testing
import Trace

@Suite("Tables of Logic 2")
struct SaleaeImporterTests {
    let bench = ImportBench()

    private static let table = """
        name,type,start_time,duration,"data","error"
        "TX","data",0.002,8.6e-05,0x63,
        "TX","data",0.0020868,8.6e-05,0b01101110,
        "RX","data",0.01,0.000086,121,"framing"
        "RX","data",0.0100868,8.6e-05,0xFF,
        "RX","data",0.5,8.6e-05,0x00,"parity error, framing error"
        """

    @Test func rows() throws {
        let (session, events, summary) = try bench.imported(Self.table)
        #expect(summary.kind == "saleae" && summary.problems == [])
        #expect(session.clock == .line)
        #expect(
            events == [
                TraceEvent(Instant(nanoseconds: 2_172_800), .data(.hostToChip, [0x63, 0x6E])),
                TraceEvent(Instant(nanoseconds: 10_086_000), .data(.chipToHost, [121])),
                TraceEvent(Instant(nanoseconds: 10_086_000), .receiveError(.chipToHost, .framing, count: 1)),
                TraceEvent(Instant(nanoseconds: 10_172_800), .data(.chipToHost, [0xFF])),
                TraceEvent(Instant(nanoseconds: 500_086_000), .data(.chipToHost, [0])),
                TraceEvent(Instant(nanoseconds: 500_086_000), .receiveError(.chipToHost, .framing, count: 1)),
                TraceEvent(Instant(nanoseconds: 500_086_000), .receiveError(.chipToHost, .parity, count: 1)),
            ])
        #expect(summary.assumptions.count == 1 && summary.assumptions[0].contains(#""TX" is what the host sends"#))
    }

    /// Columns in another order and more of them, dates for times, names that say nothing.
    @Test func otherColumns() throws {
        let table = #"""
            type,name,duration,start_time,address,data,error
            data,"Async Serial, D0",8.6e-05,2026-09-22T08:20:18.204048396+02:00,0x1,0x63,
            data,"Async ""D1""",8.6e-05,2026-09-22T08:20:18.204148396+02:00,,0x64,
            start,"Async ""D1""",8.6e-05,2026-09-22T08:20:18.204148396+02:00,,0x64,
            """#
        let (session, events, summary) = try bench.imported(
            table, options { ($0.hostWire, $0.chipWire, $0.baud) = (#"Async "D1""#, "Async Serial, D0", 115_200) })
        #expect(summary.problems == [] && summary.assumptions == [])
        #expect(session.epoch == 1_790_058_018_204_048_396)
        #expect(
            events == [
                at(0, .baud(.host, bitsPerSecond: 115_200)), at(86, .data(.chipToHost, [0x63])),
                at(186, .data(.hostToChip, [0x64])),
            ])
    }

    @Test func wiresThatNobodyKnowsAreListed() {
        let table = Self.table.replacing("TX", with: "D0").replacing("RX", with: "D1")
        #expect(bench.refusal(table.bytes)?.contains(#"does not say which wire is whose: "D0", "D1""#) == true)
        let both = Self.table.replacing("\"RX\"", with: "\"TX 2\"")
        #expect(bench.refusal(both.bytes)?.contains(#"two wires that the host may send on: "TX" and "TX 2""#) == true)
    }

    /// A row that cannot be read is passed over; times before the trigger are negative.
    @Test func wrongRowsAreReported() throws {
        let (_, events, summary) = try bench.imported(
            """
            name,type,start_time,duration,data,error
            TX,data,-0.001,8.6e-05,0x63,odd
            TX,data,soon,8.6e-05,0x63,
            TX,data,1e30,8.6e-05,0x63,
            TX,data,0.1,3.5,0x63,
            TX,data,0.1,8.6e-05,c,
            TX
            D4,data,0.2,8.6e-05,0x41,
            TX,data,0.0,8.6e-05,0x64,
            """)
        #expect(events == [at(86, .data(.hostToChip, [0x63])), at(1086, .data(.hostToChip, [0x64]))])
        #expect(
            summary.problems == [
                "line 2: has an error that is not known here: \"odd\"", "line 3: has no time", "line 4: has no time",
                "line 5: has no duration, or one beyond a second",
                "line 6: \"c\" is no byte: export hexadecimal or decimal numbers",
                "line 7: has fewer columns than the first",
                "the table: nobody's wires are passed over: \"D4\"",
            ])
    }
}
