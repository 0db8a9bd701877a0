package import Line
package import Trace
package import Wire
import Words

/// Follows a trace from its beginning and names what goes by: bytes become events, everything else becomes marks.
package struct SessionFollower: Sendable {
    /// What is told, in the order in which it is known.
    package enum Told: Sendable {
        /// A decoded event, and its bytes if they were asked for.
        case event(SessionEvent, bytes: [UInt8])
        case mark(Mark)

        /// The moment that it is told with, in nanoseconds on the trace's clock: that of data is its end.
        package var stamp: Int64 {
            switch self {
            case .event(let event, _): event.end
            case .mark(let mark): mark.stamp
            }
        }
    }

    private let keepsBytes: Bool
    private let end: LineEnd
    /// Makes the chip's bytes of the host's, where the chip's end is followed.
    private var chipEnd = ChipEnd()
    /// Bytes of each direction that were decoded.
    private var byteCount = Pair(0)
    /// The same before the session that is being followed: differences count from its beginning.
    private var sessionStart = Pair(0)
    /// What is known and not told: bytes that came before it may still become an event.
    private var held: [Held] = []
    private var decoder = SessionDecoder()
    /// Bytes of each direction that no event has claimed yet.
    private var unclaimed = Pair(Queue<UInt8>())
    private var resets = FIFOResets()

    private struct Held: Sendable {
        var stamp: Int64
        var told: Told
        /// Which of the host's bytes it threw away, if it is a mark of a FIFO reset.
        var thrownAway: Range<Int>?
    }

    /// - Parameters:
    ///   - keepsBytes: whether events come with their bytes.
    ///   - end: whose bytes are decoded. It is given the host's bytes and the differences, as a trace has them.
    package init(keepsBytes: Bool = false, end: LineEnd = .host) {
        self.keepsBytes = keepsBytes
        self.end = end
    }

    /// Takes a run of bytes of the host's end.
    package mutating func data(
        _ bytes: Span<UInt8>, _ direction: Direction, at time: Instant, tell: (Told) throws -> Void
    ) rethrows {
        switch end {
        case .host: try decode(bytes, direction, at: time, tell: tell)
        case .chip: try decode(chipEnd.data(bytes, direction).span, direction, at: time, tell: tell)
        }
    }

    private mutating func decode(
        _ bytes: Span<UInt8>, _ direction: Direction, at time: Instant, tell: (Told) throws -> Void
    ) rethrows {
        if keepsBytes { unclaimed[direction].append(contentsOf: bytes) }
        byteCount[direction] += bytes.count
        endNoise(by: time)
        decoder.feed(bytes, direction, stamp: time.nanoseconds)
        try drain(tell)
    }

    /// Takes anything else.
    package mutating func other(_ event: TraceEvent, tell: (Told) throws -> Void) rethrows {
        switch event.kind {
        case .power:
            // A chip that loses or gets its power knows nothing of what came before.
            decoder.restart()
            try drain(tell)
        case .session:
            sessionStart = byteCount
            // Offsets count from the session's beginning.
            chipEnd = ChipEnd()
        case .difference(let difference):
            switch end {
            case .host: note(difference)
            case .chip:
                try decode(chipEnd.note(difference).span, difference.direction, at: event.time, tell: tell)
            }
        default: break
        }
        endNoise(by: event.time)
        while let event = decoder.nextEvent() { take(event) }
        if let mark = Mark(event) {
            hold(.mark(mark), mark.stamp, thrownAway: resets.bytes(thrownAwayBy: event, byteCount.hostToChip))
        }
        try release(tell)
    }

    /// What the host sent may not be what the chip got: it has not taken such a block, whatever the host believes. And what
    /// reads as an answer may be none.
    private mutating func note(_ difference: LineDifference) {
        guard difference.hostCount > 0 else { return }
        let (start, isTooFar) = difference.hostOffset.addingReportingOverflow(sessionStart[difference.direction])
        let (end, isTooLong) = start.addingReportingOverflow(difference.hostCount)
        guard !isTooFar, !isTooLong, start >= 0 else { return }
        switch difference.direction {
        case .hostToChip: decoder.noteSpoiled(start..<end)
        case .chipToHost: decoder.noteUnsent(start..<end)
        }
    }

    /// Tells what is known, even though bytes that came before it may still become an event: nothing more may come.
    package mutating func catchUp(tell: (Told) throws -> Void) rethrows {
        decoder.tellSoFar()
        while let event = decoder.nextEvent() { take(event) }
        try releaseAll(tell)
    }

    /// Tells what is left when the trace is over, such as a frame that was never finished.
    package mutating func finish(tell: (Told) throws -> Void) rethrows {
        decoder.finish()
        try drain(tell)
        try releaseAll(tell)
    }

    private mutating func drain(_ tell: (Told) throws -> Void) rethrows {
        while decoder.hasEvents, let event = decoder.nextEvent() { take(event) }
        try release(tell)
    }

    private mutating func take(_ event: SessionEvent) {
        resets.note(event)
        guard keepsBytes else { return hold(.event(event, bytes: []), event.end) }
        let bytes = Array(unclaimed[event.direction].waiting.prefix(event.byteCount))
        unclaimed[event.direction].drop(bytes.count)
        hold(.event(event, bytes: bytes), event.end)
    }

    /// What comes so much later is not the same noise; in nanoseconds.
    private static let noisePause: Int64 = 100_000_000

    private mutating func endNoise(by time: Instant) {
        let (limit, isTooEarly) = time.nanoseconds.subtractingReportingOverflow(Self.noisePause)
        if !isTooEarly { decoder.tellNoise(before: limit) }
    }

    // MARK: In the order of their times

    /// More is not held, however long an event takes to become one.
    private static let mostHeld = 4096

    private mutating func hold(_ told: Told, _ stamp: Int64, thrownAway: Range<Int>? = nil) {
        let place = held.lastIndex { $0.stamp <= stamp }.map { $0 + 1 } ?? 0
        held.insert(Held(stamp: stamp, told: told, thrownAway: thrownAway), at: place)
    }

    private mutating func release(_ tell: (Told) throws -> Void) rethrows {
        if !decoder.hasUntold { return try releaseAll(tell) }
        if held.count > Self.mostHeld { try catchUp(tell: tell) }
    }

    private mutating func releaseAll(_ tell: (Told) throws -> Void) rethrows {
        for item in held {
            guard let bytes = item.thrownAway, case .mark(var mark) = item.told else {
                try tell(item.told)
                continue
            }
            mark.pitfall = resets.pitfall(of: bytes)
            try tell(.mark(mark))
        }
        held.removeAll(keepingCapacity: true)
    }
}

