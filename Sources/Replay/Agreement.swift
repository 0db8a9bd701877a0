import Line
import Wire

/// What of a chip's answers a recorded host has to have again.
extension ReplayedMessage {
    /// Whether it answers as the recorded one did.
    func agrees(with recorded: ReplayedMessage, as match: HostPlayer.Match) -> Bool {
        switch (recorded.kind, kind) {
        case (.answer(let one), .answer(let other)):
            guard one.command == other.command, one.status == other.status,
                (one.sum == .wrong) == (other.sum == .wrong)
            else { return false }
            return match == .effect && one.command != .sha256 ? true : one.data == other.data
        case (.uploadFrame(let one, _, _, let sum), .uploadFrame(let other, _, _, let otherSum)):
            return one == other && (sum == .wrong) == (otherSum == .wrong)
                && (match == .effect || recorded.bytes[4..<(4 + one)] == bytes[4..<(4 + one)])
        case (.xmodemBlock(let one), .xmodemBlock(let other)):
            guard one.number == other.number, one.dataByteCount == other.dataByteCount, other.isIntact else {
                return false
            }
            let data = 3..<(3 + one.dataByteCount)
            return match == .effect || recorded.bytes[data] == bytes[data]
        default: return recorded.kind == kind
        }
    }

    /// Whether it is a message of the host again; a data frame says of itself that it is (ECR6600 facts §4.3).
    func repeats(_ message: ReplayedMessage) -> Bool { bytes == message.bytes || data?.isAgain == true }

    /// Whether a chip says it while it waits, or once more than it is listened to.
    var isIdle: Bool {
        switch kind {
        case .syncAnswer, .xmodemReady, .headerAnswer: true
        default: false
        }
    }

    /// Whether it says that something did not arrive as it was sent.
    var isRefusal: Bool {
        switch kind {
        case .xmodemNAK: true
        case .answer(let answer): answer.status == .checksum
        default: false
        }
    }
}
