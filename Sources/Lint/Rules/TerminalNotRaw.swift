import Line
import Trace
import Words

/// A terminal that is not raw changes bytes; with flow control on it drops 11 and 13 (docs/pty.md).
struct TerminalNotRaw: LintRule {
    static let summary = RuleSummary(
        "terminal-not-raw", .error, "Port not in raw mode, or with software flow control on",
        remedy: "Make the port raw with cfmakeraw before the first byte, and leave IXON and IXOFF off.")

    private var hasMode = false

    init() {}

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard case .note(let text) = event.kind,
            text.hasPrefix(TerminalMode.notRaw) || text.hasPrefix(TerminalMode.flowControlOn)
        else { return }
        hasMode = true
        // What to do about it stands after it; the rule says that itself.
        findings.add(known.place, printable(String(text.prefix { $0 != ";" }.prefix(160))))
    }

    func unjudged(_ known: KnownSession) -> String? {
        hasMode || known.clock == .line && known.hasPort ? nil : "the trace does not have the terminal's mode"
    }
}
