package import Line
package import Story
package import Trace
import Wire

/// Tells a session while it happens: the lines of `show`, as soon as they are known.
package struct LiveStory: TraceSink, Sendable {
    private var session = FollowedSession()
    private var lines: EventLines
    private let hidden: Set<String>
    private let print: @Sendable (String, StoryLine) -> Void

    /// - Parameters:
    ///   - isColoured: whether lines carry ANSI colours.
    ///   - width: columns that a line may take before it is wrapped; nil for as many as it needs.
    ///   - hidden: kinds of marks that are not told: what somebody who sits at the port could not know.
    ///   - print: gets the lines, each with what it tells; it must not wait.
    package init(
        isColoured: Bool, width: Int? = nil, hiding hidden: Set<String> = [],
        print: @escaping @Sendable (String, StoryLine) -> Void
    ) {
        self.hidden = hidden
        lines = EventLines(isColoured: isColoured, origin: Instant.zero.nanoseconds, width: width)
        self.print = print
    }

    package mutating func write(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant) {
        session.write(run, direction, at: moment) { if Self.isTold($0, hidden) { print(lines.line($0), $0) } }
    }

    package mutating func write(_ event: TraceEvent) {
        session.write(event) { if Self.isTold($0, hidden) { print(lines.line($0), $0) } }
    }

    /// See `FollowedSession.settle`.
    mutating func settle(atWall now: Instant, isBusy: Bool) -> Instant? {
        session.settle(atWall: now, isBusy: isBusy) { if Self.isTold($0, hidden) { print(lines.line($0), $0) } }
    }

    /// Nothing more comes.
    mutating func finish() {
        session.finish { if Self.isTold($0, hidden) { print(lines.line($0), $0) } }
    }

    private static func isTold(_ line: StoryLine, _ hidden: Set<String>) -> Bool {
        guard case .mark(let mark) = line else { return true }
        return !hidden.contains(mark.kind)
    }
}

/// A session that is followed while it happens, and told line by line.
struct FollowedSession: Sendable {
    private var follower = SessionFollower()
    private var story = RunningStory(origin: Instant.zero.nanoseconds)
    /// When what is held back is told, on the wall's clock; nil when nothing is held back.
    private var dueAt: Instant?

    /// A line that is quiet for so long has nothing to add to what is held back.
    private static let quiet = Duration.milliseconds(500)

    /// - Parameter hear: gets every event, also those of which the story makes one line of many.
    mutating func write(
        _ run: Span<UInt8>, _ direction: Direction, at moment: Instant, hear: (SessionEvent) -> Void = { _ in },
        tell: (StoryLine) -> Void
    ) {
        follower.data(run, direction, at: moment) {
            if case .event(let event, _) = $0 { hear(event) }
            story.tell($0, tell)
        }
    }

    mutating func write(
        _ event: TraceEvent, hear: (SessionEvent) -> Void = { _ in }, tell: (StoryLine) -> Void
    ) {
        // Behind a long one there is a short one for each command, which nobody would notice.
        if case .clockAhead(let ahead) = event.kind, ahead < Self.quiet { return }
        follower.other(event) {
            if case .event(let event, _) = $0 { hear(event) }
            story.tell($0, tell)
        }
    }

    /// Tells what is held back when the line has been quiet for a while.
    /// - Parameter isBusy: whether something has happened since the last call.
    /// - Returns: when it wants to be called again; nil when there is nothing to tell.
    mutating func settle(atWall now: Instant, isBusy: Bool, tell: (StoryLine) -> Void) -> Instant? {
        if isBusy { dueAt = now.advanced(by: Self.quiet) }
        guard let due = dueAt, due <= now else { return dueAt }
        dueAt = nil
        follower.catchUp { story.tell($0, tell) }
        story.catchUp(tell)
        return nil
    }

    mutating func finish(tell: (StoryLine) -> Void) {
        follower.finish { story.tell($0, tell) }
        story.catchUp(tell)
    }
}
