import Capture
import Line
import Testing
import Trace

@Suite("Logs of socat")
struct SocatImporterTests {
    let bench = ImportBench()

    /// socat 1.7.4 with -x alone: a block is a line; nine digits, the last six of which are microseconds.
    private static let plain = """
        2013/05/01 12:00:00 socat[17671] N starting data transfer loop with FDs [0,1] and [5,5]
        > 2013/05/01 12:00:00.000123456  length=20 from=0 to=19
         00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13
        < 2013/05/01 12:00:00.000999999  length=2 from=0 to=1
         c0 FF
        > 2013/05/01 12:00:01.000000000  length=1 from=20 to=20
         7f
        """

    /// The same with -x -v: rows of 16, or up to a line feed; a text column; two hyphens.
    private static let verbose = """
        > 2013/05/01 12:00:00.000123456  length=20 from=0 to=19
         00 01 02 03 04 05 06 07 08 09 0a                 ...........
         0b 0c 0d 0e 0f 10 11 12 13                       .........
        --
        < 2013/05/01 12:00:00.000999999  length=2 from=0 to=1
         c0 ff                                            ..
        --
        > 2013/05/01 12:00:01.000000000  length=1 from=20 to=20
         7f                                               .
        --

        """

    private static let events = [
        at(0, .data(.hostToChip, Array(0...0x13))), at(876_543, .data(.chipToHost, [0xC0, 0xFF])),
        at(876_544, .data(.hostToChip, [0x7F])),
    ]

    @Test(arguments: [plain, verbose, plain.replacing("\n", with: "\r\n")])
    func blocks(log: String) throws {
        let (session, events, summary) = try bench.imported(log)
        #expect(summary.kind == "socat" && summary.problems == [])
        #expect(session.epoch == 1_367_409_600_123_456_000)
        #expect(session.clock == .host)
        #expect(events == Self.events)
        #expect(summary.assumptions == ["the host is at the left address (--host right for the other)"])
    }

    @Test func theHostMayBeAtTheRight() throws {
        let (_, events, summary) = try bench.imported(Self.plain, options { $0.hostSide = .right })
        #expect(summary.assumptions == [])
        #expect(
            events.map(\.kind) == [
                .data(.chipToHost, Array(0...0x13)), .data(.hostToChip, [0xC0, 0xFF]), .data(.chipToHost, [0x7F]),
            ])
    }

    /// Six digits are microseconds; nine of which the first three are not 0 are nanoseconds.
    @Test(
        arguments: [("123456", 1_367_409_600_123_456_000), ("923456789", 1_367_409_600_923_456_789)]
            as [(String, Int64)])
    func otherFractions(fraction: String, epoch: Int64) throws {
        let log = "> 2013/05/01 12:00:00.\(fraction)  length=1 from=0 to=0\n 7f\n"
        #expect(try bench.imported(log).session.epoch == epoch)
    }

    /// A clock that is set back, bytes before the log's beginning, a second run that wrote to the same file.
    @Test func whatIsMissingIsReported() throws {
        let (_, events, summary) = try bench.imported(
            """
             01 02
            > 2013/05/01 12:00:00.000000001  length=3 from=10 to=12
             00 01
            < 2013/05/01 11:59:59.000000001  length=1 from=0 to=0
             02 03
            > 2013/05/01 12:00:00.000000002  length=1 from=0 to=0
             04
            something else
            """)
        #expect(
            events == [
                at(0, .lost(.hostToChip, count: 10, reason: "the recording does not have them")),
                at(0, .data(.hostToChip, [0, 1])),
                at(0, .lost(.hostToChip, count: 1, reason: "the recording does not have them")),
                at(0, .data(.chipToHost, [2])), at(1, .data(.hostToChip, [4])),
            ])
        #expect(summary.outOfOrderCount == 1)
        #expect(
            summary.problems == [
                "line 2: begins at byte 10: 10 bytes before it are missing", "line 2: says 3 bytes, and 2 follow",
                "line 5: has more bytes than the header says", "line 8: is neither a header nor a row of bytes",
                "line 1: 1 rows of bytes have no header",
            ])
    }

    @Test func aLogOfTextIsRefused() {
        let text = "> 2013/05/01 12:00:00.000123456  length=5 from=0 to=4\nab\ncd"
        #expect(bench.refusal(text.bytes)?.contains(":2: is text: the log was made with -v alone") == true)
        #expect(bench.refusal(" 00 01\n".bytes, options("socat"))?.contains("bytes without a header") == true)
    }

    /// A block may say anything of its length.
    @Test func aLengthBeyondReasonIsBounded() throws {
        let log =
            "> 2013/05/01 12:00:00.000000001  length=999999999999 from=0 to=9\n"
            + String(repeating: " 41 42 43 44\n", count: 40_000)
        let (_, events, _) = try bench.imported(log)
        let counts = events.map { event in
            if case .data(_, let bytes) = event.kind { bytes.count } else { 0 }
        }
        #expect(counts == [65_535, 65_535, 28_930, 0])
    }
}
