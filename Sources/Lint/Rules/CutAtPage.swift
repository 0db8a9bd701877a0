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

    /// Where the next frame goes, while it is certain; nil otherwise.
    private var position: UInt64?
    private var lastCount: UInt64 = 0
    /// The start that has no answer.
    private var start: UInt64?

    private static let page: UInt64 = 256

    init() {}

    mutating func take(_ message: Message, _ known: KnownSession, _ findings: inout RuleFindings) {
        if let answer = message.answer {
            if answer.command == .flashDownload, let start {
                position = answer.status == .success ? start : nil
                lastCount = 0
            }
            start = nil
            return
        }
        guard let request = message.request else {
            if message.event.kind == .syncAnswer { (position, start) = (nil, nil) }
            return
        }
        guard let frame = message.frame, request.command == .flashDownload else {
            (position, start) = (nil, nil)
            if request.command == .flashDownload, request.sumIsRight, !message.isSpoiled,
                message.event.pitfall == nil,
                case .range(let address, _) = request.body
            {
                start = UInt64(address)
            }
            return
        }
        guard let here = position, !message.isSpoiled else {
            position = nil
            return
        }
        let place = frame.flag == 1 ? here - min(here, lastCount) : here
        let count = UInt64(frame.count)
        position = place + count
        lastCount = count
        let toBoundary = Self.page - place % Self.page
        guard toBoundary % 4 != 0, count > toBoundary else { return }
        findings.add(
            known.place(of: message),
            "\(plural(frame.count, "byte")) at \(hex(place)): only the first \(toBoundary) are programmed")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .session, .lost(.hostToChip, _, _): (position, start) = (nil, nil)
        default: break
        }
    }
}
