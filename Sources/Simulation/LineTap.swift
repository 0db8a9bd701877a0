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
    private var kept: [TraceEvent] = []
    /// SHA-256 of all that crossed, with its times; empty before `finish`.
    package private(set) var digest = ""

    /// - Parameter keepsEvents: whether `events` will be asked for.
    package init(keepsEvents: Bool = false) {
        self.keepsEvents = keepsEvents
    }

    /// Everything that happened, in the order of its time.
    package var events: [TraceEvent] {
        // Stable, so that what happens at one moment stays in its order.
        kept.indices.sorted { (kept[$0].time, $0) < (kept[$1].time, $1) }.map { kept[$0] }
    }

    /// A run is put on a wire.
    package mutating func sent(_ run: [UInt8], _ timing: RunTiming, _ direction: LineDirection) {
        add(direction == .hostToChip ? 0 : 1)
        add(timing.start.nanoseconds)
        add(timing.spacing)
        add(Int64(run.count))
        sum.update(run.span)
        if keepsEvents {
            kept.append(TraceEvent(timing.end(of: run.count), .data(direction.traced, run)))
        }
    }

    /// The line's faults have changed a run; what they did is noted by itself.
    package mutating func spoiled(_ sent: [UInt8], to left: [UInt8], _ direction: LineDirection) {
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
        if keepsEvents { kept.append(TraceEvent(event.time, event.traced)) }
    }

    /// Nothing more comes.
    package mutating func finish() {
        digest = sum.digest().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private mutating func add(_ number: Int64) {
        var bytes: [UInt8] = []
        for shift in stride(from: Int64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
        sum.update(bytes.span)
    }
}

extension LineDirection {
    /// As traces have it.
    fileprivate var traced: Direction { self == .hostToChip ? .hostToChip : .chipToHost }
}

extension ChipEvent {
    /// As a trace has it.
    fileprivate var traced: TraceEvent.Kind {
        switch kind {
        case .power(let isOn): .power(on: isOn)
        case .loader(let name): .loader(name)
        case .baud(let baud): .baud(.chip, bitsPerSecond: UInt32(clamping: baud))
        case .overrun(let count): .lost(.hostToChip, count: count, reason: "receive FIFO overrun")
        case .unpowered(let count): .lost(.hostToChip, count: count, reason: "no power")
        case .reset(let isHeld): .note("RESET_B \(isHeld ? "low" : "high")")
        case .heldInReset(let count): .lost(.hostToChip, count: count, reason: "held in reset")
        case .note(let text): .note(text)
        }
    }
}
