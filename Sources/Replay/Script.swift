import Line
import Trace
import Wire

/// A trace taken apart into what the host must send and what the chip then does.
struct Script {
    /// Everything the host sends, in order.
    private(set) var hostBytes: [UInt8] = []
    /// Everything the chip does, in order.
    private(set) var steps: [Step] = []
    /// Where runs of the host begin in `hostBytes`, and of which events they are; ascending.
    private var hostRuns: [HostRun] = []
    /// The time of the trace's last event that matters here.
    private(set) var end: Instant = .zero
    /// The time of its first event.
    private(set) var beginning: Instant = .zero
    /// Whether the chip's characters took their time when it was recorded: a run then began so much before its last
    /// character was seen.
    private(set) var isPaced = false

    /// Something the chip does once enough of the host's bytes have arrived.
    struct Step {
        /// Its delay counts from the last of these, or from the trace's beginning.
        var reply: Speech.Reply
        /// How many of the host's bytes come before it in the trace.
        var hostByteCount: Int
    }

    /// Bits per second below which a baud event is taken for damage: no chip and no adapter here can do less.
    static let slowestRate: UInt32 = 300
    /// The longest pause that is replayed, in nanoseconds: a day.
    static let longestPause: Int64 = 86_400_000_000_000

    /// Whether there is anything to play or to wait for.
    var isEmpty: Bool {
        hostBytes.isEmpty && !steps.contains { if case .send = $0.reply.action { true } else { false } }
    }

    /// From one moment of a trace to a later one, in nanoseconds; never below 0 or above `longestPause`, whatever
    /// times the trace claims.
    static func pause(from start: Instant, to end: Instant) -> Int64 {
        let (pause, overflow) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
        if overflow { return end > start ? longestPause : 0 }
        return min(longestPause, max(0, pause))
    }

    private struct HostRun {
        var offset: Int
        var eventIndex: Int
        var time: Instant
    }

    init(_ events: some Sequence<TraceEvent>) {
        let events = Array(events)
        let ownBaud = Self.followsChip(events)
        beginning = events.first?.time ?? .zero
        var anchor = beginning
        for (index, event) in events.enumerated() {
            switch event.kind {
            case .session(let session):
                isPaced = session.isPaced
                continue
            case .data(.hostToChip, let bytes) where !bytes.isEmpty:
                hostRuns.append(HostRun(offset: hostBytes.count, eventIndex: index, time: event.time))
                hostBytes += bytes
                anchor = event.time
            case .data(.chipToHost, let bytes) where !bytes.isEmpty:
                add(.send(bytes), after: anchor, at: event.time)
            case .baud(let end, let rate) where (end == .chip) == ownBaud && rate >= Self.slowestRate:
                add(.sampleAt(BitRate(baud: Int(rate))), after: anchor, at: event.time)
            default: continue
            }
            end = event.time
        }
    }

    /// Whose rate the chip of the replay has. What the host sent and received needs the rate that the host had, whatever
    /// rate the chip had then: what that made of the bytes is in them. Of what was sent at either end the chip's own rate is
    /// believed; without any, the chip is taken to follow the host.
    static func followsChip(_ events: [TraceEvent]) -> Bool {
        for case .session(let session) in events.map(\.kind) where session.records == .hostEnd { return false }
        return events.contains { if case .baud(.chip, _) = $0.kind { true } else { false } }
    }

    /// The event that carries the host's byte at `offset`, and its time; nil at the end of the stream.
    func origin(ofHostByte offset: Int) -> (eventIndex: Int, time: Instant)? {
        guard offset < hostBytes.count else { return nil }
        var (low, high) = (0, hostRuns.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if hostRuns[middle].offset <= offset { low = middle } else { high = middle }
        }
        return (hostRuns[low].eventIndex, hostRuns[low].time)
    }

    private mutating func add(_ action: Speech.Reply.Action, after anchor: Instant, at time: Instant) {
        // The other side may change over faster than it did: this one is to be ready then.
        let delay = if case .sampleAt = action { Int64(0) } else { Self.pause(from: anchor, to: time) }
        steps.append(Step(reply: Speech.Reply(action: action, delay: delay), hostByteCount: hostBytes.count))
    }
}

extension SessionDescription {
    /// Whether characters took their time on the line.
    var isPaced: Bool {
        switch clock {
        case .virtual: true
        case .line: self["time"]?.hasPrefix("wire") == true
        // When the bytes were read or carried, and not when they crossed.
        case .host, .usb: false
        }
    }
}
