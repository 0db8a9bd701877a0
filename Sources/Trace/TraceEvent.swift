package import Line

/// Something that happened on a line, and when.
package struct TraceEvent: Hashable, Sendable {
    /// On the clock that the session names; data is stamped when its last character was seen.
    package var time: Instant
    /// What happened.
    package var kind: Kind

    package init(_ time: Instant, _ kind: Kind) {
        self.time = time
        self.kind = kind
    }

    /// What can happen on a line.
    package enum Kind: Hashable, Sendable {
        /// What the recording is of; the first event of every trace that Solderless writes.
        case session(SessionDescription)
        /// Bytes at the host's end of the line: what it sent, and what it received. (In a trace of format 1.0 what was sent
        /// at either end.)
        case data(Direction, [UInt8])
        /// One end now runs at this rate.
        case baud(LineEnd, bitsPerSecond: UInt32)
        /// One end now frames characters so (since format 1.2).
        case frameFormat(LineEnd, FrameFormat)
        /// Characters of this direction were received with an error, or not at all (since format 1.2).
        case receiveError(Direction, ReceiveError, count: Int)
        /// The host opened its port.
        case portOpened
        /// The host closed its port.
        case portClosed
        /// The host threw away what lay in its port's queues (`tcflush`).
        case flushed(Queues)
        /// The host's port now asserts these lines.
        case controlLines(ControlLines)
        /// The host's port sent a break.
        case breakSent
        /// The chip's supply was switched.
        case power(on: Bool)
        /// This program now runs on the chip.
        case loader(String)
        /// Up to this moment the line's clock went ahead of the wall's, by so much: what happened in that time was lived
        /// through at once (since format 1.1).
        case clockAhead(Duration)
        /// The chip's end of the line has other bytes than the host's (since format 1.1).
        case difference(LineDifference)
        /// Bytes that were sent and never arrived: a FIFO overran, the chip had no power, the capture had a hole.
        case lost(Direction, count: Int, reason: String)
        /// Bytes that arrived as others, because the two ends did not run at one rate (bits per second).
        case garbled(Direction, count: Int, sentAt: UInt32, receivedAt: UInt32)
        /// A fault was injected, in words.
        case fault(String)
        /// A remark.
        case note(String)
    }
}
