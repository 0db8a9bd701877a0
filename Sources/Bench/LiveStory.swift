package import Line
import Story
package import Trace

/// Tells a session while it happens: the lines of `show`, as soon as they are known.
package struct LiveStory: TraceSink, Sendable {
    private var follower = SessionFollower()
    private var story: RunningStory
    private let print: @Sendable (String) -> Void
    /// When what is held back is printed, on the wall's clock; nil when nothing is held back.
    private var dueAt: Instant?

    /// A line that is quiet for so long has nothing to add to what is held back.
    private static let quiet = Duration.milliseconds(500)

    /// - Parameters:
    ///   - isColoured: whether lines carry ANSI colours.
    ///   - print: gets the lines; it must not wait.
    package init(isColoured: Bool, print: @escaping @Sendable (String) -> Void) {
        story = RunningStory(isColoured: isColoured, origin: Instant.zero.nanoseconds)
        self.print = print
    }

    package mutating func write(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant) {
        follower.data(run, direction, at: moment) { story.tell($0, print) }
    }

    package mutating func write(_ event: TraceEvent) {
        // Behind a long one there is a short one for each command, which nobody would notice.
        if case .clockAhead(let ahead) = event.kind, ahead < Self.quiet { return }
        follower.other(event) { story.tell($0, print) }
    }

    /// Tells what is held back when the line has been quiet for a while.
    /// - Parameter isBusy: whether something has happened since the last call.
    /// - Returns: when it wants to be called again; nil when there is nothing to print.
    mutating func settle(atWall now: Instant, isBusy: Bool) -> Instant? {
        if isBusy { dueAt = now.advanced(by: Self.quiet) }
        guard let due = dueAt, due <= now else { return dueAt }
        dueAt = nil
        catchUp()
        return nil
    }

    /// Nothing more comes.
    mutating func finish() {
        follower.finish { story.tell($0, print) }
        story.catchUp(print)
    }

    private mutating func catchUp() {
        follower.catchUp { story.tell($0, print) }
        story.catchUp(print)
    }
}
