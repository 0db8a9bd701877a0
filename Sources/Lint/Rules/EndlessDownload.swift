import Line
import Trace
import Wire
import Words

/// A download ends when the announced length has come exactly: one of nothing, or one with a frame too long, never does
/// (ECR6600 facts §4.3).
struct EndlessDownload: LintRule {
    static let summary = RuleSummary(
        "endless-download", .error, "Download that never ends: nothing announced, or more sent than announced",
        remedy: "Announce what you send, to the byte, and leave a download of nothing out. Only a reset helps now.")

    /// The download that runs: the stub has answered its start.
    private var download: TakenDownload?
    /// Whether the stub may have taken the last start for something else.
    private var isStartDoubtful = false

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        if let answer = message.answer {
            guard answer.status == .success, let request = known.request, answer.command == request.command,
                let start = TakenDownload(request), download == nil, !isStartDoubtful
            else { return }
            guard start.isOver else {
                download = start
                return
            }
            findings.add(
                known.place(of: message), "\(answer.command) of 0 bytes: the stub now waits for data for ever")
            return
        }
        guard let request = message.request else {
            if message.event.kind == .syncAnswer { download = nil }
            return
        }
        isStartDoubtful = message.event.pitfall != nil || message.isSpoiled
        guard let frame = message.frame, request.sumIsRight, !message.isSpoiled else {
            download = nil
            return
        }
        guard var running = download else { return }
        _ = running.take(frame)
        download = running.missing > 0 ? running : nil
        guard running.missing < 0 else { return }
        findings.add(
            known.place(of: message),
            "a data frame of \(frame.count) bytes where \(running.missing + Int64(frame.count)) were left: the stub now waits "
                + "for ever")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .session: download = nil
        // What the chip has is not what the host sent.
        case .lost(.hostToChip, _, _), .difference: download = nil
        default: break
        }
    }
}
