import Capture
import Line
import TestForms
import Testing
import Trace

@Suite("A session in the formats of others")
struct ImportedSessionTests {
    let bench = ImportBench()
    static let limit = byForm(short: 12_000, long: 200_000)

    private func expectSame(
        _ events: [TraceEvent], as session: RecordedSession, _ summary: ImportSummary,
        bauds: [UInt32] = [], toleratingNanoseconds tolerance: Int64? = nil, since first: Int64 = 0
    ) {
        #expect(summary.problems == [] && summary.outOfOrderCount == 0)
        let turns = (RecordedSession.turns(events), RecordedSession.turns(session.events))
        #expect(turns.0.count == turns.1.count)
        for (index, (now, was)) in zip(turns.0, turns.1).enumerated() where now != was {
            Issue.record("turn \(index) is another: \(now.direction), \(now.bytes.count) bytes of \(was.bytes.count)")
            break
        }
        #expect(RecordedSession.bauds(events) == bauds)
        guard let tolerance else { return }
        func times(_ events: [TraceEvent]) -> [Int64] {
            events.compactMap { if case .data = $0.kind { $0.time.nanoseconds } else { nil } }
        }
        let (now, was) = (times(events), times(session.events))
        #expect(zip(now, was).allSatisfy { abs($0 - ($1 - first)) <= tolerance })
    }

    @Test(arguments: [false, true])
    func socat(isVerbose: Bool) throws {
        let session = try RecordedSession("write-64k", byteLimit: Self.limit)
        let (_, events, summary) = try bench.imported(session.socat(isVerbose: isVerbose))
        let first = session.events.first { if case .data = $0.kind { true } else { false } }?.time.nanoseconds ?? 0
        expectSame(events, as: session, summary, toleratingNanoseconds: 1000, since: first / 1000 * 1000)
    }

    @Test func stc() throws {
        let session = try RecordedSession("read-64k", byteLimit: Self.limit)
        let (_, events, summary) = try bench.imported(session.stc())
        let first = session.events.first { if case .data = $0.kind { true } else { false } }?.time.nanoseconds ?? 0
        expectSame(events, as: session, summary, toleratingNanoseconds: 1000, since: first / 1000 * 1000)
    }

    /// Its text says the rates that are set after the first.
    @Test func esptool() throws {
        let session = try RecordedSession("efuse", byteLimit: .max)
        let bauds = RecordedSession.bauds(session.events)
        #expect(bauds.count > 1)
        let (_, events, summary) = try bench.imported(session.esptool(), options { $0.baud = bauds[0] })
        expectSame(events, as: session, summary, bauds: bauds, toleratingNanoseconds: 1_000_000)
    }

    @Test func saleae() throws {
        let session = try RecordedSession("write-64k", byteLimit: Self.limit)
        let (_, events, summary) = try bench.imported(session.saleae(baud: 115_200))
        expectSame(events, as: session, summary)
    }

    @Test(arguments: Direction.allCases)
    func raw(direction: Direction) throws {
        let session = try RecordedSession("write-64k", byteLimit: Self.limit)
        let sent = RecordedSession.turns(session.events).filter { $0.direction == direction }.flatMap(\.bytes)
        let (_, events, _) = try bench.imported(
            sent, options("raw") { ($0.direction, $0.baud) = (direction, 115_200) })
        let turns = RecordedSession.turns(events)
        #expect(turns.count == 1 && turns[0] == (direction, sent))
    }

    @Test(arguments: [115_200, 921_600] as [Int64], [false, true])
    func wires(baud: Int64, isGuessed: Bool) throws {
        let session = try RecordedSession("write-64k", byteLimit: byForm(short: 4000, long: 80_000))
        let wave = session.wave(baud: baud)
        let given = options { $0.baud = isGuessed ? nil : UInt32(baud) }
        let dump = try bench.imported(wave.vcd(unit: ("10 ns", 10_000)), given)
        expectSame(dump.events, as: session, dump.summary, bauds: [UInt32(baud)])
        let rate: Int64 = baud > 500_000 ? 10_000_000 : 2_000_000
        let zip = ZipFile(samples: wave.samples(rate: rate), rate: "\(rate / 1_000_000) MHz")
        let samples = try bench.imported(zip.file, given)
        expectSame(samples.events, as: session, samples.summary, bauds: [UInt32(baud)])
    }
}
