/// Something that happened on a line and does not show in its bytes.
///
/// Data goes to listeners as runs (`LineListener`); everything else is one of these, whatever drives the line.
package struct LineEvent: Hashable, Sendable {
    /// On the line's clock.
    package var time: Instant
    package var kind: Kind

    package init(_ time: Instant, _ kind: Kind) {
        self.time = time
        self.kind = kind
    }

    package enum Kind: Hashable, Sendable {
        /// A fault begins to do something.
        case incident(Incident)
        /// The chip's end of the line has something else than the host's.
        case difference(LineDifference)
        /// Characters that arrived at one end of the line and were not taken there.
        case untaken(Direction, count: Int, Untaken)
        /// Up to this moment the line's clock went ahead of the wall's (`LineClock`).
        case clockAhead(Duration)
        /// One end now runs at this rate, in bits per second.
        case baud(LineEnd, Int)
        /// The host opened its port.
        case portOpened
        /// The host closed its port.
        case portClosed
        /// The host threw away what lay in its port's queues.
        case flushed(Queues)
        /// The host's port now asserts these control lines.
        case controlLines(ControlLines)
        /// The host sent a break.
        case breakSent
        /// Something that the person at the bench should know, as a sentence without a full stop.
        case remark(String)
    }

    /// Why characters were not taken.
    package enum Untaken: String, Hashable, Sendable, CaseIterable {
        /// It came to a closed port.
        case portClosed = "the port is closed"
        /// It had been received; so had what follows here.
        case unreadAtClose = "unread when the port was closed"
        case thrownAway = "the host threw it away unread"
        case takenBack = "the host took it back before it had crossed"
        case unread = "the client does not read"
    }
}

/// One thing that one fault did: from the first character it touched to the first that it let pass.
package struct Incident: Hashable, Sendable, CustomStringConvertible {
    /// What the scenario calls the fault.
    package var fault: String
    package var direction: Direction
    package var effect: Effect
    /// Where in its direction it begins, in characters that the sender had sent.
    package var offset: Int

    /// What it does, at its beginning.
    package enum Effect: String, Hashable, Sendable, CaseIterable {
        case loses = "loses characters"
        case changes = "changes characters"
        case adds = "adds characters"
        case delays = "holds characters back"
        case detunes = "runs the chip's clock at another rate"
        case unplugs = "pulls the adapter out"
    }

    /// As a trace and a log say it.
    package var description: String { "\(fault), \(direction.name): \(effect.rawValue) from byte \(offset) on" }
}

/// A place where the chip's end of the line has other characters than the host's.
///
/// With these, the chip's end can be made of the host's, but for what came to a closed port: `hostCount` characters of
/// the host's end, from `hostOffset` on, are `chipCharacters` at the chip's.
package struct LineDifference: Hashable, Sendable {
    package var direction: Direction
    /// In what the host sent or received, from the line's beginning.
    package var hostOffset: Int
    package var hostCount: Int
    package var chipCharacters: [UInt8]
    package var cause: Cause

    package init(
        _ direction: Direction, hostOffset: Int, hostCount: Int, chipCharacters: [UInt8], cause: Cause
    ) {
        self.direction = direction
        self.hostOffset = hostOffset
        self.hostCount = hostCount
        self.chipCharacters = chipCharacters
        self.cause = cause
    }

    /// What is different between `host` at its end, from `offset` on, and `chip` at its own; nil where nothing is. What
    /// both begin and end with is left out.
    init?(_ direction: Direction, hostOffset offset: Int, host: [UInt8], chip: [UInt8], cause: Cause) {
        let head = zip(host, chip).prefix { $0 == $1 }.count
        let tail = zip(host.dropFirst(head).reversed(), chip.dropFirst(head).reversed()).prefix { $0 == $1 }.count
        guard head + tail < max(host.count, chip.count) else { return nil }
        self.init(
            direction, hostOffset: offset + head, hostCount: host.count - head - tail,
            chipCharacters: Array(chip[head..<(chip.count - tail)]), cause: cause)
    }

    package enum Cause: Hashable, Sendable {
        /// A fault of the scenario, by its label.
        case fault(String)
        /// The two ends do not run at one rate, in bits per second.
        case rate(sent: Int, sampled: Int)
        /// The sender's level is none that the input is sure of.
        case level
        /// No ground joins the ends.
        case ground

        /// In words.
        package var description: String {
            switch self {
            case .fault(let label): label
            case .rate(let sent, let sampled): "sent at \(sent), sampled at \(sampled) baud"
            case .level: "a level that the input is not sure of"
            case .ground: "no common ground"
            }
        }
    }
}

/// Hears everything that happens on a line, as it happens; times within one direction do not go back.
package protocol LineListener {
    /// A run is put on a wire by its sender.
    mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction)
    /// The host has been given a run: as it crossed, or in an adapter's packet.
    mutating func received(_ run: Span<UInt8>, _ timing: RunTiming)
    mutating func happened(_ event: LineEvent)
}

/// What a listener has no use for passes it by.
extension LineListener {
    package mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {}
    package mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {}
    package mutating func happened(_ event: LineEvent) {}
}

/// Ignores everything.
package struct SilentListener: LineListener {
    package init() {}
}

/// An optional listener.
extension Optional: LineListener where Wrapped: LineListener {
    package mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        self?.sent(run, timing, direction)
    }
    package mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        self?.received(run, timing)
    }
    package mutating func happened(_ event: LineEvent) {
        self?.happened(event)
    }
}
