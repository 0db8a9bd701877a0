import Line
import Trace
import Wire
import Words

/// Loaders reset their receive FIFO after some answers, and a stub when it begins to read (ECR6600 facts §1.4, §4, §4.3):
/// what has arrived by then is gone.
struct CommandInReset: LintRule {
    static let summary = RuleSummary(
        "command-in-reset", .error, "Message lost in a reset of the chip's receive FIFO",
        remedy: "Wait for the answer, and after the upload of a stub 10 ms, before you send the next message.")

    /// Messages of the host that a chip answers, the last few.
    private var messages: [SessionEvent] = []
    /// What was thrown away and has no name yet: it is in a message whose end is still to come.
    private var thrownAway: [Range<Int>] = []
    /// Bytes that the host has sent.
    private var hostByteCount = 0

    private static let mostKept = 16

    init() {}

    mutating func take(_ run: DataRun, _ known: KnownSession, _ findings: inout RuleFindings) {
        if run.direction == .hostToChip { hostByteCount += run.count }
    }

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost else { return }
        switch message.event.kind {
        case .request, .downloadHeader: break
        default: return
        }
        let range = message.event.offset..<(message.event.offset + message.event.byteCount)
        if let index = thrownAway.firstIndex(where: { $0.overlaps(range) }) {
            thrownAway.remove(at: index)
            report(message.event, known, &findings)
        }
        if messages.count == Self.mostKept { messages.removeFirst() }
        messages.append(message.event)
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard case .lost(.hostToChip, let count, let reason) = event.kind, LossCause(reason: reason) == .fifoReset,
            count > 0
        else { return }
        let bytes = max(0, hostByteCount - count)..<max(1, hostByteCount)
        if let message = messages.last(where: { ($0.offset..<($0.offset + $0.byteCount)).overlaps(bytes) }) {
            report(message, known, &findings)
        } else {
            if thrownAway.count == Self.mostKept { thrownAway.removeFirst() }
            thrownAway.append(bytes)
        }
    }

    private func report(_ message: SessionEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard !known.differsNearby else { return }
        findings.add(
            Place(event: known.eventNumber, time: known.now, direction: .hostToChip, offset: message.offset),
            "\(message.description) fell into a reset of the chip's receive FIFO and is never answered")
    }

    func unjudged(_ known: KnownSession) -> String? {
        known.hasEmulatedSession ? nil : "only an emulated chip says what its FIFO lost"
    }
}
