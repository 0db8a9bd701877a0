import Wire

/// A stub writes and counts a data frame whose sum is wrong; only the same frame with flag 1 mends that (ECR6600 facts
/// §4.3).
struct DamagedFrameKept: LintRule {
    static let summary = RuleSummary(
        "damaged-frame-kept", .error, "Damaged data frame not sent again with flag 1",
        remedy:
            "After status 05 send the same frame again with flag 1, and new data only when that was answered with 00.")

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.event.pitfall == .newDataAfterBadSum else { return }
        findings.add(
            known.place(of: message),
            "the frame before was answered with status 05 and is in the flash as it came; this one does not have flag 1"
        )
    }
}
