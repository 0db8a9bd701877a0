import Capture
import Comparison
import FoundationEssentials
import Line
import TestForms
import Testing
import Trace
import Words

/// What holds for any two traces.
@Suite struct ComparisonPropertyTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "traces").path(percentEncoded: false)
    static let corpus =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".pcap") }.sorted()

    /// The generator that decides what is done to a trace.
    struct Dice {
        private var state: UInt64

        init(_ seed: Int) { state = UInt64(seed + 1) &* 0x9E37_79B9_7F4A_7C15 }

        mutating func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
    }

    @Test func thereIsACorpus() { #expect(Self.corpus.count > 30) }

    /// Every recorded session agrees with itself, times included, however its bytes are cut into records.
    @Test(arguments: corpus)
    func aTraceAgreesWithItself(name: String) throws {
        let events = try TraceReader(opening: "\(Self.folder)/\(name)").events()
        var strict = TraceComparison()
        strict.timingTolerance = .zero
        #expect(strict.outcome(events, events) == .agree)
        #expect(strict.outcome(events, rechunked(events)) == .agree)
        var dice = Dice(name.utf8.count)
        #expect(strict.outcome(rechunked(events) { _ in 1 + dice.next(700) }, events) == .agree)
    }

    /// Another of its sessions never agrees, and nothing hangs; the mirror says the same of the other side.
    @Test func otherSessionsDiffer() throws {
        let traces = try Self.corpus.map { try TraceReader(opening: "\(Self.folder)/\($0)").events() }
        // Seeds and dialects of one scenario, and neighbours.
        for index in traces.indices.dropLast() {
            let (a, b) = (traces[index], traces[index + 1])
            var (there, back) = (ComparisonTally(), ComparisonTally())
            TraceComparison().findings(a, b).forEach { there.count($0) }
            TraceComparison().findings(b, a).forEach { back.count($0) }
            // Silence is silence on the other pads as well.
            #expect(there.outcome == back.outcome)
            #expect(there.onlyACount == back.onlyBCount && there.onlyBCount == back.onlyACount, "\(Self.corpus[index])")
            #expect(there.changedCount == back.changedCount && there.sameCount == back.sameCount)
        }
    }

    /// What is left out, added or changed at random is reported as that, and nothing else is.
    @Test(arguments: byForm(short: 0..<20, long: 0..<60))
    func editsAreReportedAsTheyWereMade(seed: Int) {
        var dice = Dice(seed)
        var (a, b) = (Recording(), Recording())
        var expected: [String] = []
        for recording in [0, 1] { if recording == 0 { a.beginWrite() } else { b.beginWrite() } }
        var untouched = 8
        for number in 1...200 {
            let block = Recording.block(UInt8(number))
            let isEdit = untouched >= 8 && dice.next(6) == 0
            untouched = isEdit ? 0 : untouched + 1
            switch isEdit ? dice.next(3) : 3 {
            case 0:
                a.host(block)
                a.chip(Recording.ack)
                expected += ["- block \(number)", "- ACK"]
            case 1:
                for index in 0...dice.next(5) {
                    let address = UInt32(number) << 16 | UInt32(index) << 12
                    b.host(Recording.erase(address, 4096))
                    expected.append("+ ERASE 0x\(String(address, radix: 16, uppercase: true)) +4096")
                }
                a.host(block)
                b.host(block)
                a.chip(Recording.ack)
                b.chip(Recording.ack)
            case 2:
                a.host(block)
                b.host(Recording.block(UInt8(number), changing: [dice.next(512): 0xEE, 512 + dice.next(512): 0xDD]))
                a.chip(Recording.ack)
                b.chip(Recording.ack)
                expected.append("~ block \(number) | block \(number)")
            default:
                a.host(block)
                b.host(block)
                a.chip(Recording.ack)
                b.chip(Recording.ack)
            }
        }
        let cut = rechunked(b.events) { _ in 1 + dice.next(300) }
        #expect(TraceComparison().differences(a.events, cut).sorted() == expected.sorted())
        let mirrored = expected.map { line in
            line.hasPrefix("-") ? "+" + line.dropFirst() : line.hasPrefix("+") ? "-" + line.dropFirst() : line
        }
        #expect(TraceComparison().differences(cut, a.events).sorted() == mirrored.sorted())
    }

    /// Whatever two traces hold, times that cannot be included: the mirror's tally, and every step accounted for.
    @Test(arguments: byForm(short: 0..<70, long: 0..<200))
    func anythingGoes(seed: Int) {
        var dice = Dice(seed + 5000)
        let times: [Int64] = [.min, .max, 0, 1, -1, 1_000_000_000, 4_000_000_000_000_000_000]
        func trace() -> [TraceEvent] {
            (0..<dice.next(60)).map { _ in
                let bytes = [
                    Recording.sync, Recording.flashID, Recording.flashIDAnswer, Recording.ack, [0x01], [0x00],
                    Array("text\n".utf8), [UInt8](repeating: 0x80, count: dice.next(20)), Recording.block(3),
                    Recording.run,
                ][dice.next(10)]
                let kinds: [TraceEvent.Kind] = [
                    .data(.hostToChip, bytes), .data(.hostToChip, bytes), .data(.chipToHost, bytes), .flushed(.input),
                    .data(.chipToHost, bytes), .power(on: true), .baud(.host, bitsPerSecond: 9600), .breakSent,
                ]
                return TraceEvent(Instant(nanoseconds: times[dice.next(times.count)]), kinds[dice.next(kinds.count)])
            }
        }
        let (a, b) = (trace(), trace())
        var timed = TraceComparison()
        timed.timingTolerance = .milliseconds(1)
        for comparison in [TraceComparison(), timed] {
            #expect([.agree, .nothingToCompare].contains(comparison.outcome(a, a)))
            var text = ComparisonText(a: "a", b: "b", isColoured: true, most: 5, window: 64)
            var json = ComparisonJSON(a: "a", b: "b", most: 5, window: 64)
            for finding in comparison.findings(a, b) {
                _ = text.take(finding)
                json.take(finding)
            }
            #expect(!text.finish().isEmpty)
            #expect(json.finish().description.hasPrefix("{\"schema\":1,"))
        }
        var (there, back) = (ComparisonTally(), ComparisonTally())
        TraceComparison().findings(a, b).forEach { there.count($0) }
        TraceComparison().findings(b, a).forEach { back.count($0) }
        #expect(there.onlyACount == back.onlyBCount && there.onlyBCount == back.onlyACount)
        #expect(there.changedCount == back.changedCount && there.sameCount == back.sameCount)
    }

    /// Of two long traces no more is held than the window, whatever they are: what was read and not told is bounded.
    @Test(arguments: ["same", "every block differs", "one asks on and on", "one has a long log", "marks alone"])
    func whatIsHeldIsBounded(kind: String) {
        let count = 60_000
        var lead = 0
        var (read, told) = ((a: 0, b: 0), (a: 0, b: 0))
        func event(_ number: Int, isB: Bool) -> TraceEvent? {
            guard number < count else { return nil }
            let time = Instant(nanoseconds: Int64(number) * 1000)
            let payload: [UInt8]
            switch kind {
            case "every block differs":
                if number % 2 == 1 { return TraceEvent(time, .data(.chipToHost, Recording.chipErased)) }
                payload = Recording.erase(UInt32(number) << (isB ? 12 : 0), 4096)
            case "one asks on and on" where isB && number > 10: payload = Recording.sync
            case "one has a long log" where isB && number > 10:
                return TraceEvent(time, .data(.chipToHost, Array("line \(number)\n".utf8)))
            case "marks alone": return TraceEvent(time, number % 2 == 0 ? .portOpened : .portClosed)
            default:
                payload = Recording.frame([0xA5, 0x90, 0x02, 0x00, UInt8(number & 0xFF), UInt8(number >> 8 & 0xFF)])
            }
            return TraceEvent(time, .data(.hostToChip, payload))
        }
        TraceComparison().compare {
            read.a += 1
            lead = max(lead, read.a - told.a)
            return event(read.a - 1, isB: false)
        } _: {
            read.b += 1
            lead = max(lead, read.b - told.b)
            return event(read.b - 1, isB: true)
        } tell: { finding in
            switch finding {
            case .same, .late, .changed: (told.a, told.b) = (told.a + 1, told.b + 1)
            case .only(.a, _): told.a += 1
            case .only(.b, _): told.b += 1
            case .gaveUp: break
            }
        }
        // The window, eight lines or marks a step, and what is on its way.
        #expect(lead <= 64 * 8 + 80, "\(kind)")
        #expect(read.a > 64, "\(kind)")
    }
}
