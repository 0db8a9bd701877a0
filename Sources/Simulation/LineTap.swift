import Digests
package import Emulator
package import Line
package import Trace

/// Listens at a virtual line: makes a digest of all that crosses it, and keeps it as the events of a trace on request.
package struct LineTap: LineListener, Sendable {
    private var sum = SHA256()
    private var recorder: LineRecorder<TraceEvents>?
    /// SHA-256 of all that crossed, with its times, and of what came of it; empty before `finish`.
    package private(set) var digest = ""

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
        add(direction == .hostToChip ? 0 : 1)
        add(timing.start.nanoseconds)
        add(timing.spacing)
        add(Int64(run.count))
        sum.update(run)
        recorder?.sent(run, timing, direction)
    }

    package mutating func spoiled(_ run: Span<UInt8>, to left: Span<UInt8>, _ direction: Direction) {
        guard !run.isEqual(to: left) else { return }
        add(direction == .hostToChip ? 4 : 5)
        add(Int64(left.count))
        sum.update(left)
    }

    package mutating func missampled(
        _ run: Span<UInt8>, as arrived: Span<UInt8>, at moment: Instant, _ direction: Direction
    ) {
        add(direction == .hostToChip ? 2 : 3)
        add(Int64(arrived.count))
        sum.update(arrived)
    }

    package mutating func received(_ run: Span<UInt8>, _ timing: RunTiming) {
        recorder?.received(run, timing)
    }

    package mutating func happened(_ event: LineEvent) {
        recorder?.happened(event)
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

    private mutating func add(_ number: Int64) {
        let bytes: InlineArray<8, UInt8> = InlineArray { UInt8(truncatingIfNeeded: number >> Int64(8 * $0)) }
        sum.update(bytes.span)
    }
}

extension Span<UInt8> {
    /// Whether the other has the same bytes.
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        withUnsafeBufferPointer { these in other.withUnsafeBufferPointer { those in these.elementsEqual(those) } }
    }
}
