import Line
package import Wire

/// How far transfers come in a session: bytes that the other side has taken, or that count without that. Bytes that only
/// cross the line, such as sync words that nobody answers or a block sent again and again, are no progress.
package struct TransferProgress: Sendable {
    /// Of a block or a frame that nobody has answered yet.
    private var unanswered: (direction: Direction, byteCount: Int)?

    package init() {}

    /// - Returns: how many bytes have got across with this event.
    package mutating func note(_ event: SessionEvent) -> Int {
        switch event.kind {
        // A loader takes no more than the header has announced; answers to its pieces may be told before the piece.
        case .payload:
            return event.byteCount
        case .xmodemBlock(let block) where !block.isRepeated:
            unanswered = (event.direction, block.dataByteCount)
        case .xmodemACK:
            return answered(event.direction)
        case .request(let request):
            if case .data(let count, let isAgain) = request.body, !isAgain { unanswered = (event.direction, count) }
        case .answer(let answer) where answer.status == .success && Self.takesData.contains(answer.command):
            return answered(event.direction)
        case .uploadFrame(let count, _, _, let sum) where sum != .wrong:
            return count
        default: break
        }
        return 0
    }

    /// Commands whose data frames are answered one by one (ECR6600 facts §4.3).
    private static let takesData: [StubCommand] = [.ramDownload, .flashDownload]

    private mutating func answered(_ direction: Direction) -> Int {
        guard let data = unanswered, data.direction != direction else { return 0 }
        unanswered = nil
        return data.byteCount
    }
}
