import Images
import Wire
import Words

/// A stub checks neither the room in its buffers nor that on its stack (ECR6600 facts §4.1, §4.3).
struct RequestOverLimit: LintRule {
    static let summary = RuleSummary(
        "request-over-limit", .error, "Request that needs more room than the stub has",
        remedy:
            "Read at most 8 KB with one request of 03, and send at most 4096 bytes in a data frame: every stub takes "
            + "that. Send the body that a command has, and nothing after it.")

    init() {}

    mutating func take(_ message: LintedMessage, _ known: KnownSession, _ findings: inout RuleFindings) {
        guard let limits = known.limits, let version = known.loader.stubVersion else { return }
        if case .uploadFrame(let count, let done, let total, _) = message.event.kind, count == done,
            let most = limits.uploadByteCount, total > most
        {
            findings.add(
                known.place(of: message),
                "\(plural(total, "byte")) read at once: stub \(version.rawValue) overwrites its own variables beyond \(most)"
            )
        }
        guard let request = message.request, request.sumIsRight, !message.isSpoiled else { return }
        if let frame = message.frame {
            guard let most = limits.frameBufferByteCount, frame.byteCount > most else { return }
            findings.add(
                known.place(of: message),
                "a data frame of \(frame.byteCount) bytes: stub \(version.rawValue) has room for \(most)")
        } else if let most = mostOfBody(request, limits), bodyByteCount(message) > most {
            findings.add(
                known.place(of: message),
                "\(request.command) with a body of \(bodyByteCount(message)) bytes: stub \(version.rawValue) has room "
                    + "for \(most) on its stack")
        }
    }

    /// Bytes that a command's body may have; nil where it does not lie on the stack, or overruns it without harm.
    private func mostOfBody(_ request: StubRequestSummary, _ limits: StubLimits) -> Int? {
        switch request.body {
        case .efuseData, .data, .lateData: nil
        // Its 9 bytes do no harm (§10).
        case .compressedRange: nil
        default: limits.commands.contains(request.command) ? limits.bodyBufferByteCount : nil
        }
    }

    private func bodyByteCount(_ message: LintedMessage) -> Int {
        message.event.byteCount - StubRequest.headByteCount - 1
    }

    func unjudged(_ known: KnownSession) -> String? {
        known.hasUnknownStub ? "nothing tells which stub runs" : nil
    }
}
