import Line
import Trace
import Wire
import Words

/// What a host throws away with its input may be the answer that it waits for; after the upload of a stub the last piece's
/// answer comes up to 16 ms late through an FT232R (ECR6600 facts §13.8).
struct InputDiscarded: LintRule {
    static let summary = RuleSummary(
        "input-discarded", .warning, "Input thrown away while an answer is due",
        remedy:
            "Discard input before a request, not after it. Count a loader's answers to the pieces of a stub, one "
            + "for each 1024 bytes, instead of throwing them away.")

    /// Nanoseconds: a host that has waited for so long may begin anew.
    private static let longestWait: Int64 = 100_000_000
    /// Nanoseconds by which a receiver's latency timer may hold the last answer of an upload back.
    private static let latency: Int64 = 16_000_000

    /// When the last byte of an image had crossed, while the host has sent nothing else.
    private var imageEnd: Int64?

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard message.isOfHost else { return }
        if case .payload(let done, let total) = message.event.kind, done >= total, total > 0 {
            imageEnd = message.wire.upperBound
        } else {
            imageEnd = nil
        }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard case .flushed(let queues) = event.kind, queues != .output else { return }
        if let awaited = known.awaited, awaited.what != .pieces {
            // C comes no sooner than 100 ms after the answer (§10). What has come already, if it was no answer, is damaged.
            guard awaited.what != .ready, awaited.firstChipByte == nil else { return }
            let wait = known.now.subtractingReportingOverflow(awaited.end).partialValue
            guard (Self.leastAnswerTime(of: awaited)..<Self.longestWait).contains(wait) else { return }
            findings.add(
                known.place,
                "input thrown away \(Format.duration(wait)) after \(awaited.event.description), whose answer is due")
        } else if let imageEnd {
            let wait = known.now.subtractingReportingOverflow(imageEnd).partialValue
            guard (0..<Self.latency).contains(wait) else { return }
            findings.add(
                known.place, level: .info,
                "input thrown away \(Format.duration(wait)) after the last byte of the image: an adapter that holds the "
                    + "last answer back for 16 ms hands it over later")
        }
    }

    /// Nanoseconds before which nothing can come: a stub answers BAUD 50 ms after it has switched (§4.2).
    private static func leastAnswerTime(of awaited: AwaitedAnswer) -> Int64 {
        if case .request(let request) = awaited.event.kind, request.command == .baud { 50_000_000 } else { 0 }
    }

    func unjudged(_ known: KnownSession) -> String? { known.whyNoFlushes }
}

extension KnownSession {
    /// Why nothing can be said of what the host threw away; nil where the trace would have it. A simulated host throws
    /// nothing away.
    var whyNoFlushes: String? {
        hasFlushes || clock == .virtual || clock == .line && hasPort ? nil : "the trace has no flushes"
    }

    /// Why nothing can be said of times; nil where they are worth something.
    var whyNoTimes: String? { hasMadeUpTimes ? "its times are made up" : nil }
}
