import Digests
import Foundation
import GoldenSessions
import Line
import Story
import Testing
import Trace
import Wire
import Words

/// A session as one page.
@Suite struct SessionPageTests {
    private func at(_ microseconds: Int64) -> Instant { Instant(nanoseconds: microseconds * 1000) }

    private struct Written {
        var pieces: [String]
        var told: [SessionFollower.Told]

        var html: String { pieces.joined() }
    }

    /// What `show --html` writes of these events.
    private func page(_ events: [TraceEvent], name: String = "t.pcap") -> Written {
        var page = SessionPage()
        var follower = SessionFollower(keepsBytes: true)
        var written = Written(pieces: [page.head(name)], told: [])
        func tell(_ told: SessionFollower.Told) {
            written.told.append(told)
            written.pieces.append(page.row(told))
        }
        for event in events {
            if case .data(let direction, let bytes) = event.kind {
                page.data(bytes.count, direction, at: event.time)
                follower.data(bytes.span, direction, at: event.time, tell: tell)
            } else {
                written.pieces.append(page.note(event))
                follower.other(event, tell: tell)
            }
        }
        follower.finish(tell: tell)
        written.pieces.append(page.foot())
        return written
    }

    private func events(of golden: String) throws -> [TraceEvent] {
        try GoldenSession(golden).runs.map {
            TraceEvent(Instant(nanoseconds: $0.nanoseconds), .data($0.direction, $0.bytes))
        }
    }

    // MARK: What is in it

    @Test(arguments: GoldenSession.names)
    func everythingToldIsInIt(golden: String) throws {
        let written = page(try events(of: golden))
        let rows = try ReadPage(written.html).rows
        #expect(rows.count == written.told.count)
        for (row, told) in zip(rows, written.told) {
            switch told {
            case .event(let event, let bytes):
                #expect(row.lane == (event.direction == .hostToChip ? 0 : 1))
                #expect(row.text == event.description && row.kind == event.kind.name)
                #expect(row.end == event.end && row.start == event.start && row.drawn <= event.end)
                #expect(row.offset == Int64(event.offset) && row.byteCount == event.byteCount)
                #expect(row.bytes == bytes && bytes.count == event.byteCount)
                #expect(row.meaning == event.kind.meaning && !row.meaning.isEmpty)
                #expect(row.advice == event.pitfall?.description && row.pitfall == event.pitfall?.summary)
            case .mark(let mark):
                #expect(row.text == mark.text && row.kind == mark.kind && row.end == mark.stamp && row.offset == nil)
            }
        }
    }

    /// Every byte of the host's and the chip's is in it, in its order.
    @Test func bothStreamsAreInIt() throws {
        let golden = try GoldenSession("read-64k")
        let rows = try ReadPage(page(try events(of: golden.name)).html).rows
        for direction in Direction.allCases {
            let lane = direction == .hostToChip ? 0 : 1
            #expect(rows.filter { $0.offset != nil && $0.lane == lane }.flatMap(\.bytes) == golden.stream(direction))
        }
    }

