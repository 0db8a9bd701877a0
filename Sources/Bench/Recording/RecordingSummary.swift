package import Line

/// How a recording came out.
package struct RecordingSummary: Sendable {
    /// How long it was there.
    package var wallTime: Instant
    /// What crossed the flasher's port.
    package var tally: SessionTally
    /// How often the flasher's port was opened by its first client.
    package var sessionCount: Int
    /// How often the real port went away.
    package var lossCount: Int
    /// Bytes of the flasher that the port was not given: it was away, or the recording ended.
    package var lostByteCount: Int
    /// What each fault has done.
    package var faults: [ControlStatus.FaultCount]
    /// Bytes in the trace.
    package var traceByteCount: Int
    package var ending: TraceEnding

    /// Why nothing more is in the trace.
    package enum TraceEnding: String, Sendable {
        /// The recording ended.
        case complete
        /// It had reached the size that it may have.
        case full
        /// It could not be written any more.
        case failed
    }
}
