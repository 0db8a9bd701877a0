import Wire

/// A mask ROM or uboot finds the sync word in a SYN frame, answers 01 and takes what follows for a header (ECR6600 facts
/// §13.10, §11.4).
struct SynFrameAtLoader: LintRule {
    static let summary = RuleSummary(
        "syn-frame-at-loader", .error, "SYN frame sent where a mask ROM or uboot may listen",
        remedy: "To look for a stub that runs already, send a frame without the sync word, such as FLASH ID "
            + "(A5 90 00 00 35) or a read of 8 bytes. SYN is safe after the upload.")

    /// A SYN frame that nothing has answered.
    private var doubtful: Place?

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        if message.event.pitfall == .synFrameAtLoader {
            doubtful = nil
            findings.add(
                known.place(of: message), "a mask ROM or uboot took the SYN frame for a sync word, and answers 01")
        } else if message.answer?.command == .syn {
            // A stub did run.
            doubtful = nil
        } else if message.isOfHost {
            report(&findings)
            if let request = message.request, request.holdsSyncWord, !known.loader.isStub, known.loader != .other {
                doubtful = known.place(of: message)
            }
        }
    }

    mutating func finish(_ known: KnownSession, _ findings: inout RuleFindings) {
        report(&findings)
    }

    private mutating func report(_ findings: inout RuleFindings) {
        guard let place = doubtful else { return }
        doubtful = nil
        findings.add(place, level: .warning, "a SYN frame goes out before anything has said that a stub runs")
    }
}
