import Line
import Trace
import Wire
import Words

/// A stub keeps its rate until BAUD, RUN or a restart (ECR6600 facts §4.2): the next program finds nobody at 115200.
struct LeftAtHighBaud: LintRule {
    static let summary = RuleSummary(
        "left-at-high-baud", .warning, "Stub left at another rate than 115200",
        remedy: "At the end send BAUD 115200, also after a failure; or RUN, which starts the firmware.")

    /// Whether RTS was asserted since the last answer.
    private var isAsserted = false
    /// Whether it was released again: where it is wired to RESET_B that resets the chip (§1.1).
    private var wasPulsed = false

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard !message.isOfHost else { return }
        switch message.event.kind {
        case .text, .noise, .cutOff: break
        default: (isAsserted, wasPulsed) = (false, false)
        }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .session:
            judge(known, &findings)
            self = LeftAtHighBaud()
        case .controlLines(let lines):
            if lines.contains(.requestToSend) {
                if known.lines?.contains(.requestToSend) != true { isAsserted = true }
            } else if isAsserted {
                (isAsserted, wasPulsed) = (false, true)
            }
        default: break
        }
    }

    mutating func finish(_ known: KnownSession, _ findings: inout RuleFindings) {
        if !known.isCutOff { judge(known, &findings) }
    }

    private func judge(_ known: KnownSession, _ findings: inout RuleFindings) {
        guard known.loader.isStub, let chip = known.chipBaud, known.askedBaud == chip.baud,
            Int(chip.baud) != BootProtocol.baud, !known.isUnplugged,
            // An emulated chip says itself whether the line has reset it.
            known.hasChip || !wasPulsed
        else { return }
        findings.add(known.place, "the trace ends with the stub at \(chip.baud) baud")
    }
}
