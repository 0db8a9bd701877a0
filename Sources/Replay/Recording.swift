import Line
package import Trace
import Wire

/// A trace as a replay reads it: its events, the messages in them, and what had to be assumed.
package struct Recording: Sendable {
    /// With the rates that had to be assumed.
    package private(set) var events: [TraceEvent] = []
    /// Both sides', in the order in which their ends came.
    package private(set) var messages: [ReplayedMessage] = []
    /// What the trace does not say and is taken for granted: whole sentences without their points.
    package private(set) var assumptions: [String] = []
    /// Whether there were more messages than are kept: then only bytes can be matched.
    package private(set) var isTooLong = false
    /// Host bytes that the chip did not get as they were sent, where the trace says so.
    private(set) var spoiled = ByteRanges()
    /// Host bytes that the recording does not have. Zeros stand in their places, and any byte matches them.
    package private(set) var holes = ByteRanges()

    /// Whether characters took their time when it was recorded.
    package var isPaced: Bool {
        for case .session(let session) in events.lazy.map(\.kind) { return session.isPaced }
        return false
    }

    /// Whether something that the host sent is not known.
    package var isIncomplete: Bool { isCutOff || holes.byteCount > 0 }

    /// Messages that are kept: a flash of 16 MB, block by block, has 32,768.
    package static let mostMessages = 500_000

    private var byteCounts = Pair(0)
    /// Whether a message like the one before is counted with it: nothing has happened between.
    private var isOneOfMany = false
    /// What the host sent, in bytes.
    package var hostByteCount: Int { byteCounts.hostToChip }
    /// What the recording does not have.
    private var missing = Pair(0)

    /// Whether it has no byte of either side.
    package var isEmpty: Bool {
        !events.contains { if case .data(_, let bytes) = $0.kind { !bytes.isEmpty } else { false } }
    }

    /// How long after the last byte the adapter was pulled out, where a fault did that at the end.
    package var unplugDelay: Duration? {
        guard let last = events.last(where: { if case .data = $0.kind { true } else { false } }) else { return nil }
        for event in events.reversed() {
            guard case .fault(let words) = event.kind, words.contains(Incident.Effect.unplugs.rawValue) else {
                continue
            }
            return event.time < last.time ? nil : last.time.duration(to: event.time)
        }
        return nil
    }

    /// Whether it ends in the midst of the session: nobody knows what came after it.
    package let isCutOff: Bool

    /// - Parameter isCutOff: whether the file ends in the middle of a record.
    package init(_ trace: some Sequence<TraceEvent>, isCutOff: Bool = false) {
        self.isCutOff = isCutOff
        var reader = MessageReader()
        let trace = Array(trace)
        let hasRates = trace.contains { if case .baud = $0.kind { true } else { false } }
        /// BAUD commands that no recorded rate follows: where in `events` they end, and what they ask for.
        var asked: UInt32?
        for recorded in trace {
            let event = filled(recorded)
            events.append(event)
            switch event.kind {
            case .power, .baud, .data(.chipToHost, _): isOneOfMany = false
            default: break
            }
            switch event.kind {
            case .data(let direction, let bytes):
                let before = messages.count
                reader.take(bytes.span, direction, at: event.time) { keep($0) }
                byteCounts[direction] += bytes.count
                guard !hasRates else { continue }
                for message in messages[min(before, messages.count)...] {
                    switch message.kind {
                    case .request(let request) where request.sumIsRight:
                        if case .baud(let rate) = request.body { asked = rate } else { asked = nil }
                    case .answer(let answer) where answer.command == .baud && answer.status == .success:
                        if let rate = asked { assume(rate, at: event.time) }
                        asked = nil
                    default: break
                    }
                }
            case .power: reader.restart { keep($0) }
            case .difference(let difference): note(difference)
            default: break
            }
        }
        reader.finish { keep($0) }
        noteLosses()
        if !hasRates, !isEmpty {
            assumptions.insert(
                "the trace names no baud rate: the chip begins at 115200 and follows the BAUD commands", at: 0)
        }
        guard !isEmpty else { return }
        let session = trace.lazy.compactMap { if case .session(let session) = $0.kind { session } else { nil } }.first
        if session == nil {
            assumptions.append("the trace does not say whose end of the line it is of: the host's is assumed")
        } else if session?.records == .sent {
            assumptions.append(
                "the trace holds what both sides sent: that all of the chip's bytes came to the host as they were is assumed"
            )
        }
        if isCutOff {
            assumptions.append(
                "the trace ends in the middle of a record: it is played as far as it goes, and what comes after that is "
                    + "taken for right and not answered")
        }
    }

    /// The same with the ends changed over: a player of the chip then plays the host. What else happened is left out.
    package var mirrored: [TraceEvent] {
        events.compactMap { event in
            switch event.kind {
            case .session(var session):
                session.records = .sent
                return TraceEvent(event.time, .session(session))
            case .data(let direction, let bytes): return TraceEvent(event.time, .data(direction.opposite, bytes))
            case .baud(.host, let rate): return TraceEvent(event.time, .baud(.chip, bitsPerSecond: rate))
            default: return nil
            }
        }
    }

    /// Bytes of the host that the recording does not have get their places: a frame is then as long as it was.
    private mutating func filled(_ event: TraceEvent) -> TraceEvent {
        guard case .lost(let direction, let count, let reason) = event.kind, Self.isHole(reason), count > 0 else {
            return event
        }
        missing[direction] = missing[direction].addingReportingOverflow(count).partialValue
        let room = Self.mostMissing - holes.byteCount
        guard direction == .hostToChip, count <= room else { return event }
        holes.add(byteCounts.hostToChip..<(byteCounts.hostToChip + count))
        return TraceEvent(event.time, .data(.hostToChip, [UInt8](repeating: 0, count: count)))
    }

    /// Missing bytes that get their places.
    private static let mostMissing = 1 << 20

    /// A rate that both ends must have had: from before the answer on, which comes at the new one (ECR6600 facts §4.2).
    private mutating func assume(_ rate: UInt32, at moment: Instant) {
        let answer = events.removeLast()
        events.append(TraceEvent(moment, .baud(.host, bitsPerSecond: rate)))
        events.append(answer)
    }

    private mutating func keep(_ message: ReplayedMessage) {
        var message = message
        message.otherCount = byteCounts[message.direction.opposite]
        guard messages.count < Self.mostMessages else {
            isTooLong = true
            return
        }
        defer { isOneOfMany = true }
        if isOneOfMany, let last = messages.last, last.direction == message.direction, last.kind == message.kind,
            message.isRepeatable, last.bytes.count + message.bytes.count < Self.mostRepeated
        {
            messages[messages.count - 1].bytes += message.bytes
            messages[messages.count - 1].count += message.kind == .noise ? 0 : 1
            messages[messages.count - 1].end = message.end
        } else {
            messages.append(message)
        }
    }

    /// Bytes of one repeated message; an hour of sync words has a few times this.
    private static let mostRepeated = 1 << 16

    private mutating func note(_ difference: LineDifference) {
        guard difference.direction == .hostToChip, difference.hostOffset >= 0, difference.hostCount >= 0 else { return }
        let (end, isTooFar) = difference.hostOffset.addingReportingOverflow(max(1, difference.hostCount))
        if !isTooFar { spoiled.add(difference.hostOffset..<end) }
    }

    private mutating func noteLosses() {
        for (side, count) in [("the host", missing.hostToChip), ("the chip", missing.chipToHost)] where count != 0 {
            let any = side == "the host" ? "any bytes are taken in their places" : "they are not played"
            assumptions.append("\(plural(count, "byte")) of \(side) are missing in the recording: \(any)")
        }
    }

    /// Whether bytes are missing because the recorder does not have them. Any other loss happened on the line or in the
    /// chip, and the records hold what was sent (docs/trace-format.md).
    static func isHole(_ reason: String) -> Bool {
        reason.hasPrefix("the recording") || reason.hasPrefix("the capture") || reason.hasSuffix("in the capture")
    }
}

/// Stretches of a stream of bytes.
package struct ByteRanges: Hashable, Sendable {
    /// Ascending, and none touches the next.
    private var ranges: [Range<Int>] = []
    private(set) var byteCount = 0

    package init() {}

    /// Adds a stretch; one that begins before the last is left out: a trace names them in their order.
    mutating func add(_ range: Range<Int>) {
        guard let last = ranges.last else {
            ranges = [range]
            return byteCount = range.count
        }
        guard range.lowerBound >= last.lowerBound, range.upperBound > last.upperBound else { return }
        byteCount += range.upperBound - max(range.lowerBound, last.upperBound)
        if range.lowerBound <= last.upperBound {
            ranges[ranges.count - 1] = last.lowerBound..<range.upperBound
        } else {
            ranges.append(range)
        }
    }

    func contains(_ offset: Int) -> Bool { overlaps(offset..<(offset + 1)) }

    func overlaps(_ range: Range<Int>) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= range.lowerBound { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].overlaps(range)
    }
}
