import Images
import Trace
import Wire
import Words

/// The community stub and 1.4.0 copy what 02 writes from address 0 on into a buffer of 4 KB (ECR6600 facts §10).
struct TableOverrun: LintRule {
    static let summary = RuleSummary(
        "table-overrun", .error, "More than 4 KB written from address 0 with one command",
        remedy:
            "Write the partition table's 4 KB with a command of their own, and the rest with another; or write with "
            + "91, which has no such buffer.")

    /// The download that runs, if it began at address 0.
    private var download: TakenDownload?

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        if let answer = message.answer, answer.command == .flashDownload, answer.status == .address { download = nil }
        guard let request = message.request, request.sumIsRight else { return }
        guard let frame = message.frame, request.command == .flashDownload else {
            let start = message.event.pitfall == nil ? TakenDownload(request) : nil
            download = start?.command == .flashDownload && start?.address == 0 ? start : nil
            return
        }
        guard let range = download?.take(frame) else { return }
        if let missing = download?.missing, missing <= 0 { download = nil }
        guard let limits = known.limits, let most = limits.tableBufferByteCount, let version = known.loader.stubVersion,
            range.lowerBound <= UInt64(most), range.upperBound > UInt64(most)
        else { return }
        findings.add(
            known.place(of: message),
            "\(plural(Int(range.upperBound), "byte")) written from address 0 on: stub \(version.rawValue) copies them into a "
                + "buffer of \(most)")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .session: download = nil
        default: break
        }
    }

    func unjudged(_ known: KnownSession) -> String? {
        known.hasUnknownStub ? "nothing tells which stub runs" : nil
    }
}
