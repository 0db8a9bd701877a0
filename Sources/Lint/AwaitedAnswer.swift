import Line
import Wire

/// What the host has asked and the chip has not answered.
struct AwaitedAnswer: Sendable {
    enum What: Hashable, Sendable {
        /// The answer to a request of a stub.
        case request
        /// 00 or FF for a header.
        case header
        /// 00 for each 1024 bytes of the image.
        case pieces
        /// ACK or NAK for a block.
        case block
        /// ACK for an EOT.
        case end
        /// `C` after the answer to a write by XMODEM: the stub erases first (ECR6600 facts §10).
        case ready
    }

    var what: What
    /// What was asked.
    var event: SessionEvent
    /// When its last stop bit was on the wire.
    var end: Int64
    /// When the host received the first byte since then; nil while there is none.
    var firstChipByte: Int64?

    /// Whether a message of the chip answers it.
    func isAnswered(by kind: SessionEvent.Kind) -> Bool {
        switch (what, kind) {
        case (_, .syncAnswer), (.header, .headerAnswer), (_, .xmodemCancel), (_, .xmodemCancelMark): true
        case (.pieces, .pieceAnswer(let number, let total)): number >= total
        case (.block, .xmodemACK), (.block, .xmodemNAK), (.block, .xmodemReady), (.ready, .xmodemReady): true
        case (.end, .xmodemACK), (.end, .xmodemNAK): true
        case (.request, .uploadFrame(_, let done, let total, _)): done >= total
        case (.request, .answer): true
        default: false
        }
    }

    /// What the host waits for with this message; nil for one that nothing answers.
    static func after(_ message: LintedMessage) -> AwaitedAnswer? {
        let what: What
        switch message.event.kind {
        case .request: what = .request
        case .downloadHeader: what = .header
        case .payload(let done, let total) where done >= total: what = .pieces
        case .xmodemBlock: what = .block
        case .xmodemEOT: what = .end
        default: return nil
        }
        return AwaitedAnswer(what: what, event: message.event, end: message.wire.upperBound)
    }
}
