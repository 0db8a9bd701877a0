import Line
import Trace
import Wire
import Words

/// Bytes that a port has not sent yet are gone when the host throws its output away (ECR6600 facts §13.4).
struct OutputFlushed: LintRule {
    static let summary = RuleSummary(
        "output-flushed", .error, "Output thrown away right after a write",
        remedy: "Do not throw output away after a write; wait with tcdrain until it has left, or leave it alone.")

    /// Whether the chip waits for an ACK: it has sent a block or an EOT.
    private var isACKDue = false
    /// When output was thrown away; nil once it is known what followed.
    private var flushedAt: Int64?
    /// Whether an ACK was due then.
    private var wasACKDue = false
    /// When the flush was that has been reported: it is reported once, whatever else shows it.
    private var reportedAt: Int64?

    /// Nanoseconds in which a port may still hold what was written last.
    private static let soon: Int64 = 5_000_000

    init() {}

    mutating func take(_ run: DataRun, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard run.direction == .hostToChip, let flushed = flushedAt, run.wire.lowerBound < flushed,
            run.wire.upperBound > flushed
        else { return }
        noteReported(at: flushed)
        findings.add(
            Place(event: known.eventNumber, time: flushed), level: .warning,
            "output thrown away while \(plural(run.count, "byte")) of the host were on their way")
    }

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch message.event.kind {
        case .xmodemBlock(let block) where !message.isOfHost:
            if block.isRepeated { reportMissingACK(known, &findings) }
            isACKDue = true
        case .xmodemEOT where !message.isOfHost:
            if isACKDue { reportMissingACK(known, &findings) }
            isACKDue = true
        case .request:
            reportMissingACK(known, &findings)
            (isACKDue, flushedAt) = (false, nil)
        case .noise, .text, .cutOff: break
        default: (isACKDue, flushedAt) = (false, nil)
        }
    }

    /// An ACK was due when the output was thrown away, and none has crossed.
    private mutating func reportMissingACK(_ known: KnownSession, _ findings: inout RuleFindings) {
        guard wasACKDue, let flushed = flushedAt else { return }
        noteReported(at: flushed)
        findings.add(
            Place(event: known.eventNumber, time: flushed),
            "output thrown away while the chip waited for an ACK: none has crossed")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .flushed(let queues) where queues != .input:
            guard reportedAt != known.now else { return }
            (flushedAt, wasACKDue) = (known.now, isACKDue)
            // Where bytes are stamped when they have crossed, the trace has what was lost.
            guard !known.hasWireTimes, let last = known.lastHostEnd, !isACKDue else { return }
            let since = known.now.subtractingReportingOverflow(last).partialValue
            guard (0..<Self.soon).contains(since) else { return }
            noteReported(at: known.now)
            findings.add(
                known.place, level: .warning, "output thrown away \(Format.duration(since)) after the host's last byte")
        case .lost(.hostToChip, let count, let reason) where LossCause(reason: reason) == .takenBack && count > 0:
            guard reportedAt != known.now else { return }
            noteReported(at: known.now)
            findings.add(
                known.place,
                "\(plural(count, "byte")) that the host had written never crossed: it threw its output away")
        case .power, .session, .portOpened, .portClosed: (isACKDue, flushedAt, reportedAt) = (false, nil, nil)
        default: break
        }
    }

    private mutating func noteReported(at time: Int64) { (reportedAt, flushedAt) = (time, nil) }

    func unjudged(_ known: KnownSession) -> String? { known.whyNoFlushes }
}
