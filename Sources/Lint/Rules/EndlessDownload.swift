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

    /// Bytes that the stub still waits for, once it has answered the start; nil outside a download.
    private var missing: Int64?
    private var lastCount: Int64 = 0
    /// Whether the stub may have taken the last start for something else.
    private var isStartDoubtful = false

    init() {}

    mutating func take(_ message: Message, _ known: KnownSession, _ findings: inout RuleFindings) {
        if let answer = message.answer {
            guard answer.status == .success, answer.command == known.request?.command,
                answer.command == .flashDownload || answer.command == .ramDownload,
                case .range(_, let length) = known.request?.body, missing == nil, !isStartDoubtful
            else { return }
            missing = length == 0 ? nil : Int64(length)
            if length == 0 {
                findings.add(
                    known.place(of: message), "\(answer.command) of 0 bytes: the stub now waits for data for ever")
            }
            return
        }
        guard let request = message.request else {
            if message.event.kind == .syncAnswer { missing = nil }
            return
        }
        isStartDoubtful = message.event.pitfall != nil || message.isSpoiled
        guard let frame = message.frame, request.sumIsRight, !message.isSpoiled, let left = missing else {
            if message.frame == nil || message.isSpoiled || !request.sumIsRight { missing = nil }
            return
        }
        let count = Int64(frame.count)
        // In 01 only the place goes back, not the count.
        let back = frame.flag == 1 && request.command == .flashDownload ? lastCount : 0
        lastCount = count
        missing = left + back - count
        guard left + back < count else {
            if left + back == count { missing = nil }
            return
        }
        missing = nil
        findings.add(
            known.place(of: message),
            "a data frame of \(count) bytes where \(left + back) were left: the stub now waits for ever")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .session: missing = nil
        // What the chip has is not what the host sent.
        case .lost(.hostToChip, _, _), .difference: missing = nil
        default: break
        }
    }
}
