import Line
import Trace
import Wire
import Words

/// The receive FIFO has 16 or 32 bytes, and a loader that is busy does not read it (ECR6600 facts §1.3, §10).
struct FIFOOverrun: LintRule {
    static let summary = RuleSummary(
        "fifo-overrun", .error, "Bytes lost in the chip's receive FIFO: they were sent while it was busy",
        remedy: "Wait for the answer before you send on: a chip that erases, programs or hashes reads nothing.")

    /// What the host sent last, if it is something that a chip is to read.
    private var last: SessionEvent?

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost else { return }
        switch message.event.kind {
        case .request, .downloadHeader, .xmodemBlock, .xmodemEOT: last = message.event
        // A host that looks for a loader sends words whether anybody reads them or not.
        default: last = nil
        }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        if case .power = event.kind { last = nil }
        guard case .lost(.hostToChip, let count, let reason) = event.kind, LossCause(reason: reason) == .overrun,
            let last, !known.differsNearby
        else { return }
        findings.add(
            Place(event: known.eventNumber, time: known.now, direction: .hostToChip, offset: last.offset),
            "\(plural(count, "byte")) lost after \(last.description)")
    }

    func unjudged(_ known: KnownSession) -> String? {
        known.hasEmulatedSession ? nil : "only an emulated chip says what its FIFO lost"
    }
}
