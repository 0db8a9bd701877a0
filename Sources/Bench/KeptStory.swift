import Line
import Story
import Trace

/// A session that is followed for onlookers: what it tells is kept until they take it. It is bounded, so that one that nobody
/// takes does not fill the memory.
struct KeptStory: TraceSink {
    private var session = FollowedSession()
    private var reads = FlashReads()
    private var content = Content()
    /// Whether anybody takes it.
    var isWanted = false

    struct Content {
        var lines: [StoryLine] = []
        /// What was read of the flash; pieces that follow one another are one.
        var accesses: [FlashAccess] = []
        /// Lines for which there was no room.
        var missing = 0
    }

    private static let capacity = 2048

    mutating func write(_ run: Span<UInt8>, _ direction: Direction, at moment: Instant) {
        session.write(run, direction, at: moment) {
            if let access = reads.note($0), isWanted { content.add(access, capacity: Self.capacity) }
        } tell: {
            if isWanted { content.add($0, capacity: Self.capacity) }
        }
    }

    mutating func write(_ event: TraceEvent) {
        session.write(event) {
            _ = reads.note($0)
        } tell: {
            if isWanted { content.add($0, capacity: Self.capacity) }
        }
    }

    /// See `FollowedSession.settle`.
    mutating func settle(atWall now: Instant, isBusy: Bool) -> Instant? {
        guard isWanted else { return nil }
        return session.settle(atWall: now, isBusy: isBusy) { content.add($0, capacity: Self.capacity) }
    }

    mutating func take() -> Content {
        defer { content = Content() }
        return content
    }
}

extension KeptStory.Content {
    fileprivate mutating func add(_ line: StoryLine, capacity: Int) {
        if lines.count < capacity { lines.append(line) } else { missing += 1 }
    }

    fileprivate mutating func add(_ access: FlashAccess, capacity: Int) {
        if let last = accesses.last, last.kind == access.kind, last.range.upperBound == access.range.lowerBound {
            accesses[accesses.count - 1].range = last.range.lowerBound..<access.range.upperBound
        } else if accesses.count < capacity {
            accesses.append(access)
        }
    }
}
