import Digests
package import Check
package import Emulator
package import Line
package import Trace

/// Listens at a virtual line: makes a digest of what there was at both its ends, and keeps it as the events of a trace on request.
package struct LineTap: LineListener, Sendable {
    private var sum = SHA256()
    private var recorder: LineRecorder<TraceEvents>?
    /// SHA-256 of what the host sent and received, with its times, of what the chip had instead, and of what came of
    /// it; empty before `finish`.
    package private(set) var digest = ""
    /// Hears everything as well; nil for nobody.
    package var watch: BenchWatch?

    /// - Parameter keepsEvents: whether `events` will be asked for.
    package init(keepsEvents: Bool = false) {
        if keepsEvents { recorder = LineRecorder(into: TraceEvents()) }
    }

    /// Everything that happened, in the order of its time, as a trace holds it.
    package var events: [TraceEvent] {
        guard var recorder else { return [] }
        recorder.finish()
        return recorder.sink.events
    }

    package mutating func sent(_ run: Span<UInt8>, _ timing: RunTiming, _ direction: Direction) {
        // What the chip sends counts as it arrives.
        if direction == .hostToChip { add(run, timing, .sent) }
        recorder?.sent(run, timing, direction)
        watch?.sent(run, timing, direction)
    }

    package mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        add(run, timing, .received)
        recorder?.received(run, timing)
        watch?.received(run, timing)
    }

    package mutating func happened(_ event: LineEvent) {
        switch event.kind {
        case .difference(let difference):
            add(
                .difference, Int64(difference.direction.rawValue), Int64(difference.hostOffset),
                Int64(difference.hostCount), Int64(difference.chipCharacters.count))
            sum.update(difference.chipCharacters.span)
        case .incident(let incident):
            add(.incident, event.time.nanoseconds, Int64(incident.direction.rawValue), Int64(incident.offset))
        case .untaken(let direction, let count, _):
            add(.untaken, event.time.nanoseconds, Int64(direction.rawValue), Int64(count))
        default: break
        }
        recorder?.happened(event)
        watch?.happened(event)
    }

    /// Something happened in the chip.
    package mutating func note(_ event: ChipEvent) {
        recorder?.note(TraceEvent(event.time, event.traceKind))
    }

    /// Nothing more comes. - Parameters:
    ///   - ending: how it ended, in a word.
    ///   - flash: what is in the flash then.
    package mutating func finish(_ ending: String, flash: [UInt8]) {
        sum.update(Array(ending.utf8).span)
        sum.update(flash.span)
        digest = TrialResult.hexadecimal(sum.digest())
    }

    // MARK: The digest

    /// What a digest is made of; each begins with its number.
    private enum Item: Int64 {
        case sent, received, difference, incident, untaken
    }

    private mutating func add(_ run: Span<UInt8>, _ timing: RunTiming, _ item: Item) {
        add(item, timing.start.nanoseconds, timing.spacing, Int64(run.count))
        sum.update(run)
    }

    private mutating func add(_ item: Item, _ one: Int64, _ two: Int64, _ three: Int64, _ four: Int64 = 0) {
        let numbers: InlineArray<5, Int64> = [item.rawValue, one, two, three, four]
        let bytes: InlineArray<40, UInt8> = InlineArray {
            UInt8(truncatingIfNeeded: numbers[$0 / 8] >> Int64($0 % 8 * 8))
        }
        sum.update(bytes.span)
    }
}
