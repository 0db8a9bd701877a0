import Trace
import Wire
import Words

/// After the last frame of a download the stub reads commands again: the same frame once more is a start (ECR6600 facts
/// §4.3).
struct LastFrameAgain: LintRule {
    static let summary = RuleSummary(
        "last-frame-again", .error, "Data frame after the end of its download, which the stub reads as a start",
        remedy:
            "Do not repeat a last frame: write its range again with a command of its own.")

    /// Whether the stub is certain to have taken all data of the last download: it has answered the last frame.
    private var isLastAnswered = false
    private var isLastFrame = false

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        if let answer = message.answer {
            if isLastFrame, answer.command == known.request?.command { isLastAnswered = true }
            return
        }
        guard let request = message.request else { return }
        if case .lateData(_, _, let address, let length) = request.body {
            let range = "\(hex(address)) +\(length)"
            if isLastAnswered {
                findings.add(
                    known.place(of: message),
                    "the download was over: the stub reads this data frame as a start, \(range)")
            } else {
                findings.add(
                    known.place(of: message), level: .warning,
                    "if the frame before had come, the stub reads this one as a start, \(range)")
            }
        }
        (isLastFrame, isLastAnswered) = (message.frame != nil, false)
    }
}
