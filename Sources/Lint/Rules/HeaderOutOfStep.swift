import Line
import Trace
import Wire

/// After its 01 a loader reads headers in blocks of twelve bytes, and nothing brings it back into step (ECR6600 facts
/// §1.4).
struct HeaderOutOfStep: LintRule {
    static let summary = RuleSummary(
        "header-out-of-step", .error, "Header that the loader counts from the wrong byte",
        remedy:
            "Send nothing between 01 and the header. After FF send single zero bytes until the next FF, then the header."
    )

    /// A header that the loader seems to count from the wrong byte, while nothing has shown whether it does.
    private var doubtful: (place: Place, behind: Int)?

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch message.event.kind {
        // What came before was lost, and the loader counts from the right byte.
        case .headerAnswer(accepted: true): doubtful = nil
        case .text, .noise: break
        default: report(&findings)
        }
        switch message.event.pitfall {
        case .headerFromWrongByte(let behind): doubtful = (known.place(of: message), behind)
        case .headerOfOtherType(let type):
            findings.add(known.place(of: message), "a header of type \(type) is refused: only 1 loads into RAM")
        default: break
        }
    }

    mutating func take(_ event: TraceEvent, _ known: KnownSession, _ findings: inout RuleFindings) {
        switch event.kind {
        case .power, .session: doubtful = nil
        case .lost(.hostToChip, _, _), .difference: doubtful = nil
        default: break
        }
    }

    mutating func finish(_ known: KnownSession, _ findings: inout RuleFindings) {
        report(&findings)
    }

    private mutating func report(_ findings: inout RuleFindings) {
        guard let (place, behind) = doubtful else { return }
        doubtful = nil
        findings.add(
            place,
            "\(plural(behind, "byte")) crossed between the 01 and this header: the loader counts its twelve from them")
    }
}
