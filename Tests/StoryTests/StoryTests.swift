import GoldenSessions
import Line
import Story
import Testing
import Wire
import Words

@Suite struct StoryTests {
    private func told(_ name: String) throws -> (Timeline, Statistics, [String]) {
        var timeline = Timeline()
        var statistics = Statistics()
        var lines = EventLines()
        let text = try GoldenSession(name).events().map { event in
            timeline.add(event)
            statistics.add(event)
            return lines.line(event)
        }
        return (timeline, statistics, text)
    }

    @Test func phasesOfAWrite() throws {
        let (timeline, statistics, lines) = try told("write-64k")
        #expect(
            timeline.phases.map(\.kind) == [
                .stubCheck, .sync, .upload, .identify, .baud, .write, .verify, .baud,
            ])
        #expect(timeline.phases[0].note == "no answer")
        #expect(timeline.phases[3].note == "1560EB (2 MB)")
        #expect(timeline.phases[5].byteCount == 65536)
        #expect(timeline.phases.allSatisfy { $0.retries == 0 })
        #expect(statistics.noiseByteCount == 0 && statistics.retries == 0)
        #expect(statistics.hostByteCount == 26096 + 12 + 4 + 5 + 5 + 9 + 13 + 64 * 1029 + 1 + 13 + 9)
        #expect(lines[0] == "    0.000000   +0.000000  → chip  FLASH ID")
    }

    @Test func retries() throws {
        let (timeline, statistics, _) = try told("write-64k-one-bit-corrupt")
        #expect(timeline.phases.first { $0.kind == .write }?.retries == 1)
        #expect(timeline.phases.first { $0.kind == .write }?.byteCount == 65536)
        #expect(statistics.retriesByCause == [.refused: 1])
    }

    @Test func syncWithoutAnswer() throws {
        let (timeline, _, _) = try told("sync-no-answer")
        #expect(timeline.phases.map(\.note) == ["no answer", "163 words, no answer"])
    }

    /// The EOTs belong to the read, though the host has gone on to the hash.
    @Test func lostACK() throws {
        let (timeline, statistics, _) = try told("fail-read-lost-eot-ack")
        #expect(statistics.retriesByCause == [.silence: 9])
        #expect(
            timeline.phases.suffix(2).map(\.note) == [
                "from 0x10000, 9 retries, EOT not acknowledged", "from 0x10000, no answer",
            ])
    }

    /// Times that go back are what files hold: the table shows them as they are.
    @Test func timesThatGoBack() throws {
        var timeline = Timeline()
        var statistics = Statistics()
        for (index, stamp) in [5_000_000_000, 4_000_000_000, 0, -3_000_000_000_000, 9_000].enumerated() {
            let event = SessionEvent(
                direction: .hostToChip, offset: index * 4, byteCount: 4, start: Int64(stamp), end: Int64(stamp),
                kind: index % 2 == 0 ? .syncWord : .downloadHeader(DownloadHeader(type: 1, address: 0, length: 1)))
            timeline.add(event)
            statistics.add(event)
        }
        #expect(timeline.phases.count == 5)
        let lines = timeline.table(barWidth: 8).split(separator: "\n")
        #expect(lines.count == 6)
        #expect(lines[4].contains("0.000000"), "the earliest is the beginning: \(lines[4])")
        #expect(!statistics.text(timeline).isEmpty && !statistics.json(timeline).description.isEmpty)
    }

    @Test func histogram() {
        var histogram = LatencyHistogram()
        for value in stride(from: Int64(0), through: 1_000_000, by: 1000) { histogram.add(value) }
        histogram.add(.max)
        let median = histogram.median ?? 0
        #expect((470_000...501_000).contains(median))
        #expect(histogram.minimum == 0 && histogram.maximum == .max)
    }

    @Test func intervalsOfAHistogram() {
        var histogram = LatencyHistogram()
        for value: Int64 in [0, 1, 6, 100, 199, 200, 2_100, .max] { histogram.add(value) }
        let intervals = histogram.intervals
        #expect(intervals.map(\.count).reduce(0, +) == 8)
        #expect(intervals.prefix(5).map(\.from) == [0, 1, 2, 5, 10])
        #expect(intervals.prefix(5).map(\.count) == [1, 1, 0, 1, 0])
        #expect(intervals.first { $0.from == 100 }?.count == 2 && intervals.first { $0.from == 200 }?.count == 1)
        #expect(zip(intervals, intervals.dropFirst()).allSatisfy { $0.to == $1.from })
        #expect(LatencyHistogram().intervals.isEmpty)
    }

    @Test func json() throws {
        #expect(
            JSONValue.object([.init("a\"", .array([.integer(-1), .null, .bool(true), .string("\u{1}\n")]))])
                .description == #"{"a\"":[-1,null,true,"\u0001\n"]}"#)
        let (timeline, statistics, _) = try told("erase")
        #expect(statistics.json(timeline).description.hasPrefix(#"{"schema":1,"duration":"#))
        #expect(timeline.json.description.contains(#""phase":"erase""#))
    }

    @Test func hexDump() {
        let bytes = Array("hcrc err\n0123456789".utf8)
        #expect(
            EventLines().hexDump(bytes.span, offset: 16) == [
                "    00000010  68 63 72 63 20 65 72 72 0A 30 31 32 33 34 35 36  |hcrc err.0123456|",
                "    00000020  37 38 39                                         |789|",
            ])
    }
}