extension Mark {
    /// The kind of marks about bytes that never arrived.
    static let lostKind = "lost"

    /// Every kind that there is.
    package static let kinds = [
        "trace", "baud", "format", "error", "port", "flush", "lines", "break", "power", "chip", "clock", "differs",
        lostKind, "garbled",
        "fault", "note",
    ]

    /// The mark for an event that is not data; nil for data.
    package init?(_ event: TraceEvent) {
        let (kind, text): (String, String)
        switch event.kind {
        case .data: return nil
        case .session(let session): (kind, text) = ("trace", session.words)
        case .baud(let end, let rate): (kind, text) = ("baud", "\(end.name) at \(rate)")
        case .frameFormat(let end, let format): (kind, text) = ("format", "\(end.name) at \(format)")
        case .receiveError(let direction, let error, let count):
            (kind, text) = (
                "error", "\(direction.name): \(error.name)\(count == 1 ? "" : ", \(count) times")"
            )
        case .portOpened: (kind, text) = ("port", "opened by the host")
        case .portClosed: (kind, text) = ("port", "closed by the host")
        case .flushed(let queues): (kind, text) = ("flush", "the host threw away its \(queues.name)")
        case .controlLines(let lines): (kind, text) = ("lines", lines.words)
        case .breakSent: (kind, text) = ("break", "the host sent one")
        case .power(let isOn): (kind, text) = ("power", isOn ? "on" : "off")
        case .loader(let name): (kind, text) = ("chip", "\(name) runs")
        case .clockAhead(let ahead):
            (kind, text) = (
                "clock",
                "the line went ahead by \(Instant.zero.advanced(by: ahead)) up to here, through what waited to cross"
            )
        case .difference(let difference): (kind, text) = ("differs", difference.words)
        case .lost(let direction, let count, let reason):
            (kind, text) = (Self.lostKind, "\(plural(count, "byte")) \(direction.name): \(reason)")
        case .garbled(let direction, let count, let sent, let received):
            (kind, text) = (
                "garbled", "\(plural(count, "byte")) \(direction.name): sent at \(sent), sampled at \(received) baud"
            )
        case .fault(let words): (kind, text) = ("fault", words)
        case .note(let words): (kind, text) = ("note", words)
        }
        self.init(stamp: event.time.nanoseconds, text: text, kind: kind)
    }
}

extension LineDifference {
    /// What arrived otherwise than it was sent.
    fileprivate var words: String {
        let (sent, arrived) =
            direction == .hostToChip ? (hostCount, chipCharacters.count) : (chipCharacters.count, hostCount)
        let what =
            switch (sent, arrived) {
            case (_, 0): "\(plural(sent, "byte")) lost\(direction == .chipToHost ? ": \(excerpt)" : "")"
            case (0, _): "\(plural(arrived, "byte")) added\(direction == .hostToChip ? ": \(excerpt)" : "")"
            default:
                direction == .hostToChip
                    ? "\(plural(sent, "byte")) arrived as \(excerpt)"
                    : "\(plural(arrived, "byte")) had been sent as \(excerpt)"
            }
        return "\(direction.name), at byte \(hostOffset): \(what) (\(cause.description))"
    }

    private var excerpt: String {
        hexBytes(chipCharacters.prefix(16)) + (chipCharacters.count > 16 ? " … (\(chipCharacters.count))" : "")
    }
}

extension SessionDescription {
    fileprivate var words: String {
        let details = properties.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        let seed = seed.map { ", seed \($0)" } ?? ""
        return "\(program) \(programVersion), \(clock.name) clock\(seed)\(details.isEmpty ? "" : ", ")\(details)"
    }
}

extension ControlLines {
    private static let named: [(lines: ControlLines, name: String)] = [
        (.clearToSend, "CTS"), (.carrierDetect, "DCD"), (.dataSetReady, "DSR"), (.requestToSend, "RTS"),
        (.dataTerminalReady, "DTR"), (.ring, "RING"),
    ]

    /// In the order of their bits, with blanks between them.
    static let allNames = named.map(\.name).joined(separator: " ")

    fileprivate var words: String {
        let asserted = Self.named.filter { contains($0.lines) }.map(\.name)
        return asserted.isEmpty ? "none asserted" : asserted.joined(separator: " ") + " asserted"
    }
}
