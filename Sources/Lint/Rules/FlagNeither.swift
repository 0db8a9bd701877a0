import Words

/// Only the flag 1 means anything to a stub; any other is new data (ECR6600 facts §4.3, §11.1).
struct FlagNeither: LintRule {
    static let summary = RuleSummary(
        "data-frame-flag", .warning, "Data frame with a flag that is neither 0 nor 1",
        remedy:
            "Send 0 for new data and 1 for the frame before again. A flag that is made of the length becomes 1 with "
            + "the wrong length.")

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard let frame = message.frame, frame.flag > 1 else { return }
        let isLength = Int(frame.flag) == frame.count >> 8
        findings.add(
            known.place(of: message),
            "the flag of this data frame is \(hex(frame.flag))\(isLength ? ", the high byte of its length" : "")")
    }
}
