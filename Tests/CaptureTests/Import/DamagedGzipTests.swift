import Capture
import Digests
import Line
import Testing
import Trace

/// Of a text that is packed and damaged, what comes before the damage is imported, and that it was damaged is said.
@Suite("Packed recordings that are damaged")
struct DamagedGzipTests {
    private let bench = ImportBench()

    /// A thousand lines of bytes that do not pack well.
    private static let text: String = {
        var random = SplitMix64(seed: 7)
        return (0..<1000).map { number in
            let digits = random.bytes(32).map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
            return "{\"t\": \(number), \"dir\": \"host-to-chip\", \"hex\": \"\(digits)\"}\n"
        }.joined()
    }()

    private static let packed = Gzip.pack(Array(text.utf8))

    private func expectBeginning(of file: [UInt8], _ words: String) throws {
        let whole = try bench.imported(Self.text).events
        let (_, events, summary) = try bench.imported(file)
        #expect(events.count > 100 && events.count < whole.count)
        #expect(events == Array(whole.prefix(events.count)))
        #expect(summary.problems.count == 1)
        #expect(summary.problems.first?.contains(words) == true, "\(summary.problems)")
        #expect(summary.problems.first?.hasSuffix("what follows is not read") == true)
    }

    @Test func oneThatBreaksOff() throws {
        let file = Array(Self.packed.prefix(Self.packed.count / 2))
        try expectBeginning(of: file, "break off at byte \(file.count)")
    }

    @Test func oneWithWrongBytes() throws {
        // Behind half of the text, in the middle of a line, a second member whose method there is not.
        let text = Array(Self.text.utf8)
        let file = Gzip.pack(Array(text[..<(text.count / 2)])) + [0x1F, 0x8B, 0x09, 0, 0, 0, 0, 0, 0, 3, 0, 0]
        try expectBeginning(of: file, "are damaged")
    }

    /// Only its sum is missing: all lines are there.
    @Test func oneWithoutItsEnd() throws {
        let (_, events, summary) = try bench.imported(Array(Self.packed.dropLast(8)))
        #expect(events == (try bench.imported(Self.text).events))
        #expect(summary.problems.count == 1)
    }

    /// Before anything was read, nothing is made of it.
    @Test func oneThatIsDamagedAtOnce() {
        let refusal = bench.refusal(Array(Self.packed.prefix(11)))
        #expect(refusal?.contains("the gzip data break off at byte 11") == true, "\(refusal ?? "")")
    }

    /// Other texts end in the same way; a run that is not whole is kept as far as it goes.
    @Test func socat() throws {
        var random = SplitMix64(seed: 8)
        let text = (0..<400).map { number -> String in
            let rows = random.bytes(16).map { " " + String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
            return "> 2013/05/01 12:00:00.\(100_000 + number)  length=16 from=0 to=15\n\(rows)\n"
        }.joined()
        let packed = Gzip.pack(Array(text.utf8))
        let whole = try bench.imported(text).events
        let (_, events, summary) = try bench.imported(Array(packed.prefix(packed.count / 2)))
        #expect(events.count > 20 && events.count < whole.count)
        #expect(events.prefix(events.count - 2) == whole.prefix(events.count - 2))
        #expect(summary.problems.last?.contains("break off") == true)
    }

    /// Plain bytes as well.
    @Test func raw() throws {
        var random = SplitMix64(seed: 9)
        let bytes = random.bytes(100_000)
        let packed = Gzip.pack(bytes)
        let (_, events, summary) = try bench.imported(
            Array(packed.prefix(60_000)), options("raw") { ($0.direction, $0.baud) = (.hostToChip, 115_200) })
        let turns = RecordedSession.turns(events)
        #expect(turns.count == 1 && turns[0].bytes.count > 50_000)
        #expect(turns.first.map { Array(bytes.prefix($0.bytes.count)) == $0.bytes } == true)
        #expect(summary.problems.count == 1)
    }
}
