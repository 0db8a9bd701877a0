import Line
import Trace
import Wire

/// Knows what of the host's fell into a reset of the chip's receive FIFO: what it throws away had arrived, and is never
/// answered (ECR6600 facts §1.4, §4, §4.3).
struct FIFOResets: Sendable {
    /// Messages of the host that a chip answers, the last few.
    private var messages: [(range: Range<Int>, name: String)] = []

    private static let mostMessages = 16

    /// Which of the host's bytes an event threw away; nil for one that is no reset. - Parameter hostByteCount: bytes
    /// that the host has sent so far.
    func bytes(thrownAwayBy event: TraceEvent, _ hostByteCount: Int) -> Range<Int>? {
        guard case .lost(.hostToChip, let count, let reason) = event.kind, reason.hasPrefix(ChipReason.fifoReset) else {
            return nil
        }
        return max(0, hostByteCount - max(0, count))..<hostByteCount
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

    /// What there is to say of bytes that were thrown away; nil where nothing that matters was among them.
    func pitfall(of bytes: Range<Int>) -> Pitfall? {
        messages.first { $0.range.overlaps(bytes) }.map { .fellIntoReset($0.name) }
    }
}
