import Line
import Trace
import Wire
import Words

/// A frame that begins at an odd distance from the next page and crosses into it is programmed up to there alone (ECR6600
/// facts §4.3).
struct CutAtPage: LintRule {
    static let summary = RuleSummary(
        "cut-at-page", .error, "Data frame that is programmed only up to the next page",
        remedy: "Write at multiples of 4, in frames of multiples of 4 bytes but for the last.")

    /// The download that runs, while it is certain where its next frame goes.
    private var download: TakenDownload?
    /// One whose start has no answer.
    private var started: TakenDownload?

    private static let page: UInt64 = 256

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        if let answer = message.answer {
            if answer.command == .flashDownload, let started {
                download = answer.status == .success ? started : nil
            }
            started = nil
            return
        }
        guard let request = message.request else {
            if message.event.kind == .syncAnswer { (download, started) = (nil, nil) }
            return
        }
        guard let frame = message.frame, request.command == .flashDownload else {
            (download, started) = (nil, nil)
            if request.command == .flashDownload, request.sumIsRight, !message.isSpoiled, message.event.pitfall == nil {
                started = TakenDownload(request)
            }
            return
        }
        guard !message.isSpoiled, let range = download?.take(frame) else {
            download = nil
            return
        }
        if let missing = download?.missing, missing <= 0 { download = nil }
        let toBoundary = Self.page - range.lowerBound % Self.page
        guard toBoundary % 4 != 0, UInt64(frame.count) > toBoundary else { return }
        findings.add(
            known.place(of: message),
            "\(plural(frame.count, "byte")) at \(hex(range.lowerBound)): only the first \(toBoundary) are programmed")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .session, .lost(.hostToChip, _, _): (download, started) = (nil, nil)
        default: break
        }
    }
}
