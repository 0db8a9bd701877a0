import Line
import Trace
import Wire

/// Knows what of the host's fell into a reset of the chip's receive FIFO: what it throws away had arrived, and is never
/// answered (ECR6600 facts §1.4, §4, §4.3).
struct FIFOResets: Sendable {
    /// Bytes that the host has sent.
    var hostByteCount = 0
    /// Messages of the host that a chip answers, the last few.
    private var messages: [(range: Range<Int>, name: String)] = []
    /// Resets that have not been told, and which of the host's bytes they threw away.
    private var resets: [(stamp: Int64, bytes: Range<Int>)] = []

    /// How the reason of such an item begins, in every trace of ours.
    private static let reason = "receive FIFO reset"
    private static let mostMessages = 16

    mutating func note(_ event: TraceEvent) {
        guard case .lost(.hostToChip, let count, let reason) = event.kind, reason.hasPrefix(Self.reason) else { return }
        let bytes = max(0, hostByteCount - count)..<hostByteCount
        resets.append((event.time.nanoseconds, bytes))
        if resets.count > Self.mostMessages { resets.removeFirst() }
    }

    mutating func note(_ event: SessionEvent) {
        guard event.direction == .hostToChip else { return }
        switch event.kind {
        case .request, .downloadHeader:
            messages.append((event.offset..<(event.offset + event.byteCount), event.description))
            if messages.count > Self.mostMessages { messages.removeFirst() }
        default: break
        }
    }

    /// What a mark about a reset is to say of it; nil for any other mark, and where nothing that matters was lost.
    mutating func pitfall(of mark: Mark) -> Pitfall? {
        guard mark.kind == Mark.lostKind, let index = resets.firstIndex(where: { $0.stamp == mark.stamp }) else {
            return nil
        }
        let bytes = resets.remove(at: index).bytes
        return messages.first { $0.range.overlaps(bytes) }.map { .fellIntoReset($0.name) }
    }
}
