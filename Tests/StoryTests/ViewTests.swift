import Foundation
import Line
import Story
import Testing
import Trace
import Wire

/// A session as other programs take it.
@Suite struct ViewTests {
    private func at(_ microseconds: Int64) -> Instant { Instant(nanoseconds: microseconds * 1000) }

    // MARK: Waveforms

    /// A reader of waveforms that knows nothing of ours: levels of a wire by time, then a UART of 8N1.
    private func bytes(in dump: String, wire: Character, baud: Int) -> (bytes: [UInt8], starts: [Int64]) {
        var edges: [(time: Int64, level: Bool)] = []
        var time: Int64 = 0
        for line in dump.split(separator: "\n") {
            if line.first == "#", let moment = Int64(line.dropFirst()) {
                #expect(moment >= time, "times go back")
                time = moment
            } else if line.count == 2, line.last == wire, let level = line.first {
                edges.append((time, level == "1"))
            }
        }
        func level(at moment: Int64) -> Bool { edges.last { $0.time <= moment }?.level ?? true }
        var (bytes, starts): ([UInt8], [Int64]) = ([], [])
        var busyUntil: Int64 = -1
        for edge in edges where !edge.level && edge.time >= busyUntil {
            func bit(_ index: Int64) -> Bool { level(at: edge.time + (2 * index + 1) * 500_000_000 / Int64(baud)) }
            #expect(!bit(0) && bit(9), "start and stop")
            bytes.append((0..<8).reduce(0) { $0 | (bit(Int64($1) + 1) ? 1 << UInt8($1) : 0) })
            starts.append(edge.time)
            busyUntil = edge.time + 9_500_000_000 / Int64(baud)
        }
        return (bytes, starts)
    }

    @Test(arguments: [115_200, 921_600])
    func aWaveformHasEveryByte(baud: Int) {
        var waveform = Waveform()
        var dump = Waveform.head
        let sent = (0..<600).map { UInt8(truncatingIfNeeded: $0 &* 97) }
        let (first, second) = (Array(sent[..<300]), Array(sent[300...]))
        let answer: [UInt8] = [0x01, 0x5A, 0x00, 0xFF]
        dump += waveform.note(TraceEvent(at(0), .baud(.host, bitsPerSecond: UInt32(baud))))
        dump += waveform.data(first.span, .hostToChip, at: at(100_000))
        // In the middle of the host's.
        dump += waveform.data(answer.span, .chipToHost, at: at(100_500))
        dump += waveform.data(second.span, .hostToChip, at: at(130_000))
        dump += waveform.finish()
        let (host, starts) = bytes(in: dump, wire: "!", baud: baud)
        #expect(host == sent)
        #expect(bytes(in: dump, wire: "\"", baud: baud).bytes == answer)
        // The run of 300 ends at its moment.
        #expect(abs(starts[299] + 10_000_000_000 / Int64(baud) - 100_000_000) < 20)
    }

    @Test func linesAndPowerAreDrawn() {
        var waveform = Waveform()
        var dump = waveform.note(TraceEvent(at(5), .power(on: true)))
        dump += waveform.note(TraceEvent(at(25), .controlLines([.requestToSend])))
        dump += waveform.note(TraceEvent(at(45), .power(on: false)))
        dump += waveform.finish()
        #expect(dump == "#0\n1#\n#20000\n0$\n1%\n#40000\n0#\n#40000\n")
    }

    // MARK: Tables

    @Test func fieldsOfATableAreQuoted() {
        var table = EventTable()
        let mark = Mark(stamp: 1_000_000_000, text: "a \"b\", c\n", kind: "note")
        #expect(table.row(.mark(mark)) == "0.000000000,0.000000000,,,,note,\"a \"\"b\"\", c\n\",\r\n")
        let event = SessionEvent(
            direction: .hostToChip, offset: 7, byteCount: 4, start: 1_000_001_000, end: 2_500_000_000, kind: .syncWord)
        #expect(
            table.row(.event(event, bytes: [])) == "0.000001000,1.500000000,host-to-chip,7,4,sync-word,sync word,\r\n")
    }

    // MARK: Perfetto

    @Test func messagesOfALaneNeverOverlap() throws {
        var perfetto = PerfettoTrace()
        var text = perfetto.head("x")
        text += perfetto.note(TraceEvent(at(0), .baud(.host, bitsPerSecond: 115_200)))
        for (index, end) in [10_000, 10_100, 10_050, 90_000].enumerated() {
            let stamp = Int64(end) * 1000
            text += perfetto.entry(
                .event(
                    SessionEvent(
                        direction: .hostToChip, offset: index, byteCount: 12, start: stamp, end: stamp,
                        kind: .noise), bytes: []))
        }
        text += perfetto.entry(.mark(Mark(stamp: 95_000_000, text: "on \"x\"", kind: "power")))
        text += perfetto.foot
        let object = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let entries = try #require(object["traceEvents"] as? [[String: Any]])
        let slices = entries.filter { $0["ph"] as? String == "X" }
        #expect(slices.count == 4)
        var end = 0.0
        for slice in slices {
            let start = try #require(slice["ts"] as? Double)
            #expect(start >= end)
            end = start + (try #require(slice["dur"] as? Double))
        }
        #expect(entries.contains { $0["name"] as? String == "on \"x\"" })
        #expect(entries.contains { $0["ph"] as? String == "C" })
    }
}
