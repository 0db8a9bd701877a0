import Images
import Trace
import Wire

/// Which stub has which commands: ECR6600 facts §4.1.
struct UnknownCommand: LintRule {
    static let summary = RuleSummary(
        "unknown-command", .warning, "Command that the stub does not have",
        remedy:
            "Ask once which stub it is, FLASH ID (90) or SHA256 (09) tell, and remember the answer; or upload a stub "
            + "that has the command.")

    /// Commands that this stub has refused.
    private var refused: Set<StubCommand> = []
    /// One that it does not have and has not answered.
    private var asked: StubCommand?

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        if message.event.kind == .syncAnswer { (refused, asked) = ([], nil) }
        if let answer = message.answer {
            if let asked, answer.status == .type { refused.insert(asked) }
            asked = nil
        }
        guard let request = message.request else { return }
        asked = nil
        guard request.sumIsRight, !message.isSpoiled, message.frame == nil,
            let limits = known.limits, let version = known.loader.stubVersion,
            !limits.commands.contains(request.command)
        else { return }
        asked = request.command
        let isNew = !refused.contains(request.command)
        findings.add(
            known.place(of: message), level: isNew ? .info : .warning,
            "stub \(version.rawValue) has no \(request.command)\(isNew ? "" : ", and has refused it before")")
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .loader, .session: (refused, asked) = ([], nil)
        default: break
        }
    }

    func unjudged(_ known: KnownSession) -> String? {
        known.hasUnknownStub ? "nothing tells which stub runs" : nil
    }
}
