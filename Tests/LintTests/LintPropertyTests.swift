import Images
import Line
import Lint
import Testing
import Trace
import Words

/// What holds for any trace.
@Suite struct LintPropertyTests {
    /// A session with a mistake of many a kind.
    private static var session: Session {
        var session = Session()
        session.describe(.line)
        session.add(.baud(.host, bitsPerSecond: 115_200))
        session.host(Session.syn)
        for _ in 0..<3 { session.host(Session.sync, after: 150) }
        session.upload(.vendor1311)
        session.ask(Session.range(0x03, 0, 0x2800), Session.upload(Session.contents(0x2800)))
        session.beginWrite(0x8100, 8492)
        for seed in 0..<2 {
            session.ask(Session.data(Session.contents(4096, seed: seed), flag: 0x10), Session.written)
        }
        session.ask(Session.data(Session.contents(300, seed: 3), flag: 1), Session.written)
        session.ask(Session.chipErase, Session.chipErased)
        session.ask(Session.baud(921_600), Session.baudChanged)
        session.add(.portClosed)
        return session
    }

    private static func random(_ generator: inout SplitMix64, below count: Int) -> Int {
        Int(generator.next() % UInt64(max(1, count)))
    }

    /// How bytes are cut into records makes no difference to what is found, as long as their times stay.
    @Test(arguments: [1, 3, 64, 1000])
    func chunksMakeNoDifference(size: Int) {
        let events = Self.session.events
        let cut = events.flatMap { event -> [TraceEvent] in
            guard case .data(let direction, let bytes) = event.kind else { return [event] }
            return stride(from: 0, to: bytes.count, by: size).map {
                TraceEvent(event.time, .data(direction, Array(bytes[$0..<min(bytes.count, $0 + size)])))
            }
        }
        let (whole, pieces) = (Linter.report(events), Linter.report(cut))
        #expect(whole.brief == pieces.brief)
        #expect(whole.findings.map(\.finding.text) == pieces.findings.map(\.finding.text))
        #expect(whole.findings.map(\.finding.offset) == pieces.findings.map(\.finding.offset))
        #expect(Set(whole.brief).count >= 7, "\(whole.brief)")
    }

    @Test func aRuleThatIsIgnoredSaysNothing() {
        let events = Self.session.events
        let all = Linter.report(events).brief
        for id in LintRules.summaries.map(\.id) {
            var linter = Linter(ignoring: [id])
            for event in events { linter.other(event) }
            #expect(linter.finish().brief == all.filter { !$0.hasSuffix(" \(id)") })
        }
    }

    /// However often a rule fires, a bounded number of findings is kept, and the rest are counted.
    @Test func findingsAreBounded() {
        let report = lint { session in
            for _ in 0..<1000 { session.host(Session.sync, after: 200) }
        }
        #expect(report.of("sparse-sync").count == RuleFindings.mostKept)
        #expect(report.count(of: .warning) == 999)
    }

    /// A header may announce 4 GB, and nothing answers what follows it; an image has no more room than RAM, which ends at
    /// 0xB0000 (ECR6600 facts §4.2).
    @Test(arguments: [UInt32.max, 0xA0000])
    func memoryDoesNotGrowWithAnImage(length: UInt32) {
        var session = Session()
        session.describe(.line)
        session.ask(Session.sync, [0x01])
        session.ask(Session.little(1) + Session.little(0x10000) + Session.little(length), [0x00])
        var linter = Linter()
        for event in session.events { linter.other(event) }
        let run = [UInt8](repeating: 0xA5, count: 0x8000)
        var most = 0
        for index in 1...100 {
            linter.data(run.span, .hostToChip, at: Instant(nanoseconds: 1_000_000_000 * Int64(index)))
            most = max(most, linter.heldByteCount)
        }
        #expect(most <= 0xA0000 + 0x20000, "\(most) of \(100 * run.count) bytes")
    }

    /// Nothing that a trace may hold crashes a rule.
    @Test(arguments: 0..<300)
    func mutatedSessions(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var events = Self.session.events
        for _ in 0..<(1 + Self.random(&generator, below: 12)) {
            let index = Self.random(&generator, below: events.count)
            switch Self.random(&generator, below: 6) {
            case 0: events.remove(at: index)
            case 1: events.insert(Self.event(&generator), at: index)
            case 2: events.swapAt(index, Self.random(&generator, below: events.count))
            case 3: events[index].time = Instant(nanoseconds: Int64(bitPattern: generator.next()) / 4)
            case 4: events[index] = Self.event(&generator)
            default:
                guard case .data(let direction, var bytes) = events[index].kind, !bytes.isEmpty else { continue }
                bytes[Self.random(&generator, below: bytes.count)] ^= UInt8(truncatingIfNeeded: generator.next())
                events[index].kind = .data(direction, bytes)
            }
        }
        let report = Linter.report(events)
        var text = LintText(isColoured: seed % 2 == 0)
        #expect(text.lines(report, name: "t").count >= report.findings.count)
        #expect(!report.json(trace: "t").description.isEmpty)
    }

    /// Anything at all, with numbers at the edges.
    private static func event(_ generator: inout SplitMix64) -> TraceEvent {
        let edges: [Int] = [0, 1, -1, 5, .max, .min, 1 << 20]
        let count = edges[random(&generator, below: edges.count)]
        let direction: Direction = random(&generator, below: 2) == 0 ? .hostToChip : .chipToHost
        let baud = UInt32(truncatingIfNeeded: generator.next())
        let reasons = ["receive FIFO overrun", "receive FIFO reset x", "no power", "held in reset", "a hole"]
        let kinds: [TraceEvent.Kind] = [
            .baud(.host, bitsPerSecond: baud), .baud(.chip, bitsPerSecond: baud >> 12), .portOpened, .portClosed,
            .flushed(.both), .flushed(.output), .flushed(.input), .controlLines(.requestToSend), .controlLines([]),
            .power(on: random(&generator, below: 2) == 0), .loader("stub community"), .loader("application"),
            .loader("uboot 1.4.0"), .note("RESET_B low"), .note("RESET_B high"),
            .note("the client's terminal is not raw"),
            .lost(direction, count: count, reason: reasons[random(&generator, below: reasons.count)]),
            .difference(
                LineDifference(
                    direction, hostOffset: count, hostCount: edges[random(&generator, below: edges.count)],
                    chipCharacters: [1], cause: .rate(sent: count, sampled: count))),
            .garbled(direction, count: count, sentAt: baud, receivedAt: baud >> 3),
            .data(direction, [0xA5, 0x02, 0x01, 0x00, 0x01, 0xA9]), .data(direction, [0x04]), .data(direction, []),
            .data(direction, (0..<64).map { _ in UInt8(truncatingIfNeeded: generator.next()) }),
        ]
        let time = Instant(nanoseconds: Int64(random(&generator, below: 4_000_000_000)))
        return TraceEvent(time, kinds[random(&generator, below: kinds.count)])
    }
}
