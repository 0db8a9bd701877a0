import Trace
import Wire
import Words

/// A stub says that it has written, and not that it has written right (ECR6600 facts §4.3, §10).
struct NotVerified: LintRule {
    static let summary = RuleSummary(
        "not-verified", .info, "Flash written, and neither hashed nor read afterwards",
        remedy: "Ask for the SHA-256 of what was written (09), or read it back, before you report success.")

    /// What was written last and has not been checked.
    private var written: (range: Range<UInt64>, place: Place)?
    /// A write whose end has not come.
    private var writing: Range<UInt64>?
    /// Whether the stub has taken a block of it.
    private var hasBlock = false
    private var read = ReadRanges()
    private var reading: Range<UInt64>?

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch message.event.kind {
        case .request: if message.frame == nil { reading = nil }
        case .answer(let answer) where answer.status == .success && answer.command == known.request?.command:
            switch answer.command {
            case .flashDownload:
                if let range = known.request?.range { writing = range } else { noteWritten(message, known) }
            case .xmodemWrite, .xmodemWriteCompressed: (writing, hasBlock) = (known.request?.range, false)
            case .xmodemRead, .xmodemReadCompressed: reading = known.request?.range
            case .sha256: look(at: known.request?.range)
            default: break
            }
        case .uploadFrame(_, let done, let total, _) where done >= total: look(at: known.request?.range)
        case .xmodemACK where !message.isOfHost:
            if known.awaited?.what == .block { hasBlock = true }
            if known.awaited?.what == .end, hasBlock { noteWritten(message, known) }
        case .xmodemEOT where !message.isOfHost:
            look(at: reading)
            reading = nil
        default: break
        }
    }

    private mutating func noteWritten(_ message: LintedMessage, _ known: KnownSession) {
        guard let range = writing else { return }
        written = (range, known.place(of: message))
        read = ReadRanges()
    }

    private mutating func look(at range: Range<UInt64>?) {
        guard let range, let (target, _) = written else { return }
        read.add(range)
        if read.contains(target) { written = nil }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard case .session = event.kind else { return }
        finish(known, &findings)
        self = NotVerified()
    }

    mutating func finish(_ known: KnownSession, _ findings: inout RuleFindings) {
        guard let (range, place) = written, !known.hasHoles, !known.isUnplugged, !known.isCutOff else { return }
        findings.add(place, "\(hex(range.lowerBound)) +\(range.count) was written, and was not checked afterwards")
    }
}
