import Wire

/// A stub does not look at the number of a block: one that is sent again after a lost ACK is programmed again, after the
/// first (ECR6600 facts §10).
struct BlockTwice: LintRule {
    static let summary = RuleSummary(
        "block-twice", .info, "Block sent again that the stub had programmed: what follows is shifted",
        remedy:
            "No host can see that an ACK got lost. Compare the SHA-256 of the range afterwards, and write it again where "
            + "it differs.")

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard case .blockTwice(let number) = message.event.pitfall else { return }
        findings.add(
            known.place(of: message),
            "block \(number) had been programmed; this copy of it is programmed 1 KB further on")
    }
}
