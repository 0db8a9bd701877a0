package import Wire

/// Folds what is said over and over into one line: "80 × NAK". What happens between two of them unfolds it.
package struct RepeatFold: Sendable {
    /// A row of events that are alike.
    private var first: SessionEvent?
    private var last: SessionEvent?
    private var count = 0

    /// So few are told as they are.
    private static let fewest = 3

    package init() {}

    /// What to tell.
    package enum Line: Sendable {
        case told(SessionFollower.Told)
        /// The last of so many like it, one after the other.
        case repeated(SessionEvent, count: Int)
    }

    /// - Returns: what to tell by now; the row that is under way waits for its end.
    package mutating func take(_ told: SessionFollower.Told) -> [Line] {
        guard case .event(let event, _) = told, event.pitfall == nil else { return finish() + [.told(told)] }
        if let last, last.direction == event.direction, last.kind == event.kind, last.byteCount == event.byteCount {
            count += 1
            self.last = event
            return []
        }
        let before = finish()
        (first, last, count) = (event, event, 1)
        return before
    }

    /// Nothing more comes, or not soon. - Returns: what waits.
    package mutating func finish() -> [Line] {
        defer { (first, last, count) = (nil, nil, 0) }
        guard let first, let last else { return [] }
        if count >= Self.fewest { return [.repeated(last, count: count)] }
        return ([first] + (count == 2 ? [last] : [])).map { .told(.event($0, bytes: [])) }
    }
}
