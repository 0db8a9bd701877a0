import Line
import Trace
import Wire
import Words

/// A stub writes a frame with flag 1 over the beginning of the one before (ECR6600 facts §4.3): a host that fills the flag
/// with the high byte of the length does so with a tail of 256 to 511 bytes, and reports success (§11.1).
struct FlagFromLength: LintRule {
    static let summary = RuleSummary(
        "tail-becomes-resend", .error, "New data with flag 1, which a stub writes over the frame before",
        remedy: "Send flag 0 with new data, whatever its length; flag 1 is for the frame before, again.")

    /// The command whose data frames follow each other, and whether one has come.
    private var download: (command: StubCommand, hasFrame: Bool)?

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard let request = message.request else { return }
        guard let frame = message.frame else {
            download = (request.command, false)
            return
        }
        defer { download = (request.command, true) }
        guard frame.flag == 1, !frame.repeatsFrameBefore, frame.count > 0, let download,
            download.command == request.command
        else { return }
        let isTail = (256...511).contains(frame.count)
        let why = isTail ? "; \(frame.count) >> 8 is 1" : ""
        if download.hasFrame {
            findings.add(
                known.place(of: message),
                "\(plural(frame.count, "byte")) of new data have flag 1\(why): a stub writes them over the frame before"
            )
        } else {
            findings.add(
                known.place(of: message), level: .warning,
                "the first data frame, \(plural(frame.count, "byte")), has flag 1\(why): there is no frame before to repeat"
            )
        }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .session, .power: download = nil
        case .lost(.hostToChip, _, let reason) where LossCause(reason: reason) == .hole: download = nil
        default: break
        }
    }
}
