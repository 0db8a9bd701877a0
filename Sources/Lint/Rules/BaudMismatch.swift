import Line
import Trace
import Wire
import Words

/// A stub changes its rate as soon as it has read BAUD, and answers at the new one 50 ms later (ECR6600 facts §4.2). Not
/// every rate can be made by its divisors (§4.3).
///
/// Only rates that the host has asked for are judged: a chip that has started anew is at 115200, and nobody told the host.
struct BaudMismatch: LintRule {
    static let summary = RuleSummary(
        "baud-mismatch", .error, "Bytes move while the two ends run at different rates",
        remedy:
            "Set the port to the new rate as soon as BAUD has left, within 50 ms, and choose a rate that both ends can "
            + "make: 921600, 1500000 or 2000000.")

    /// Whether the trace has rates that the rule could compare.
    private var hasCompared = false
    /// The setting of the chip for which it was reported already that the two differ.
    private var reported: BaudSetting?
    /// Whether an emulated chip has received the host's next message at another rate than it was sent.
    private var isSampledWrong = false

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost else { return }
        defer { isSampledWrong = false }
        guard let (host, chip) = rates(known), differ(host.baud, chip.baud), reported != chip,
            message.wire.lowerBound >= max(host.since, chip.since), !Self.isQuestion(message),
            // A pseudo-terminal reports a new rate after the bytes that were sent at it (§13.9): only what was sampled wrong
            // is certain.
            isSampledWrong || !known.hasChip
        else { return }
        reported = chip
        findings.add(
            known.place(of: message), "the host sends at \(host.baud) baud, and has set the chip to \(chip.baud)")
    }

    mutating func take(_ run: DataRun, _ known: KnownSession, _ findings: inout RuleFindings) {
        if rates(known) != nil { hasCompared = true }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        let (sent, sampled): (Int, Int)
        let direction: Direction
        switch event.kind {
        case .difference(let difference):
            guard case .rate(let one, let other) = difference.cause else { return }
            (sent, sampled, direction) = (one, other, difference.direction)
        case .session, .power:
            (reported, isSampledWrong) = (nil, false)
            return
        case .garbled(let way, _, let one, let other): (sent, sampled, direction) = (Int(one), Int(other), way)
        default: return
        }
        guard let (host, chip) = rates(known), reported != chip, sent > 0, sampled > 0 else { return }
        let place = Place(event: known.eventNumber, time: known.now, direction: direction, offset: nil)
        if host.baud == chip.baud {
            // What the divisors make of one and the same number: nobody forgot to switch.
            reported = chip
            findings.add(
                place,
                "of \(chip.baud) baud the sender makes \(sent) and the receiver \(sampled): what arrives is something else"
            )
        } else if direction == .hostToChip {
            // Whether it was only a question is known when the message is complete.
            isSampledWrong = true
        } else if differ(host.baud, chip.baud) {
            reported = chip
            findings.add(
                place,
                "the chip answers at \(chip.baud) baud, to which the host has set it, and the host's port is still at "
                    + "\(host.baud)")
        }
    }

    func unjudged(_ known: KnownSession) -> String? {
        hasCompared || known.askedBaud == nil ? nil : "the trace does not have the rates of both ends"
    }

    /// Both rates, where the host knows the chip's.
    private func rates(_ known: KnownSession) -> (BaudSetting, BaudSetting)? {
        guard let host = known.hostBaud, let chip = known.chipBaud, known.askedBaud == chip.baud else { return nil }
        return (host, chip)
    }

    /// More than 10 %: no receiver follows that.
    private func differ(_ one: UInt32, _ other: UInt32) -> Bool {
        10 * UInt64(max(one, other) - min(one, other)) > UInt64(max(one, other))
    }

    private static func isQuestion(_ message: LintedMessage) -> Bool {
        switch message.event.kind {
        case .syncWord: true
        case .request(let request): request.command == .flashID || request.command == .syn || request.command == .baud
        default: false
        }
    }
}
