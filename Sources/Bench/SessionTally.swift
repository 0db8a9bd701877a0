package import Line
import Story
package import Trace
package import Wire

/// What crossed a line, in numbers, and what each side said last.
package struct SessionTally: TraceSink, Sendable {
    private var follower = SessionFollower()
    /// Bytes at the host's end of the line.
    package private(set) var hostByteCount = 0
    package private(set) var chipByteCount = 0
    /// The last message of the host, and what the chip said behind it; nil where there was none.
    package private(set) var request: SessionEvent?
    package private(set) var answer: SessionEvent?

    package init() {}

    package mutating func write(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant) {
        if direction == .hostToChip { hostByteCount += run.count } else { chipByteCount += run.count }
        var news: [SessionEvent] = []
        follower.data(run, direction, at: moment) { if case .event(let event, _) = $0 { news.append(event) } }
        note(news)
    }

    package mutating func write(_ event: TraceEvent) {
        var news: [SessionEvent] = []
        follower.other(event) { if case .event(let event, _) = $0 { news.append(event) } }
        note(news)
    }

    /// Nothing more comes: what is held back is known now.
    mutating func finish() {
        var news: [SessionEvent] = []
        follower.finish { if case .event(let event, _) = $0 { news.append(event) } }
        note(news)
    }

    private mutating func note(_ news: [SessionEvent]) {
        for event in news {
            if event.direction == .hostToChip {
                request = event
                answer = nil
            } else {
                answer = event
            }
        }
    }
}

extension SessionTally {
    /// The last exchange in words.
    package var lastExchange: String {
        guard let request else {
            return answer.map { "the host sent nothing; ← chip \(Self.words($0))" } ?? "nothing crossed the line"
        }
        return "→ chip \(Self.words(request)), " + (answer.map { "← chip \(Self.words($0))" } ?? "no answer")
    }

    private static func words(_ event: SessionEvent) -> String {
        "\(event.description) (\(Instant(nanoseconds: event.end)))"
    }
}
