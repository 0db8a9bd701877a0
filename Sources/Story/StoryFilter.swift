import Wire

/// Which of a session's events and marks are told.
package struct StoryFilter: Hashable, Sendable {
    /// Nanoseconds since the first event; nil for no bound.
    package var from: Int64?
    package var to: Int64?
    /// Names of kinds; empty for all.
    package var kinds: Set<String> = []
    /// What the line's text must have in it, in capitals or not; empty for anything.
    package var text = ""
    private var origin: Int64?

    package init() {}

    /// Every name that `kinds` may have.
    package static let allKinds = SessionEvent.Kind.names + Mark.kinds

    /// When the first event was; nil before it.
    package var start: Int64? { origin }

    /// Whether it is told. It must be asked for everything, in order.
    package mutating func lets(_ told: SessionFollower.Told) -> Bool {
        let stamp = told.stamp
        let kind =
            switch told {
            case .event(let event, _): event.kind.name
            case .mark(let mark): mark.kind
            }
        let start = origin ?? stamp
        origin = start
        let (time, overflow) = stamp.subtractingReportingOverflow(start)
        if let from, overflow || time < from { return false }
        if let to, overflow || time > to { return false }
        guard kinds.isEmpty || kinds.contains(kind) else { return false }
        return text.isEmpty || words(told).lowercased().contains(text.lowercased())
    }

    private func words(_ told: SessionFollower.Told) -> String {
        switch told {
        case .event(let event, _):
            [event.description, event.pitfall?.description].compactMap { $0 }.joined(separator: "\n")
        case .mark(let mark): "\(mark.kind) \(mark.text)"
        }
    }
}
