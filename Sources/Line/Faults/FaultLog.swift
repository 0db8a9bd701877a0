/// What a fault did to a run.
package enum FaultEffect: Hashable, Sendable {
    /// So many characters never arrive.
    case lost(Int)
    /// So many characters were changed.
    case changed(Int)
    /// Of a run, some were lost and some changed.
    case damaged(lost: Int, changed: Int)
    /// So many characters came that nobody sent.
    case added(Int)
    /// So many characters were held back for a while.
    case delayed(Int)
    /// The chip's clock, and with it so many characters, ran at another rate.
    case detuned(Int)
}

/// A fault did something.
package struct FaultEvent: Hashable, Sendable, CustomStringConvertible {
    /// The fault's name.
    package var fault: String
    package var moment: Instant
    package var direction: LineDirection
    package var effect: FaultEffect

    /// As a trace notes it.
    package var description: String { "\(fault), \(direction.rawValue): \(text)" }

    private var text: String {
        switch effect {
        case .lost(let count): "\(count) lost"
        case .changed(let count): "\(count) changed"
        case .damaged(let lost, let changed): "\(lost) lost, \(changed) changed"
        case .added(let count): "\(count) added"
        case .delayed(let count): "\(count) delayed"
        case .detuned(let count): "\(count) at another rate"
        }
    }
}

/// What the faults did and nobody has heard of; at most so much that a line nobody asks does not fill the memory.
package struct FaultLog: Sendable {
    /// Events that are kept; of more, the newest are not.
    package static let capacity = 4096

    private var events: [FaultEvent] = []
    private var taken = 0
    /// Events that did not fit.
    package private(set) var forgotten = 0

    package init() {}

    mutating func append(_ event: FaultEvent) {
        if taken > 0, taken == events.count {
            events.removeAll(keepingCapacity: true)
            taken = 0
        }
        guard events.count < Self.capacity else { return forgotten += 1 }
        events.append(event)
    }

    mutating func next() -> FaultEvent? {
        guard taken < events.count else { return nil }
        defer { taken += 1 }
        return events[taken]
    }
}
