package import Line

/// Where a replay left the trace: the first byte that was not as recorded.
package struct Divergence: Hashable, Sendable {
    /// How it left.
    package enum Kind: String, Hashable, Sendable {
        /// The other side sent something else.
        case mismatch
        /// It sent nothing although the trace goes on.
        case silence
        /// It went on after the trace's end.
        case extra
    }

    package var kind: Kind
    /// Whose bytes are not as recorded: the host's where the chip is played, and the other way round.
    package var direction: Direction = .hostToChip
    /// Offset in everything that this side sends now, from 0.
    package var hostOffset: Int
    /// Offset in everything that it sent when it was recorded, from 0.
    package var recordedOffset: Int
    /// Which event of the trace carries the expected byte, from 0; nil after the trace's end and where nobody knows.
    package var eventIndex: Int?
    /// When that was recorded; nil after the trace's end.
    package var recordedTime: Instant?
    /// When the replay came to it, on the replay's clock.
    package var time: Instant
    /// Up to 16 bytes before, which both agree on; empty where messages were compared.
    package var before: [UInt8]
    /// What the trace has from here on: at least 16 bytes if there are so many.
    package var expected: [UInt8]
    /// What came instead, as far as it had come.
    package var got: [UInt8]

    /// Bytes before the place that are kept.
    package static let contextByteCount = 16
    /// Bytes from it on that are kept: more than a sector in a frame.
    package static let mostByteCount = 4200
}

/// How a replay stands or ended.
package enum ReplayOutcome: Hashable, Sendable {
    /// The trace goes on.
    case running
    /// It was played to its end. What was not as recorded on the way was tolerated (`Replaying.divergences`).
    case complete(ReplaySummary)
    /// The other side has left the trace, and nothing is said any more.
    case diverged(Divergence)
    /// The other side has left the trace, and a chip answers in the player's place.
    case left(Divergence)
}

/// What a replay to the end went through.
package struct ReplaySummary: Hashable, Sendable {
    /// Bytes of the other side.
    package var hostByteCount: Int
    /// Bytes that were played.
    package var chipByteCount: Int
    /// What the session took when it was recorded.
    package var recordedDuration: Duration
    /// What it took now.
    package var replayedDuration: Duration
}

/// A machine that plays one side of a trace.
package protocol Replaying: Machine {
    /// How the replay stands.
    var outcome: ReplayOutcome { get }
    /// What was not as recorded and was tolerated, at most `ToleratedDivergences.mostKept`.
    var tolerated: ToleratedDivergences { get }
    /// Bytes of the other side that have been taken.
    var takenByteCount: Int { get }
    /// The other side has gone for good: what the trace has and has not come is a divergence.
    mutating func otherSideLeft(at moment: Instant)
    /// Bytes that the other side did not wait for when it left, having sent all.
    var unsaidByteCount: Int { get }
}

extension Replaying {
    package var unsaidByteCount: Int { 0 }
}

/// Divergences that a replay has gone on after.
package struct ToleratedDivergences: Hashable, Sendable {
    /// The first of them.
    package private(set) var first: [Divergence] = []
    package private(set) var count = 0

    /// More are counted and not kept.
    package static let mostKept = 20

    package init() {}

    mutating func add(_ divergence: Divergence) {
        count += 1
        if first.count < Self.mostKept { first.append(divergence) }
    }
}
