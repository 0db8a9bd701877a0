import Line
import Trace
import Wire
import Words

/// A stub keeps its rate until BAUD, RUN or a restart (ECR6600 facts §4.2): the next program finds nobody at 115200.
struct LeftAtHighBaud: LintRule {
    static let summary = RuleSummary(
        "left-at-high-baud", .warning, "Stub left at another rate than 115200",
        remedy: "At the end send BAUD 115200, also after a failure; or RUN, which starts the firmware.")

    init() {}

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        if case .session = event.kind, known.eventNumber > 1 { judge(known, &findings) }
    }

    mutating func finish(_ known: KnownSession, _ findings: inout RuleFindings) {
        judge(known, &findings)
    }

    private func judge(_ known: KnownSession, _ findings: inout RuleFindings) {
        guard known.loader.isStub, let chip = known.chipBaud, known.askedBaud == chip.baud,
            Int(chip.baud) != BootProtocol.baud, !known.isUnplugged
        else { return }
        findings.add(known.place, "the trace ends with the stub at \(chip.baud) baud")
    }
}
