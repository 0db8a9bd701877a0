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

    /// Bytes that have been written from address 0 on, by the download that runs; nil for another.
    private var written: Int?
    private var lastCount = 0

    init() {}

    mutating func take(_ message: Message, _ known: KnownSession, _ findings: inout RuleFindings) {
        if let answer = message.answer, answer.command == .flashDownload, answer.status == .address { written = nil }
        guard let request = message.request, request.sumIsRight else { return }
        guard let frame = message.frame, request.command == .flashDownload else {
            written = nil
            if request.command == .flashDownload, message.event.pitfall == nil, case .range(0, _) = request.body {
                written = 0
            }
            return
        }
        guard let before = written else { return }
        let start = frame.flag == 1 ? max(0, before - lastCount) : before
        lastCount = frame.count
        written = start + frame.count
        guard let limits = known.limits, let most = limits.tableBufferByteCount, let version = known.loader.stubVersion,
            start <= most, start + frame.count > most
        else { return }
        findings.add(
            known.place(of: message),
            "\(plural(start + frame.count, "byte")) written from address 0 on: stub \(version.rawValue) copies them into a "
                + "buffer of \(most)")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        if case .power = event.kind { written = nil }
    }

    func unjudged(_ known: KnownSession) -> String? {
        known.hasUnknownStub ? "nothing tells which stub runs" : nil
    }
}
