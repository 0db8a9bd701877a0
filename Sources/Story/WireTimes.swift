import Line
package import Trace
package import Wire

/// When a message was on its wire: a trace has one moment for a run of bytes, that of its last.
///
/// A message takes the time that its bytes need at the sender's rate, as far as its predecessor leaves it. The messages of
/// a direction never overlap.
package struct WireTimes: Sendable {
    private static let bitsPerCharacter: Int64 = 10

    private var rates = Pair(hostToChip: BootProtocol.baud, chipToHost: BootProtocol.baud)
    private var ends = Pair(Int64.min)

    package init() {}

    /// Takes a rate that changes from here on, if the event is one.
    package mutating func note(_ event: TraceEvent) {
        guard case .baud(let end, let rate) = event.kind else { return }
        rates[end == .host ? .hostToChip : .chipToHost] = max(1, Int(rate))
    }

    /// From the first start bit to the last stop bit, in nanoseconds on the clock of the events, which come in their order.
    package mutating func span(of event: SessionEvent) -> Range<Int64> {
        let direction = event.direction
        let onWire = Int64(event.byteCount) * Self.bitsPerCharacter * 1_000_000_000 / Int64(rates[direction])
        let first = max(ends[direction], min(event.start, event.end &- onWire))
        let last = max(first, event.end)
        ends[direction] = last
        return first..<last
    }
}
