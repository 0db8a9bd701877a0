import Wire

/// Command 91 takes blocks of 1024 bytes alone (ECR6600 facts §10).
struct ShortBlock: LintRule {
    static let summary = RuleSummary(
        "short-block", .error, "Block of 128 bytes sent to a loader that accepts only 1024",
        remedy: "Send blocks of 1024 bytes with STX; fill the last one up with FF.")

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.event.pitfall == .shortBlock else { return }
        findings.add(
            known.place(of: message), "\(message.event.description): the stub answers each of its bytes with a NAK")
    }
}
