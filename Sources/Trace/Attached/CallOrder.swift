package import Line

/// Puts what several threads and processes did to a port in the order of its times, and what was sent before what answers it.
///
/// A write is stamped when it returned, and its thread may have been kept from returning while another thread read the
/// answer. So what was received while a write was under way stands behind what that write sent.
package struct CallOrder: Sendable {
    private struct Call {
        var event: TraceEvent
        /// When the write began; nil for all but writes.
        var began: Instant?

        var isReceived: Bool { if case .data(.chipToHost, _) = event.kind { true } else { false } }
    }

    private var waiting: [Call] = []

    package init() {}

    package var isEmpty: Bool { waiting.isEmpty }

    /// - Parameter began: when the call began that this came of.
    package mutating func add(_ event: TraceEvent, began: Instant) {
        switch event.kind {
        case .data(.hostToChip, _):
            var sent = Call(event: event, began: began)
            if let answer = firstReceived(after: began, before: event.time) {
                sent.event.time = waiting[answer].event.time
                waiting.insert(sent, at: answer)
            } else {
                place(sent)
            }
        case .data(.chipToHost, _):
            place(Call(event: event), before: event.time)
        default:
            place(Call(event: event))
        }
    }

    /// Hands over what happened by a moment, in order. What is added later should not have happened before it.
    package mutating func settle(by moment: Instant, _ body: (TraceEvent) -> Void) {
        let count = waiting.firstIndex { $0.event.time > moment } ?? waiting.count
        for call in waiting[..<count] { body(call.event) }
        waiting.removeFirst(count)
    }

    /// From the end on: of what waits, nearly everything is older.
    private func firstReceived(after began: Instant, before end: Instant) -> Int? {
        var first: Int?
        for index in waiting.indices.reversed() {
            guard waiting[index].event.time > began else { break }
            if waiting[index].isReceived, waiting[index].event.time < end { first = index }
        }
        return first
    }

    /// Of one moment, what was known first comes first.
    private mutating func place(_ call: Call) {
        let place = waiting.lastIndex { $0.event.time <= call.event.time }.map { $0 + 1 } ?? 0
        waiting.insert(call, at: place)
    }

    /// Places something received at `moment`, and in front of it what writes sent that were under way then.
    private mutating func place(_ call: Call, before moment: Instant) {
        let place = waiting.lastIndex { $0.event.time <= moment }.map { $0 + 1 } ?? 0
        var earlier: [Call] = []
        waiting[place...].indices.forEach { index in
            guard let began = waiting[index].began, began < moment else { return }
            earlier.append(waiting[index])
            earlier[earlier.count - 1].event.time = moment
        }
        if !earlier.isEmpty {
            let rest = waiting[place...].filter { call in call.began.map { $0 >= moment } ?? true }
            waiting.replaceSubrange(place..., with: rest)
        }
        waiting.insert(contentsOf: earlier + [call], at: place)
    }
}
