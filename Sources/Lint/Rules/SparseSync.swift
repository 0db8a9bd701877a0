import Line
import Trace
import Wire
import Words

/// uboot listens for 100 ms and goes on (ECR6600 facts §1.3): a word must come in each such time.
struct SparseSync: LintRule {
    static let summary = RuleSummary(
        "sparse-sync", .warning, "Sync words too far apart for a window of 100 ms",
        remedy: "Send the sync word every 50 ms at the most, from before the chip gets its power until it answers.")

    /// When the last word of a row had crossed; nil outside a row.
    private var lastEnd: Int64?

    /// Nanoseconds: what uboot polls its UART for (§1.3).
    private static let window: Int64 = 100_000_000
    /// A host that pauses for longer has given up, and begins again later.
    private static let longestPause: Int64 = 3_000_000_000

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.event.kind == .syncWord else {
            // Text and noise of the chip end no search; an answer does, and so does another message of the host.
            switch message.event.kind {
            case .text,
                .noise where !message.isOfHost:
                break
            default: lastEnd = nil
            }
            return
        }
        let end = message.wire.upperBound
        defer { lastEnd = end }
        guard let lastEnd else { return }
        let gap = end.subtractingReportingOverflow(lastEnd).partialValue
        guard gap > Self.window, gap <= Self.longestPause, !known.hasMadeUpTimes else { return }
        findings.add(
            known.place(of: message),
            "this sync word comes \(Format.duration(gap)) after the one before: a window of 100 ms between them is missed"
        )
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .session, .portOpened, .portClosed, .controlLines: lastEnd = nil
        case .lost(.hostToChip, _, let reason) where LossCause(reason: reason) == .hole: lastEnd = nil
        default: break
        }
    }

    func unjudged(_ known: KnownSession) -> String? { known.whyNoTimes }
}
