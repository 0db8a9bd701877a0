package import Line

/// Where a replay left the trace: the first byte that was not as recorded.
package struct Divergence: Hashable, Sendable {
    /// How it left.
    package enum Kind: Hashable, Sendable {
        /// The host sent another byte.
        case mismatch
        /// The host sent nothing although the trace goes on.
        case silence
        /// The host went on after the trace's end.
        case extra
    }

    package var kind: Kind
    /// Offset in everything the host sends, from 0.
    package var hostOffset: Int
    /// Which event of the trace carries the expected byte, from 0; nil after the trace's end.
    package var eventIndex: Int?
    /// When that event was recorded; nil after the trace's end.
    package var recordedTime: Instant?
    /// When the replay came to it, on the replay's clock.
    package var time: Instant
    /// Up to 16 bytes before, which both agree on.
    package var before: [UInt8]
    /// Up to 16 bytes that the trace has here.
    package var expected: [UInt8]
    /// Up to 16 bytes that came instead.
    package var got: [UInt8]

    /// How many bytes of each are kept.
    package static let contextByteCount = 16
}

/// How a replay stands or ended.
package enum ReplayOutcome: Hashable, Sendable {
    /// The trace goes on.
    case running
    /// Everything was as recorded.
    case complete(ReplaySummary)
    /// Not everything was.
    case diverged(Divergence)
}

/// What a replay that went well went through.
package struct ReplaySummary: Hashable, Sendable {
    /// Bytes of the host that matched.
    package var hostByteCount: Int
    /// Bytes that were sent for the chip.
    package var chipByteCount: Int
    /// What the session took when it was recorded.
    package var recordedDuration: Duration
    /// What it took now.
    package var replayedDuration: Duration
}
