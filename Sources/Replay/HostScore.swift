import Line
import Trace
import Wire

/// What the host of a recorded session says, hears and sets its port to, in order.
struct HostScore: Sendable {
    enum Part: Sendable {
        /// It sends a message, so long after what came before, in nanoseconds.
        case say(ReplayedMessage, pause: Int64)
        /// It sends a message again and again, from one to the next as long, until it is answered; or as often as it did
        /// where it never was.
        case poll(ReplayedMessage, times: Int, interval: Int64, isAnswered: Bool, pause: Int64)
        /// The chip says something that has a meaning.
        case hear(ReplayedMessage, after: Int64)
        /// It sets its port.
        case setRate(BitRate, pause: Int64)
    }

    private(set) var parts: [Part] = []
    private(set) var isPaced = false
    private(set) var beginning = Instant.zero
    private(set) var end = Instant.zero
    private var before: Instant

    /// A host changes its rate so long after the BAUD command, in nanoseconds, however late the recorder saw it: the chip
    /// answers at the new one 50 ms after it (ECR6600 facts §4.2, §11.2).
    private static let longestBeforeRate: Int64 = 10_000_000
    /// From one sync word to the next where only one is recorded, and from one `C`, in nanoseconds (§11.2).
    private static let usualSyncInterval: Int64 = 50_000_000
    private static let usualReadyInterval: Int64 = 250_000_000

    init(_ recording: Recording) {
        beginning = recording.events.first?.time ?? .zero
        end = recording.events.last?.time ?? .zero
        before = beginning
        var counts = Pair(0)
        var next = 0
        var deferred: [ReplayedMessage] = []
        for event in recording.events {
            switch event.kind {
            case .session(let session): isPaced = session.isPaced
            case .baud(.host, let rate) where rate >= Script.slowestRate:
                let pause = min(Self.longestBeforeRate, Script.pause(from: before, to: event.time))
                parts.append(.setRate(BitRate(baud: Int(rate)), pause: pause))
            case .data(let direction, let bytes):
                counts[direction] += bytes.count
                while next < recording.messages.count,
                    recording.messages[next].endOffset <= counts[recording.messages[next].direction]
                {
                    let message = recording.messages[next]
                    next += 1
                    if message.direction == .chipToHost, isInside(message, recording.messages[next...]) {
                        deferred.append(message)
                    } else {
                        add(message)
                        if message.direction == .hostToChip {
                            deferred.forEach { add($0) }
                            deferred.removeAll()
                        }
                    }
                }
            default: break
            }
        }
    }

    /// Whether it came before the end of what it answers: a loader finds the sync word in a SYN frame (§13.10).
    private func isInside(_ answer: ReplayedMessage, _ later: ArraySlice<ReplayedMessage>) -> Bool {
        guard let host = later.prefix(8).first(where: { $0.direction == .hostToChip }) else { return false }
        return host.offset < answer.otherCount
    }

    private mutating func add(_ message: ReplayedMessage) {
        defer { before = max(before, message.end) }
        if message.direction == .chipToHost {
            switch message.kind {
            // Whether a mask ROM answers pieces nobody knows (§3).
            case .pieceAnswer: return
            default: break
            }
            guard message.hasMeaning else { return }
            parts.append(.hear(message.unit(at: message.offset), after: Script.pause(from: before, to: message.end)))
            return
        }
        let pause = Script.pause(from: before, to: message.start)
        let unit = message.unit(at: message.offset)
        switch message.kind {
        case .syncWord, .xmodemReady: addPoll(unit, message, pause)
        case .cutOff: parts.append(.say(message, pause: pause))
        default: parts.append(.say(unit.kind == .noise ? message : unit, pause: pause))
        }
    }

    private mutating func addPoll(_ unit: ReplayedMessage, _ message: ReplayedMessage, _ pause: Int64) {
        let span = Script.pause(from: message.start, to: message.end)
        let usual = message.kind == .syncWord ? Self.usualSyncInterval : Self.usualReadyInterval
        var interval = message.count > 1 ? span / Int64(message.count - 1) : usual
        var (times, first, pause) = (message.count, unit, pause)
        if case .poll(let before, let already, let every, _, let pauseBefore) = parts.last, before.kind == unit.kind {
            parts.removeLast()
            (times, first, pause) = (already + message.count, before, pauseBefore)
            interval = max(every, interval)
        }
        parts.append(.poll(first, times: times, interval: max(1_000_000, interval), isAnswered: false, pause: pause))
    }

    /// Which polls are answered, once everything is known.
    mutating func markAnswered() {
        for index in parts.indices.dropLast() {
            if case .poll(let message, let times, let interval, _, let pause) = parts[index],
                case .hear = parts[index + 1]
            {
                parts[index] = .poll(message, times: times, interval: interval, isAnswered: true, pause: pause)
            }
        }
    }
}
