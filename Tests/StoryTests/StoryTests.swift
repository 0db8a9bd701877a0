import GoldenSessions
import Story
import Testing
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
        #expect(statistics.retries == 1)
    }

    @Test func syncWithoutAnswer() throws {
        let (timeline, _, _) = try told("sync-no-answer")
        #expect(timeline.phases.map(\.note) == ["no answer", "163 words, no answer"])
    }

    /// The EOTs belong to the read, though the host has gone on to the hash.
    @Test func lostACK() throws {
        let (timeline, statistics, _) = try told("fail-read-lost-eot-ack")
        #expect(statistics.retries == 9)
        #expect(
            timeline.phases.suffix(2).map(\.note) == [
                "from 0x10000, 9 retries, EOT not acknowledged", "from 0x10000, no answer",
            ])
    }

    @Test func histogram() {
        var histogram = LatencyHistogram()
        for value in stride(from: Int64(0), through: 1_000_000, by: 1000) { histogram.add(value) }
        histogram.add(.max)
        let median = histogram.median ?? 0
        #expect((470_000...501_000).contains(median))
        #expect(histogram.minimum == 0 && histogram.maximum == .max)
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
