import Digests
package import Emulator
package import Line
package import Trace
import Wire

/// Listens at a virtual line: makes a digest of all that crosses it, and keeps it as the events of a trace on request.
///
/// As on a bench, a trace holds what was sent; what of it did not arrive, or as something else, stands beside it.
package struct LineTap: Sendable {
    private var sum = SHA256()
    private let keepsEvents: Bool
    /// Everything but what the host sent.
    private var kept: [TraceEvent] = []
    private var hostRuns = RunQueue()
    /// What the line's faults did, if events are kept.
    private(set) var edits = LineEdits()
    /// SHA-256 of all that crossed, with its times, and of what came of it; empty before `finish`.
    package private(set) var digest = ""

    /// - Parameter keepsEvents: whether `events` will be asked for.
    package init(keepsEvents: Bool = false) {
        self.keepsEvents = keepsEvents
    }

    /// Everything that happened, in the order of its time. As on a bench, what happens while a run of the host crosses
    /// stands between the characters that had crossed by then and the rest.
    package var events: [TraceEvent] {
        var events: [TraceEvent] = []
        var crossing = hostRuns
        // Stable, so that what happens at one moment stays in its order.
        for index in kept.indices.sorted(by: { (kept[$0].time, $0) < (kept[$1].time, $1) }) {
            Self.move(from: &crossing, by: kept[index].time, to: &events)
            events.append(kept[index])
        }
        Self.move(from: &crossing, by: Instant(nanoseconds: .max), to: &events)
        return events
    }

    private static func move(from crossing: inout RunQueue, by moment: Instant, to events: inout [TraceEvent]) {
        while let (count, timing) = crossing.first {
            let crossed = timing.arrived(by: moment, of: count)
            guard crossed > 0 else { return }
            var run: [UInt8] = []
            crossing.take(crossed, into: &run)
            events.append(TraceEvent(timing.end(of: crossed), .data(.hostToChip, run)))
        }
    }

    /// A run is put on a wire.
    package mutating func sent(_ run: [UInt8], _ timing: RunTiming, _ direction: LineDirection) {
        add(direction == .hostToChip ? 0 : 1)
        add(timing.start.nanoseconds)
        add(timing.spacing)
        add(Int64(run.count))
        sum.update(run.span)
        guard keepsEvents else { return }
        switch direction {
        case .hostToChip: hostRuns.append(run.span, timing: timing)
        case .chipToHost: kept.append(TraceEvent(timing.end(of: run.count), .data(.chipToHost, run)))
        }
    }

    /// The line's faults have changed a run; what they did is noted by itself.
    package mutating func spoiled(_ sent: [UInt8], to left: [UInt8], _ direction: LineDirection) {
        if keepsEvents { edits.add(sent, left: left, direction) }
        guard sent != left else { return }
        add(direction == .hostToChip ? 4 : 5)
        add(Int64(left.count))
        sum.update(left.span)
    }

    /// A receiver has sampled a run. - Parameters:
    ///   - sent: what was on the wire.
    ///   - arrived: what it made of that.
    ///   - rates: the sender's, and the receiver's.
    package mutating func sampled(
        _ sent: [UInt8], as arrived: [UInt8], rates: (sent: BitRate, received: BitRate), at moment: Instant,
        _ direction: LineDirection
    ) {
        guard sent != arrived else { return }
        add(direction == .hostToChip ? 2 : 3)
        add(Int64(arrived.count))
        sum.update(arrived.span)
        guard keepsEvents else { return }
        kept.append(
            TraceEvent(
                moment,
                .garbled(
                    direction.traced, count: sent.count, sentAt: UInt32(clamping: rates.sent.baud),
                    receivedAt: UInt32(clamping: rates.received.baud))))
    }

    /// A fault did something.
    package mutating func note(_ event: FaultEvent) {
        add(event.moment.nanoseconds)
        sum.update(Array(event.description.utf8).span)
        if keepsEvents { kept.append(TraceEvent(event.moment, .fault(event.description))) }
    }

    /// Something happened in the chip.
    package mutating func note(_ event: ChipEvent) {
        if keepsEvents { kept.append(TraceEvent(event.time, event.traceKind)) }
    }

    /// Nothing more comes. - Parameters:
    ///   - ending: how it ended, in a word.
    ///   - flash: what is in the flash then.
    package mutating func finish(_ ending: String, flash: [UInt8]) {
        sum.update(Array(ending.utf8).span)
        sum.update(flash.span)
        digest = TrialResult.hexadecimal(sum.digest())
    }

    private mutating func add(_ number: Int64) {
        var bytes: [UInt8] = []
        for shift in stride(from: Int64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        sum.update(bytes.span)
    }
}
