import Line
import Story
import Trace
import Wire

/// What the host was doing at a byte of its stream, in the decoder's words: for the explanation of a divergence.
struct ReplayContext {
    let description: String?

    /// - Parameter offset: of the byte in the host's stream.
    init(_ events: [TraceEvent], upTo offset: Int) {
        var follower = SessionFollower()
        var inside: String?
        var before: String?
        let tell = { (told: SessionFollower.Told) in
            guard case .event(let event, _) = told, event.direction == .hostToChip else { return }
            if event.offset + event.byteCount <= offset {
                before = event.description
            } else if event.offset <= offset, inside == nil {
                inside = "\(event.description), its byte \(offset - event.offset)"
            }
        }
        for event in events {
            guard case .data(let direction, let bytes) = event.kind else { continue }
            follower.data(bytes.span, direction, at: event.time, tell: tell)
        }
        follower.finish(tell: tell)
        description = inside.map { inside in before.map { "\(inside); after: \($0)" } ?? inside }
    }
}
