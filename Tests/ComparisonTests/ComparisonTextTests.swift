import Comparison
import Line
import Testing
import Trace
import Words

/// How a comparison is told.
@Suite struct ComparisonTextTests {
    private func lines(_ a: Recording, _ b: Recording, isColoured: Bool = false, most: Int = 100) -> [String] {
        var text = ComparisonText(a: "a.pcap", b: "b.pcap", isColoured: isColoured, most: most, window: 64)
        return TraceComparison().findings(a.events, b.events).flatMap { text.take($0) } + text.finish()
    }

    /// A session with a NAK more, and one with a byte that differs; times by hand: 1 ms a message.
    private var pair: (Recording, Recording) {
        var (a, b) = (Recording(), Recording())
        a.beginWrite()
        a.write(1...7)
        b.beginWrite()
        b.write(1...3)
        b.host(Recording.block(4))
        b.chip(Recording.nak)
        b.write(4...6)
        b.host(Recording.block(7, changing: [0x0D: 0xAA]))
        b.chip(Recording.ack)
        return (a, b)
    }

    @Test func theWholeOfIt() {
        let block = Recording.block(7)
        let row = hexBytes(block[0x10..<0x20])
        let changed = hexBytes(Recording.block(7, changing: [0x0D: 0xAA])[0x10..<0x20])
        let (a, b) = pair
        let text = lines(a, b)
        #expect(
            Array(text.prefix(12)) == [
                "- A: a.pcap",
                "+ B: b.pcap",
                "         in A        in B",
                "  … 8 steps agree",
                "     0.008000    0.008000  ← chip   ACK",
                "     0.009000    0.009000  → chip   block 4",
                "+                0.010000  ← chip   NAK",
                "+                0.011000  → chip   block 4 again",
                "     0.010000    0.012000  ← chip   ACK",
                "  … 2 steps agree",
                "     0.013000    0.015000  → chip   block 6",
                "     0.014000    0.016000  ← chip   ACK",
            ])
        #expect(text.contains("~    0.015000    0.017000  → chip   block 7"))
        #expect(text.contains("        0x0010  A  \(row)"))
        #expect(text.contains("                B  \(changed)"))
        #expect(text.contains("                   ^^"), "the first byte of the row")
        #expect(text.last == "16 steps agree, 2 only in B, 1 in both but different")
    }

    @Test func agreement() {
        let (a, _) = pair
        #expect(lines(a, a) == ["a.pcap and b.pcap agree: 17 steps"])
    }

    @Test func coloursOnlyWhereAsked() {
        let (a, b) = pair
        #expect(!lines(a, b).contains { $0.contains("\u{1B}") })
        let coloured = lines(a, b, isColoured: true)
        #expect(coloured.contains { $0.hasPrefix("\u{1B}[32m+ ") && $0.hasSuffix("NAK\u{1B}[0m") })
        #expect(coloured.contains { $0.hasPrefix("\u{1B}[33m~ ") })
        #expect(coloured.contains("     0.009000    0.009000  → chip   block 4"), "what agrees has none")
    }

    /// What is said over and over is one line; of too many the rest are counted.
    @Test func outputIsBounded() {
        var (a, b) = (Recording(), Recording())
        for _ in 0..<3 { a.host(Recording.sync) }
        for _ in 0..<303 { b.host(Recording.sync) }
        for number in 1...100 {
            a.host(Recording.erase(UInt32(number) << 12, 4096))
            b.host(Recording.erase(UInt32(number) << 12, 8192))
        }
        let text = lines(a, b, most: 10)
        #expect(text.contains { $0.hasPrefix("+ ") && $0.hasSuffix("300 × sync word") })
        #expect(text.contains("… 91 more steps that differ (--most)"))
        #expect(text.count < 80)
        #expect(text.last == "3 steps agree, 300 only in B, 100 in both but different")
    }

    /// Exchanges that come again and again are folded as well, and noise that belongs together is one.
    @Test func exchangesAreFolded() {
        var (a, b) = (Recording(), Recording())
        a.host(Recording.chipErase)
        b.host(Recording.chipErase)
        for _ in 0..<300 {
            b.add(.flushed(.input))
            b.host(Recording.sync)
        }
        b.host(Recording.run)
        b.chip((0..<200).map { UInt8(0x80 | $0 & 0x3F) }, [0x11, 0x99])
        let text = lines(a, b)
        #expect(
            text.filter { $0.hasPrefix("+ ") && !$0.hasSuffix(".pcap") }.map { $0.dropFirst(27) } == [
                "· flush  300 × the host threw away its input",
                "→ chip   300 × sync word",
                "→ chip   RUN",
                "← chip   noise, 202 bytes",
            ], "\(text)")
    }

    /// Of two texts of different lengths, what is between their common ends.
    @Test func otherLengths() {
        var (a, b) = (Recording(), Recording())
        a.text("version 1.3.4 of it\n")
        b.text("version 1.3.11 of it\n")
        let text = lines(a, b)
        #expect(text.contains { $0.hasSuffix("text \"version 1.3.4 of it\\n\"") })
        #expect(text.contains { $0.hasSuffix("in B: text \"version 1.3.11 of it\\n\"") })
        #expect(text.contains { $0.hasSuffix("from 0xC on 1 byte in A, 2 in B") }, "\(text)")
    }

    @Test func asJSON() throws {
        let (a, b) = pair
        var json = ComparisonJSON(a: "a.pcap", b: "b.pcap", most: 100, window: 64)
        TraceComparison().findings(a.events, b.events).forEach { json.take($0) }
        let report = try JSONReader.value(of: json.finish().description)
        #expect(report["schema"] == .integer(1) && report["outcome"] == .string("differ"))
        #expect(report["steps"]?["same"] == .integer(16) && report["steps"]?["onlyInB"] == .integer(2))
        guard case .array(let differences) = report["differences"] else {
            Issue.record("\(report)")
            return
        }
        #expect(differences.map { $0["kind"] } == [.string("only-in-b"), .string("only-in-b"), .string("changed")])
        #expect(differences[0]["a"] == .null)
        #expect(differences[0]["b"]?["text"] == .string("NAK"))
        #expect(differences[1]["b"]?["text"] == .string("block 4 again"))
        #expect(differences[1]["b"]?["direction"] == .string("host-to-chip"))
        // Behind the command's 13 bytes and four blocks.
        #expect(differences[1]["b"]?["offset"] == .integer(13 + 4 * 1029))
        #expect(differences[2]["bytes"]?["offset"] == .integer(0x10))
    }
}

extension JSONValue {
    fileprivate subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}
