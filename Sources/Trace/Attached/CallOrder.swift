package import Line

/// Puts what several threads and processes did to a port in the order of its times, and what was sent before what
/// answers it.
///
/// A write is stamped when it returned, and its thread may have been kept from returning while another thread read the
/// answer. So what was received while a write was under way stands behind what that write sent.
package struct CallOrder<Call> {
    /// What a call has to do with others.
    package enum Role: Hashable, Sendable {
        /// A write, and when it began.
        case sent(began: Instant)
        case received
        case other
    }

    private struct Entry {
        var time: Instant
        var role: Role
        var call: Call

        func wasUnderWay(at moment: Instant) -> Bool {
            if case .sent(let began) = role { began < moment && moment < time } else { false }
        }
    }

    private var waiting: [Entry] = []

    package init() {}

    package var isEmpty: Bool { waiting.isEmpty }

    /// - Parameter time: when it returned.
    package mutating func add(_ call: Call, _ role: Role, at time: Instant) {
        var entry = Entry(time: time, role: role, call: call)
        var place = place(of: time)
        var underWay: [Entry] = []
        switch role {
        case .sent(let began):
            if let answer = firstReceived(after: began, before: time) {
                entry.time = waiting[answer].time
                place = answer
            }
        case .received:
            underWay = waiting[place...].filter { $0.wasUnderWay(at: time) }
            if !underWay.isEmpty {
                waiting.replaceSubrange(place..., with: waiting[place...].filter { !$0.wasUnderWay(at: time) })
            }
            for index in underWay.indices { underWay[index].time = time }
        case .other: break
        }
        waiting.insert(contentsOf: underWay + [entry], at: place)
    }

    /// Hands over what happened by a moment, in order. What is added later should not have happened before it.
    package mutating func settle(by moment: Instant, _ body: (Call, Instant) -> Void) {
        let count = waiting.firstIndex { $0.time > moment } ?? waiting.count
        for entry in waiting[..<count] { body(entry.call, entry.time) }
        waiting.removeFirst(count)
    }

    /// Of one moment, what was known first comes first.
    private func place(of time: Instant) -> Int {
        waiting.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
    }

    /// From the end on: of what waits, nearly everything is older.
    private func firstReceived(after began: Instant, before end: Instant) -> Int? {
        var first: Int?
        for index in waiting.indices.reversed() {
            guard waiting[index].time > began else { break }
            if waiting[index].role == .received, waiting[index].time < end { first = index }
        }
        return first
    }
}
