import Wire
import Words

/// A stub that waits for data frames takes nothing else until the announced length has come (ECR6600 facts §4.3).
struct DownloadLeftOpen: LintRule {
    static let summary = RuleSummary(
        "download-left-open", .warning, "Next command while the stub waits for data frames",
        remedy: "Send as much data as the start has announced, or reset the chip, before the next command.")

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch message.event.pitfall {
        case .startReadAsData(let missing):
            findings.add(
                known.place(of: message),
                "the stub \(Self.waits(missing)), and takes this start for 7 bytes of that")
        case .askedInDownload(let command, let missing):
            findings.add(
                known.place(of: message),
                "the stub \(Self.waits(missing)), and skips \(command)")
        default: break
        }
    }

    private static func waits(_ missing: UInt32) -> String {
        // Nothing was announced, so nothing ends it.
        missing == 0 ? "waits for data for ever" : "still waits for \(plural(Int(missing), "byte")) of data"
    }
}
