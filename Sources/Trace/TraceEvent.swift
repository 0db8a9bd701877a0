package import Line
package import Wire

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
        /// Bytes that crossed the line, in the order in which they did.
        case data(Direction, [UInt8])
        /// One end now runs at this rate.
        case baud(LineEnd, bitsPerSecond: UInt32)
        /// The host opened its port.
        case portOpened
        /// The host closed its port.
        case portClosed
        /// The host threw away what lay in its port's queues (`tcflush`).
        case flushed(Queues)
        /// The host's port now asserts these lines.
        case controlLines(ControlLines)
        /// The chip's supply was switched.
        case power(on: Bool)
        /// This program now runs on the chip.
        case loader(String)
        /// Up to this moment the line's clock went ahead of the wall's, by so much: what happened in that time was lived
        /// through at once (since format 1.1).
        case clockAhead(Duration)
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

/// Which end of a line.
package enum LineEnd: UInt8, Hashable, Sendable, CaseIterable {
    case host
    case chip

    /// As files spell it.
    package var name: String { self == .host ? "host" : "chip" }
}

/// Which queues of a port, numbered as in the trace format: bit 0 input, bit 1 output.
package enum Queues: UInt8, Hashable, Sendable, CaseIterable {
    case input = 1
    case output = 2
    case both = 3

    /// As files spell it.
    package var name: String {
        switch self {
        case .input: "input"
        case .output: "output"
        case .both: "both"
        }
    }
}

/// Control lines of a serial port, 1 = asserted, as RTAC serial numbers them (LINKTYPE_RTAC_SERIAL, trace formats §B.1).
package struct ControlLines: OptionSet, Hashable, Sendable {
    package var rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    package static let clearToSend = ControlLines(rawValue: 0x01)
    package static let carrierDetect = ControlLines(rawValue: 0x02)
    package static let dataSetReady = ControlLines(rawValue: 0x04)
    package static let requestToSend = ControlLines(rawValue: 0x08)
    package static let dataTerminalReady = ControlLines(rawValue: 0x10)
    package static let ring = ControlLines(rawValue: 0x20)
    /// "MBOK", a signal of the RTAC's own mainboard.
    package static let mainboardOK = ControlLines(rawValue: 0x40)
}
