package import Line
package import Trace
import Wire

/// Feeds a trace to the rules. Its memory does not depend on the trace's length.
package struct Linter: Sendable {
    private var reader = SessionReader()
    private var known = KnownSession()
    private var rules: [any LintRule]
    private var findings: [RuleFindings]
    private var firstTime: Int64?

    /// - Parameter ignored: ids of rules that are left out.
    package init(ignoring ignored: Set<String> = []) {
        let types = LintRules.all.filter { !ignored.contains($0.summary.id) }
        rules = types.map { $0.init() }
        findings = types.map { RuleFindings($0.summary) }
    }

    /// Takes a run of bytes.
    package mutating func data(_ bytes: Span<UInt8>, _ direction: Direction, at time: Instant) {
        begin(at: time)
        guard !bytes.isEmpty else { return }
        let onWire = known.hasWireTimes ? Self.time(of: bytes.count, at: known.rate(of: direction)) : 0
        let start = time.nanoseconds.subtractingReportingOverflow(onWire)
        let run = DataRun(
            direction: direction, count: bytes.count,
            wire: (start.overflow ? time.nanoseconds : start.partialValue)..<time.nanoseconds)
        for index in rules.indices { rules[index].take(run, known, &findings[index]) }
        known.note(run)
        reader.feed(bytes, direction, at: time.nanoseconds)
        drain()
    }

    /// Takes anything else.
    package mutating func other(_ event: TraceEvent) {
        if case .data(let direction, let bytes) = event.kind {
            return data(bytes.span, direction, at: event.time)
        }
        begin(at: event.time)
        reader.tellSoFar()
        drain()
        reader.note(event)
        drain()
        for index in rules.indices { rules[index].take(event, known, &findings[index]) }
        known.note(event)
    }

    /// Bytes of the trace that it holds: no more than an image of a RAM download and a few frames.
    package var heldByteCount: Int { reader.heldByteCount }

    /// The trace is over.
    /// - Parameter isCutOff: whether somebody has cut the session off: that it has no end is then no mistake.
    /// - Returns: what was found.
    package mutating func finish(isCutOff: Bool = false) -> LintReport {
        reader.finish()
        drain()
        known.isCutOff = isCutOff
        var unjudged: [LintReport.Unjudged] = []
        for index in rules.indices {
            rules[index].finish(known, &findings[index])
            if let why = rules[index].unjudged(known) {
                unjudged.append(LintReport.Unjudged(rule: findings[index].rule, why: why))
            }
        }
        return LintReport(found: findings, unjudged: unjudged, firstTime: firstTime ?? 0)
    }

    private mutating func begin(at time: Instant) {
        firstTime = firstTime ?? time.nanoseconds
        known.begin(at: time.nanoseconds)
    }

    private mutating func drain() {
        while let message = reader.next() {
            for index in rules.indices { rules[index].take(message, known, &findings[index]) }
            known.note(message)
        }
    }

    private static func time(of count: Int, at baud: UInt32) -> Int64 {
        Int64(count) * 10 * 1_000_000_000 / Int64(max(1, baud))
    }
}

extension KnownSession {
    /// Bits per second at which a direction's sender is taken to run.
    func rate(of direction: Direction) -> UInt32 {
        (direction == .hostToChip ? hostBaud : chipBaud)?.baud ?? UInt32(BootProtocol.baud)
    }
}
