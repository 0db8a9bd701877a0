import Line
import Trace

/// What was done to the host's port since its last byte, without what is left to chance.
///
/// A pseudo-terminal does not say when its client sets its rate: it is asked now and then, and before the next byte at
/// the latest. And two flushes with nothing between them are told as one where nobody looked in between. So of what
/// happened between two bytes of the host the rates and formats stand first, and flushes in a row, with nothing
/// received between them, are one. Control lines that were said again and stayed as they were are nothing new.
struct PortActions: Sendable {
    struct Action: Sendable {
        var event: TraceEvent
        /// How many bytes the host had received before it.
        var chipByteCount: Int
    }

    /// What both traces can hold; anything else is passed over.
    var scope = RecordedScope.everything
    private var recent: [Action] = []
    private var lines: ControlLines?

    /// More without a byte of the host is not put in order: a trace may hold nothing else.
    private static let mostRecent = 64

    /// Whether so much has gathered that it has to be settled.
    var isFull: Bool { recent.count >= Self.mostRecent }
    var isEmpty: Bool { recent.isEmpty }

    /// Takes an event; anything else than what is done to a port is passed over.
    mutating func note(_ event: TraceEvent, chipByteCount: Int) {
        guard scope.contains(event.kind) else { return }
        switch event.kind {
        case .baud, .frameFormat, .portOpened, .portClosed, .flushed, .breakSent: break
        case .controlLines(let lines):
            guard lines != self.lines else { return }
            self.lines = lines
        default: return
        }
        recent.append(Action(event: event, chipByteCount: chipByteCount))
    }

    /// All that was noted, in an order that is the same in every recording.
    mutating func settle() -> [TraceEvent] {
        defer { recent.removeAll(keepingCapacity: true) }
        var settled = LineEnd.allCases.flatMap { end in recent.filter { $0.event.kind.setsRate(of: end) } }
        settled += LineEnd.allCases.flatMap { end in recent.filter { $0.event.kind.setsFormat(of: end) } }
        for action in recent where !LineEnd.allCases.contains(where: { action.event.kind.setsUp($0) }) {
            if case .flushed(let more) = action.event.kind, let last = settled.last,
                case .flushed(let queues) = last.event.kind, last.chipByteCount == action.chipByteCount
            {
                settled[settled.count - 1].event.kind = .flushed(queues == more ? queues : .both)
            } else {
                settled.append(action)
            }
        }
        return settled.map(\.event)
    }
}

extension TraceEvent.Kind {
    fileprivate func setsRate(of end: LineEnd) -> Bool {
        if case .baud(end, _) = self { true } else { false }
    }

    fileprivate func setsFormat(of end: LineEnd) -> Bool {
        if case .frameFormat(end, _) = self { true } else { false }
    }

    fileprivate func setsUp(_ end: LineEnd) -> Bool { setsRate(of: end) || setsFormat(of: end) }
}