    @Test func whatLastsIsInIt() throws {
        let events: [TraceEvent] = [
            TraceEvent(at(0), .data(.hostToChip, Array("cnys".utf8))),
            TraceEvent(at(5), .session(SessionDescription(program: "p", programVersion: "1", clock: .line, epoch: 7))),
            TraceEvent(at(10), .power(on: true)),
            TraceEvent(at(20), .baud(.chip, bitsPerSecond: 921_600)),
            TraceEvent(at(30), .controlLines([.dataTerminalReady, .requestToSend])),
            TraceEvent(at(40), .loader("uboot 1.4.0")),
            TraceEvent(
                at(50),
                .difference(
                    LineDifference(
                        .hostToChip, hostOffset: 1, hostCount: 2, chipCharacters: [0xEF], cause: .fault("loose wire")))),
            TraceEvent(at(60), .data(.hostToChip, Array("cnys".utf8))),
        ]
        let read = try ReadPage(page(events).html)
        #expect(
            read.states == [
                .power(10_000, on: true), .baud(20_000, end: 1, rate: 921_600), .lines(30_000, 0x18),
                .loader(40_000, "uboot 1.4.0"),
                // Differences count from their session's beginning; the page counts from the trace's.
                .difference(
                    50_000, direction: 0, offset: 5, hostCount: 2, chipCount: 1, cause: "loose wire", [0xEF]),
            ])
        #expect(read.rows.allSatisfy { !$0.meaning.isEmpty })
        let lanes = read.rows.filter { $0.offset == nil }.map { "\($0.lane) \($0.kind)" }
        #expect(lanes == ["6 trace", "4 power", "3 baud", "2 lines", "4 chip", "5 differs"])
    }

    /// ECR6600 facts §4: `A5 type length16 data sum8`; §10: `02 n ~n data[1024] crc16`.
    @Test func partsOfMessagesAreNamed() throws {
        let rows = try ReadPage(page(try events(of: "write-64k")).html).rows
        #expect(rows.first { $0.text == "FLASH ID" }?.fields == "marker 1,type 1,length 2,sum 1")
        #expect(
            rows.first { $0.text.hasPrefix("XMODEM write 0x") }?.fields
                == "marker 1,type 1,length 2,address 4,length 4,sum 1")
        #expect(
            rows.first { $0.kind == "xmodem-block" }?.fields == "STX 1,number 1,complement 1,data 1024,CRC 0")
        #expect(
            rows.first { $0.text.hasPrefix("FLASH ID 1560EB") }?.fields
                == "marker 1,type 1,length 2,data 0,status 1,sum 1")
    }

    /// Messages are drawn for as long as they are on the wire, one after the other (10 bits a byte).
    @Test func messagesAreDrawnOverTheirTimeOnTheWire() throws {
        let word = Array("cnys".utf8)
        let rows = try ReadPage(
            page([
                TraceEvent(at(0), .baud(.host, bitsPerSecond: 1_000_000)),
                TraceEvent(at(1000), .data(.hostToChip, word)), TraceEvent(at(1010), .data(.hostToChip, word)),
            ]).html
        ).rows.filter { $0.offset != nil }
        #expect(rows.map(\.drawn) == [960_000, 1_000_000])
    }

    // MARK: The summary

    @Test func latePowerIsSeenAtOnce() {
        let html = page([
            TraceEvent(at(10_000), .data(.hostToChip, Array("cnyscnys".utf8))),
            TraceEvent(at(500_000), .lost(.hostToChip, count: 8, reason: "no power")),
            TraceEvent(at(510_000), .power(on: true)),
        ]).html
        #expect(
            html.contains(
                "data-at=\"510000000\">power came 500 ms after the host&#39;s first byte; 8 bytes had been sent by then</li>"
            ))
        #expect(!html.contains("<li class=\"trouble\""))
    }

    @Test func whatIsLostIsCounted() {
        let html = page([
            TraceEvent(at(0), .power(on: true)),
            TraceEvent(at(10_000), .data(.hostToChip, Array("cnyscnys".utf8))),
            TraceEvent(at(11_000), .lost(.hostToChip, count: 3, reason: "receive FIFO overrun")),
            TraceEvent(at(12_000), .lost(.hostToChip, count: 4, reason: "receive FIFO overrun")),
        ]).html
        #expect(html.contains("data-at=\"11000000\">7 bytes host-to-chip lost: receive FIFO overrun, 2 times</li>"))
    }

    @Test func differencesAreSummedUp() {
        var events: [TraceEvent] = []
        for index in 0..<3 {
            events.append(
                TraceEvent(
                    at(Int64(index) * 100),
                    .difference(
                        LineDifference(
                            .hostToChip, hostOffset: index * 4, hostCount: 4, chipCharacters: [0x7B, 0x6F],
                            cause: .ground))))
            events.append(TraceEvent(at(Int64(index) * 100 + 1), .data(.hostToChip, Array("cnys".utf8))))
        }
        #expect(
            page(events).html.contains(
                "12 bytes host-to-chip arrived as 6 others, in 3 places (no common ground)</li>"))
    }

    @Test func phasesAreATable() throws {
        let html = page(try events(of: "erase")).html
        let table = try #require(html.components(separatedBy: "<tbody>").last)
        let names = table.components(separatedBy: "<tr ").dropFirst().map {
            String($0.components(separatedBy: "<td>")[1].prefix { $0 != "<" })
        }
        #expect(names == ["stub check", "sync", "upload", "identify", "erase"])
    }

    // MARK: What is hostile

    private static let hostile = "</script>\u{0D4E}</script><img src=x onerror=alert(1)>\u{202E}\u{0}\"'&<!--"

    @Test func nothingOfATraceBecomesMarkup() throws {
        let text = Self.hostile
        let written = page(
            [
                TraceEvent(
                    at(0),
                    .session(
                        SessionDescription(
                            program: text, programVersion: text, clock: .line,
                            properties: [.init(text, text)]))),
                TraceEvent(at(1), .note(text)), TraceEvent(at(2), .fault(text)), TraceEvent(at(3), .loader(text)),
                TraceEvent(at(4), .lost(.chipToHost, count: 3, reason: text)),
                TraceEvent(
                    at(5),
                    .difference(
                        LineDifference(
                            .chipToHost, hostOffset: 0, hostCount: 1, chipCharacters: Array(text.utf8),
                            cause: .fault(text)))),
                TraceEvent(at(6), .data(.chipToHost, Array((text + "\n").utf8))),
            ], name: text)
        let empty = page([]).html
        // No element is there but the page's own, and those of what it found.
        func count(_ tag: String, in html: String) -> Int { html.components(separatedBy: tag).count - 1 }
        let html = written.html
        #expect(count("<img", in: html) == 0)
        #expect(count("<script", in: html) == count("<script", in: empty))
        #expect(count("</script", in: html) == count("</script", in: empty))
        #expect(count("<!--", in: html) == count("<!--", in: empty))
        #expect(!html.unicodeScalars.contains("\u{202E}") && !html.unicodeScalars.contains("\u{0}"))
        // And it is told as it is everywhere else.
        let rows = try ReadPage(html).rows
        #expect(rows.contains { $0.kind == "note" && $0.text == printable(text) })
    }

    @Test func aLongTextIsCutOff() throws {
        let rows = try ReadPage(page([TraceEvent(at(0), .note(String(repeating: "x", count: 200_000)))]).html).rows
        #expect(rows.map(\.text.count) == [4001])
    }

    @Test func anEmptySessionIsAPage() throws {
        let html = page([]).html
        let read = try ReadPage(html)
        #expect(read.rows.isEmpty && read.states.isEmpty)
        #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
        #expect(html.contains("no messages"))
    }

    @Test func oneMessageIsAPage() throws {
        let rows = try ReadPage(page([TraceEvent(at(7), .data(.hostToChip, Array("cnys".utf8)))]).html).rows
        #expect(rows.map(\.text) == ["sync word"] && rows[0].end == 7000)
    }

    /// Times go back, and lie a century apart, in files of others.
    @Test func timesThatGoNowhere() throws {
        let century: Int64 = 3_155_759_999_999_999_999
        var events: [TraceEvent] = []
        for time in [century, -century, 0, century, -century] {
            let moment = Instant(nanoseconds: time)
            events.append(TraceEvent(moment, .data(.hostToChip, Array("cnys".utf8))))
            events.append(TraceEvent(moment, .power(on: true)))
            events.append(TraceEvent(moment, .note("x")))
        }
        let written = page(events)
        let read = try ReadPage(written.html)
        let ends = written.told.map { told in
            switch told {
            case .event(let event, _): event.end
            case .mark(let mark): mark.stamp
            }
        }
        #expect(read.rows.map(\.end) == ends)
        #expect(read.states.count == 5)
    }

    // MARK: What is large

    /// However long the trace, what is gathered before it is written stays small, and the page has an end.
    @Test func aLongSessionIsWrittenInPieces() throws {
        var page = SessionPage()
        var follower = SessionFollower(keepsBytes: true)
        var (largest, total, rowCount) = (0, 0, 0)
        func wrote(_ text: String) {
            largest = max(largest, text.utf8.count)
            total += text.utf8.count
        }
        func tell(_ told: SessionFollower.Told) {
            rowCount += 1
            wrote(page.row(told))
        }
        let block: [UInt8] = [0x41] + [UInt8](repeating: 0x55, count: 299)
        for index in 0..<100_000 {
            let moment = at(Int64(index) * 1000)
            let note = TraceEvent(moment, .note("the \(index)th of many"))
            page.data(block.count, .chipToHost, at: moment)
            follower.data(block.span, .chipToHost, at: moment, tell: tell)
            wrote(page.note(note))
            follower.other(note, tell: tell)
        }
        follower.finish(tell: tell)
        wrote(page.foot())
        #expect(rowCount >= 100_000)
        #expect(largest < 2_000_000)
        // 16 MB of bytes as base64, and the rows: not the 30 MB that crossed.
        #expect(total < 40_000_000)
    }

    // MARK: The page itself

    /// Nothing is loaded, and the browser runs the page's script and style alone: the policy has their hashes.
    @Test func thePolicyFitsThePage() throws {
        let html = page([]).html
        func content(_ tag: String) throws -> String {
            let start = try #require(html.range(of: "<\(tag)>")).upperBound
            return String(
                html[start..<(try #require(html.range(of: "</\(tag)>", range: start..<html.endIndex))).lowerBound])
        }
        for tag in ["script", "style"] {
            let hash = Data(SHA256.of(Array(try content(tag).utf8))).base64EncodedString()
            #expect(html.contains("\(tag)-src 'sha256-\(hash)'"), "\(tag)")
        }
        #expect(html.contains("content=\"default-src 'none'; "))
        for word in ["http:", "https:", " src=", "url(", "@import", " style=", "innerHTML", "<!--"] {
            #expect(!html.contains(word), "\(word)")
        }
    }
}
